//! How a task fails: a name, which `Catch` and `Retry` match, and a cause, which people read.
//!
//! Two ways. A type of the task's own with [`TaskError`] (derive it) says in the signature what can
//! go wrong; [`Error`] is for the rest and takes any standard error through `?`.

use std::any::type_name;
use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;

use crate::limits::{ERROR_CAUSE_BYTES_MAX, ERROR_NAME_BYTES_MAX};

/// What a task's error must say of itself.
///
/// Derive it for an enum and each variant's name is an error name:
///
/// ```
/// #[derive(Debug, stepwell_task::TaskError)]
/// enum StockError {
///     #[task_error(message = "{sku}: {wanted} wanted, {level} in stock")]
///     OutOfStockError { sku: String, wanted: u32, level: u32 },
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say how a task fails",
    label = "not a task error",
    note = "derive `stepwell_task::TaskError` for it, or return `stepwell_task::Error`, which takes \
            any standard error through `?`"
)]
pub trait TaskError {
    /// The error's name: `ErrorEquals` of `Catch` and `Retry` matches it exactly. At most
    /// [`ERROR_NAME_BYTES_MAX`] bytes; `States.` at its start is the host's own.
    fn name(&self) -> Cow<'_, str>;

    /// What happened, for people. At most [`ERROR_CAUSE_BYTES_MAX`] bytes, the rest is cut.
    fn cause(&self) -> String;
}

impl TaskError for Infallible {
    fn name(&self) -> Cow<'_, str> {
        match *self {}
    }

    fn cause(&self) -> String {
        match *self {}
    }
}

/// An error made on the spot, or any standard error.
///
/// `?` turns every [`std::error::Error`] into one: the name is the name of its type (`ParseIntError`;
/// a type that is just called `Error` gets its crate in front, `serde_json.Error`, or of the standard
/// library its module, `io.Error`), the cause is its
/// message and those of its sources. Like other such types it is therefore no `std::error::Error`
/// itself.
///
/// ```
/// fn parse(text: &str) -> stepwell_task::Result<u32> {
///     if text.is_empty() {
///         return Err(stepwell_task::Error::new("EmptyError", "there is no number"));
///     }
///     Ok(text.parse()?)
/// }
/// assert_eq!(parse("x").unwrap_err().name(), "ParseIntError");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    name: String,
    cause: String,
}

/// [`std::result::Result`] with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of this name and cause.
    pub fn new(name: impl Into<String>, cause: impl Into<String>) -> Error {
        Error {
            name: name.into(),
            cause: cause.into(),
        }
    }

    /// `error` under its own name, where `?` would take the name of its type.
    pub fn from_task_error(error: &impl TaskError) -> Error {
        Error {
            name: error.name().into_owned(),
            cause: error.cause(),
        }
    }

    /// The error's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What happened.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.cause
    }
}

impl TaskError for Error {
    fn name(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.name)
    }

    fn cause(&self) -> String {
        self.cause.clone()
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Error {
        let mut cause = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            cause.push_str(": ");
            cause.push_str(&error.to_string());
            source = error.source();
        }
        Error {
            name: short_type_name(type_name::<E>()),
            cause,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.cause)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `core::num::error::ParseIntError` → `ParseIntError`; `serde_json::error::Error` →
/// `serde_json.Error` and `std::io::error::Error` → `io.Error`, because `Error` alone says nothing to
/// whoever writes the `Catch`.
fn short_type_name(full: &str) -> String {
    let plain = full
        .trim_start_matches('&')
        .split('<')
        .next()
        .unwrap_or(full);
    let last = plain.rsplit("::").next().unwrap_or(plain);
    let mut whose = plain
        .split("::")
        .skip_while(|part| matches!(*part, "std" | "core" | "alloc"));
    match whose.next() {
        Some(first) if last == "Error" && first != last => format!("{first}.{last}"),
        _ => last.to_owned(),
    }
}

/// What leaves the task when it fails: `Error` and `Cause` of the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorOutput {
    /// The error's name, within [`ERROR_NAME_BYTES_MAX`].
    pub error: String,
    /// The cause, within [`ERROR_CAUSE_BYTES_MAX`].
    pub cause: String,
}

impl ErrorOutput {
    pub(crate) fn new(error: impl Into<String>, cause: impl Into<String>) -> ErrorOutput {
        ErrorOutput {
            error: cut(error.into(), ERROR_NAME_BYTES_MAX),
            cause: cut(cause.into(), ERROR_CAUSE_BYTES_MAX),
        }
    }

    pub(crate) fn of(error: &impl TaskError) -> ErrorOutput {
        ErrorOutput::new(error.name(), error.cause())
    }
}

fn cut(mut text: String, bytes_max: usize) -> String {
    text.truncate(text.floor_char_boundary(bytes_max));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(std::num::ParseIntError);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("no quantity")
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn a_standard_error_is_named_by_its_type_and_tells_its_sources() {
        let error = Error::from(Outer("x".parse::<u8>().unwrap_err()));
        assert_eq!(error.name(), "Outer");
        assert_eq!(error.cause(), "no quantity: invalid digit found in string");
    }

    #[test]
    fn a_type_called_error_gets_its_crate_in_front() {
        let error = Error::from(serde_json::from_str::<u8>("x").unwrap_err());
        assert_eq!(error.name(), "serde_json.Error");
        assert_eq!(short_type_name("std::io::error::Error"), "io.Error");
        assert_eq!(short_type_name("a::Wrong<b::Error>"), "Wrong");
        assert_eq!(short_type_name("Error"), "Error");
    }

    #[test]
    fn a_cause_is_cut_at_the_limit_and_not_inside_a_character() {
        let whole = "é".repeat(ERROR_CAUSE_BYTES_MAX / 2);
        assert_eq!(ErrorOutput::new("E", whole.clone()).cause, whole);
        let cause = ErrorOutput::new("E", format!("x{whole}")).cause;
        assert_eq!(cause.len(), ERROR_CAUSE_BYTES_MAX - 1);
    }

    #[test]
    fn a_name_is_cut_at_the_limit() {
        let at = "n".repeat(ERROR_NAME_BYTES_MAX);
        assert_eq!(ErrorOutput::new(at.clone(), "").error, at);
        assert_eq!(ErrorOutput::new(format!("{at}n"), "").error, at);
    }
}
