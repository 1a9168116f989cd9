//! `large_output_string`: returns a string that is over the limit of state data.

use serde_json::Value;

/// 257 KiB; a state may have 256 (262,144 bytes).
const LENGTH_BYTES: usize = 257 * 1024;

#[stepwell_task::task]
fn large_output_string(_event: Value) -> String {
    "a".repeat(LENGTH_BYTES)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn it_is_over_the_limit() {
        let output = test::run(large_output_string, json!({})).unwrap();
        assert_eq!(output.as_str().map(str::len), Some(263_168));
    }
}
