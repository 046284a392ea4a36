//! Bands of ages and ranges of hours that were joined differently from period to period: as few of them as a chart can show,
//! and each figure still a sum.
//!
//! In one month "6 to 11" stands by itself, in another "0 to 11" does. What is shown is cut where nearly nothing is cut
//! through; what is cut through all the same stands by itself, as a wider range.

/// What of all rows may stand under a wider range: one in so many.
const ONE_IN: i64 = 5;

/// What a wider range is called.
pub const WIDER: &str = "a wider range";

/// A range as bands and hours are written: `6 to 11`, `75+` or `09`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Range<'t> {
    pub low: i64,
    /// None: without an end.
    pub high: Option<i64>,
    /// As they are written.
    low_text: &'t str,
    high_text: &'t str,
}

impl Range<'_> {
    pub fn parse(text: &str) -> Option<Range<'_>> {
        let number = |text: &str| if text.len() <= 9 { text.parse::<u32>().ok().map(i64::from) } else { None };
        if let Some((low_text, high_text)) = text.split_once(" to ") {
            let (low, high) = (number(low_text)?, number(high_text)?);
            return (low <= high).then_some(Range { low, high: Some(high), low_text, high_text });
        }
        match text.strip_suffix('+') {
            Some(low_text) => Some(Range { low: number(low_text)?, high: None, low_text, high_text: "+" }),
            None => {
                let low = number(text)?;
                Some(Range { low, high: Some(low), low_text: text, high_text: text })
            }
        }
    }

    fn is_cut(&self, at: i64) -> bool {
        self.low < at && self.high.is_none_or(|high| at <= high)
    }

    /// The end, for comparing.
    fn end(&self) -> i64 {
        self.high.unwrap_or(i64::MAX)
    }
}

/// What stands for several ranges: from the lowest to the highest.
fn written(ranges: &[&Range<'_>]) -> String {
    let low = ranges.iter().min_by_key(|range| range.low).map_or("", |range| range.low_text);
    let high = ranges.iter().max_by_key(|range| range.end()).map_or("", |range| range.high_text);
    match high {
        "+" => format!("{low}+"),
        _ if low == high => low.to_owned(),
        _ => format!("{low} to {high}"),
    }
}

/// The figures of ranges, in their order, put together where they overlap; last, where there is any, what is wider. `None`
/// where one of the texts is no range.
pub fn joined(values: &[(&str, i64)]) -> Option<Vec<(String, i64)>> {
    let ranges: Vec<(Range<'_>, i64)> =
        values.iter().map(|(text, figure)| Some((Range::parse(text)?, *figure))).collect::<Option<_>>()?;
    let weight = |of: &dyn Fn(&Range<'_>) -> bool| -> i64 {
        let cut = ranges.iter().filter(|(range, _)| of(range));
        cut.fold(0, |sum, (_, figure)| sum.saturating_add((*figure).max(0)))
    };
    let mut lows: Vec<i64> = ranges.iter().map(|(range, _)| range.low).collect();
    lows.sort_unstable();
    lows.dedup();
    let mut candidates: Vec<(i64, i64)> =
        lows.iter().skip(1).map(|&low| (weight(&|range| range.is_cut(low)), low)).collect();
    candidates.sort_unstable();
    let may_be_wider = weight(&|_| true) / ONE_IN;
    let mut cuts: Vec<i64> = Vec::new();
    for (_, at) in candidates {
        cuts.push(at);
        if weight(&|range| cuts.iter().any(|cut| range.is_cut(*cut))) > may_be_wider {
            cuts.pop();
        }
    }
    cuts.sort_unstable();
    let mut cells: Vec<(Vec<&Range<'_>>, i64)> = vec![(Vec::new(), 0); cuts.len() + 1];
    let (mut wider, mut is_any_wider) = (0_i64, false);
    for (range, figure) in &ranges {
        if cuts.iter().any(|cut| range.is_cut(*cut)) {
            wider = wider.saturating_add(*figure);
            is_any_wider = true;
            continue;
        }
        let cell = &mut cells[cuts.iter().filter(|cut| **cut <= range.low).count()];
        cell.0.push(range);
        cell.1 = cell.1.saturating_add(*figure);
    }
    let cells = cells.into_iter().filter(|(ranges, _)| !ranges.is_empty());
    let mut all: Vec<(String, i64)> = cells.map(|(ranges, figure)| (written(&ranges), figure)).collect();
    all.extend(is_any_wider.then(|| (WIDER.to_owned(), wider)));
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined_words(values: &[(&str, i64)]) -> Option<Vec<String>> {
        Some(joined(values)?.into_iter().map(|(text, figure)| format!("{text}: {figure}")).collect())
    }

    #[test]
    fn ranges_that_overlap_are_put_together_and_nothing_is_lost() {
        type Case = (&'static [(&'static str, i64)], &'static [&'static str]);
        let cases: &[Case] = &[
            (
                &[("18 to 24", 5), ("0 to 5", 3), ("75+", 2), ("6 to 11", 4)],
                &["0 to 5: 3", "6 to 11: 4", "18 to 24: 5", "75+: 2"],
            ),
            (&[("0 to 11", 9), ("0 to 5", 3), ("6 to 11", 4), ("12+", 7), ("12 to 17", 1)], &["0 to 11: 16", "12+: 8"]),
            // What few say isn't worth losing what many do.
            (
                &[("0 to 5", 300), ("6 to 17", 400), ("0 to 17", 40)],
                &["0 to 5: 300", "6 to 17: 400", "a wider range: 40"],
            ),
            (&[("09 to 11", 8), ("10", 8), ("12", 2)], &["09 to 11: 16", "12: 2"]),
        ];
        for (values, expected) in cases {
            assert_eq!(joined_words(values).unwrap(), *expected);
            let sum = |figures: &mut dyn Iterator<Item = i64>| figures.sum::<i64>();
            let joined = joined(values).unwrap();
            assert_eq!(
                sum(&mut values.iter().map(|(_, figure)| *figure)),
                sum(&mut joined.iter().map(|(_, figure)| *figure))
            );
        }
        for text in ["Main", "6 to", "11 to 6", "+", "-3", "12345678901", "1 to 2 to 3", ""] {
            assert!(Range::parse(text).is_none(), "{text}");
        }
        assert_eq!(joined(&[("0 to 5", 1), ("adult", 1)]), None);
    }
}
