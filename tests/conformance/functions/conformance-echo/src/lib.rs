//! `echo_function`: says hello, whatever its event is.

use serde_json::{Value, json};

#[stepwell_task::task]
fn echo_function(_event: Value) -> Value {
    json!({ "Return": "HelloWorld" })
}

#[cfg(test)]
mod tests {
    use stepwell_task::test;

    use super::*;

    #[test]
    fn it_says_hello() {
        let hello = json!({ "Return": "HelloWorld" });
        assert_eq!(test::run(echo_function, json!(5)), Ok(hello));
    }
}
