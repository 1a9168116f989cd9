//! "Did you mean": the known word nearest to a mistyped one.

use strsim::damerau_levenshtein;

use crate::limits::WORD_BYTES_MAX;

/// The candidate that `word` is most likely a typo of, if one is near enough: a third of the word's
/// letters may differ, at least one; case does not count.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if word.len() > WORD_BYTES_MAX {
        return None;
    }
    let lower = word.to_lowercase();
    let distance_max = (lower.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            (
                damerau_levenshtein(&lower, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= distance_max)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_typo_finds_the_word_and_a_stranger_finds_none() {
        let known = ["MemorySize", "Timeout", "CodeUri"];
        assert_eq!(nearest("MemroySize", known), Some("MemorySize"));
        assert_eq!(nearest("timeout", known), Some("Timeout"));
        assert_eq!(nearest("CodeURL", known), Some("CodeUri"));
        assert_eq!(nearest("Handler", known), None);
        assert_eq!(nearest("", known), None);
    }
}
