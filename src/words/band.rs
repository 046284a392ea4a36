//! What a band of numbers is called where it is published.

/// A band from `low` to `high`, both included; without a `high` it has no end. In words, since a spreadsheet takes `6-11` for
/// a day in June.
pub fn band(low: i32, high: Option<i32>) -> String {
    match high {
        None => format!("{low}+"),
        Some(high) if high == low => low.to_string(),
        Some(high) => format!("{low} to {high}"),
    }
}

/// The lowest and the highest number of each band with these lower edges, which rise.
pub fn bands(edges: &[i32]) -> impl Iterator<Item = (i32, Option<i32>)> {
    let ends = edges.iter().skip(1).map(|next| Some(next - 1)).chain(std::iter::once(None));
    edges.iter().copied().zip(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_band_looks_like_a_date() {
        let named: Vec<String> = bands(&[0, 1, 18, 65]).map(|(low, high)| band(low, high)).collect();
        assert_eq!(named, ["0", "1 to 17", "18 to 64", "65+"]);
        assert_eq!(bands(&[]).count(), 0);
    }
}
