//! The error of an evaluation: an AWS error name and its cause.

use std::borrow::Cow;

/// Why an expression has no value.
///
/// `cause` is AWS's text without the leading `An error occurred while executing the state …`, which the
/// engine adds because only it knows the state and the event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {cause}")]
pub struct EvalError {
    /// The AWS error name, for example `States.Runtime`.
    pub error: Cow<'static, str>,
    /// What happened, in AWS's words where they are known.
    pub cause: String,
}

impl EvalError {
    /// An error that no `Retry` and no `Catch` takes: `States.Runtime`.
    pub fn runtime(cause: impl Into<String>) -> EvalError {
        EvalError {
            error: Cow::Borrowed("States.Runtime"),
            cause: cause.into(),
        }
    }
}
