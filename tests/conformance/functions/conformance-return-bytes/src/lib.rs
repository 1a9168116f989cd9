//! `return_bytes_str`: returns one string, whatever its event is.

use serde_json::Value;

#[stepwell_task::task]
fn return_bytes_str(_event: Value) -> &'static str {
    "HelloWorld!"
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn a_json_string_comes_back() {
        let output = test::run(return_bytes_str, json!({}));
        assert_eq!(output, Ok(json!("HelloWorld!")));
    }
}
