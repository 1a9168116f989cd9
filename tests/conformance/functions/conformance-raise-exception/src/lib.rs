//! `raise_exception`: fails every time.

use serde_json::Value;
use stepwell_task::Error;

#[stepwell_task::task]
fn raise_exception(_event: Value) -> Result<Value, Error> {
    Err(Error::new("Exception", "Some exception was raised."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn it_fails() {
        let error = test::run(raise_exception, json!({})).unwrap_err();
        assert_eq!(error.error, "Exception");
        assert_eq!(error.cause, "Some exception was raised.");
    }
}
