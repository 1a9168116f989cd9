//! "Did you mean …?": the name that was probably meant, and lists of the names there are.

use crate::limits;

/// The candidate that is nearest to `word`, if it is near enough to have been meant. Of two equally
/// near ones, the first.
pub(crate) fn closest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = word.to_lowercase();
    let length = wanted.chars().count();
    // A third of the letters may be wrong: `Resouce`, `Nxet`, `ErorEquals`.
    let allowed = (length / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.chars().count().abs_diff(length) > allowed || candidate == word {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase());
        if distance <= allowed
            && distance < length
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The names in backticks with commas; of many, the first few and how many more there are.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names = names.into_iter();
    let shown: Vec<String> = names
        .by_ref()
        .take(limits::LISTED_NAMES_MAX)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.count() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_recognised_and_other_words_are_not() {
        let fields = ["Next", "End", "Resource", "ResultPath", "Retry"];
        for (word, meant) in [
            ("Nxet", Some("Next")),
            ("next", Some("Next")),
            ("Resouce", Some("Resource")),
            ("Resultpath", Some("ResultPath")),
            ("RefundAndNotify", None),
            ("X", None),
            ("", None),
        ] {
            assert_eq!(closest(word, fields), meant, "{word}");
        }
    }

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(list(["a", "b"]), "`a`, `b`");
        assert!(list(std::iter::repeat_n("x", 20)).ends_with("`x` and 8 more"));
    }
}
