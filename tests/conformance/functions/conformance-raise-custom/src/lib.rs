//! `raise_custom_exception`: fails every time, with a name of its own and without a word.

use serde_json::Value;
use stepwell_task::Error;

#[stepwell_task::task]
fn raise_custom_exception(_event: Value) -> Result<Value, Error> {
    Err(Error::new("CustomException", ""))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn it_fails() {
        let error = test::run(raise_custom_exception, json!({})).unwrap_err();
        assert_eq!(error.error, "CustomException");
        assert_eq!(error.cause, "");
    }
}
