//! Task `flaky`: fails a number of times and then succeeds, so that one can watch Retry.
//!
//! Input: how often to fail, under which name (`FlakyError` when none is given), and what to give
//! at last.
//!
//! ```json
//! { "failures": 2, "error": "Lambda.ServiceException", "output": { "price": 7 } }
//! ```
//!
//! Output: `output` as it came and the number of the attempt that succeeded, from 0.
//!
//! ```json
//! { "attempt": 2, "output": { "price": 7 } }
//! ```

use serde::{Deserialize, Serialize};
use serde_json::Value;
use stepwell_task::{Context, Error};

/// How to fail.
#[derive(Debug, Deserialize)]
pub struct Input {
    #[serde(default)]
    failures: u32,
    error: Option<String>,
    #[serde(default)]
    output: Value,
}

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Output {
    attempt: u32,
    output: Value,
}

#[stepwell_task::task]
fn flaky(input: Input, ctx: &Context) -> Result<Output, Error> {
    let attempt = ctx.attempt();
    if attempt < input.failures {
        let name = input.error.unwrap_or_else(|| "FlakyError".to_owned());
        let cause = format!(
            "attempt {attempt} fails, as do the first {}",
            input.failures
        );
        return Err(Error::new(name, cause));
    }
    Ok(Output {
        attempt,
        output: input.output,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn it_fails_as_often_as_it_is_told() {
        let input = json!({"failures": 2, "error": "Lambda.ServiceException", "output": 7});
        let attempt = |attempt| Context::for_test().attempt(attempt).build();
        let error = test::run_with(flaky, input.clone(), &attempt(1)).unwrap_err();
        assert_eq!(error.error, "Lambda.ServiceException");
        let output = test::run_with(flaky, input, &attempt(2));
        assert_eq!(output, Ok(json!({"attempt": 2, "output": 7})));
    }

    #[test]
    fn without_failures_it_succeeds_at_once() {
        assert_eq!(
            test::run(flaky, json!({})),
            Ok(json!({"attempt": 0, "output": null}))
        );
    }
}
