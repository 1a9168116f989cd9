//! Task `noop`: does nothing with whatever it gets, and gives `null`.

use serde::de::IgnoredAny;

#[stepwell_task::task]
fn noop(_: IgnoredAny) {}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn anything_becomes_null() {
        assert_eq!(test::run(noop, json!({"a": [1]})), Ok(json!(null)));
    }
}
