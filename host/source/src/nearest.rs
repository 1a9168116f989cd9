//! "Did you mean": the known name nearest to a mistyped one.

use crate::limits::WORD_BYTES_MAX;

/// The candidate that `word` is most likely a slip of, if one is near enough: a third of its letters
/// may differ, at least one; case does not count.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > WORD_BYTES_MAX {
        return None;
    }
    let lower = word.to_lowercase();
    let distance_max = (lower.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= WORD_BYTES_MAX)
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, _)| *distance <= distance_max)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_the_name_and_a_stranger_finds_none() {
        let known = ["validate-order", "send-email"];
        assert_eq!(nearest("validate-ordr", known), Some("validate-order"));
        assert_eq!(nearest("Send-Email", known), Some("send-email"));
        assert_eq!(nearest("process-payment", known), None);
        assert_eq!(nearest("", known), None);
        let fields = ["MemorySize", "Timeout", "CodeUri"];
        assert_eq!(nearest("MemroySize", fields), Some("MemorySize"));
        assert_eq!(nearest("timeout", fields), Some("Timeout"));
        assert_eq!(nearest("CodeURL", fields), Some("CodeUri"));
        assert_eq!(nearest("Handler", fields), None);
    }
}
