//! Task `echo`: returns its input, read and written as JSON. The least that a real task does.

use serde_json::Value;

#[stepwell_task::task]
fn echo(input: Value) -> Value {
    input
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn the_input_comes_back() {
        let input = json!({"b": [1, 2.5, null], "a": "ä"});
        assert_eq!(test::run(echo, input.clone()), Ok(input));
    }
}
