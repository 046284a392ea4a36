//! Lists that people read: the first of many, and how many more.

/// As many as somebody reads before she counts.
const SHOWN: usize = 20;

/// `a, b, c`; of more than twenty the first ones, and how many there are beside them.
pub fn few<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    let mut names = names.into_iter();
    let shown: Vec<S> = names.by_ref().take(SHOWN).collect();
    let listed = shown.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(", ");
    match names.count() {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::few;

    #[test]
    fn of_many_the_first_are_named_and_the_others_counted() {
        let names = |many: usize| (1..=many).map(|name| name.to_string());
        assert_eq!(few(Vec::<String>::new()), "");
        assert_eq!(few(names(3)), "1, 2, 3");
        assert!(few(names(20)).ends_with("19, 20"));
        assert!(few(names(150_000)).ends_with("19, 20 and 149980 more"));
    }
}
