//! Ages: whole years from a birth date to a day.

use jiff::civil::Date;

/// Completed years at `at`. A 29 February birthday is completed on 1 March in common years. None: born later.
#[inline]
pub fn age_in_years(born: Date, at: Date) -> Option<i32> {
    let had_birthday = (at.month(), at.day()) >= (born.month(), born.day());
    let years = i32::from(at.year()) - i32::from(born.year()) - i32::from(!had_birthday);
    (years >= 0).then_some(years)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_complete_on_the_birthday() {
        let cases = [
            ("2000-06-15", "2018-06-14", Some(17)),
            ("2000-06-15", "2018-06-15", Some(18)),
            ("2004-02-29", "2022-02-28", Some(17)),
            ("2004-02-29", "2022-03-01", Some(18)),
            ("2020-01-02", "2020-01-01", None),
            ("2020-01-01", "2020-01-01", Some(0)),
        ];
        for (born, at, years) in cases {
            assert_eq!(age_in_years(born.parse().unwrap(), at.parse().unwrap()), years, "{born} at {at}");
        }
    }
}
