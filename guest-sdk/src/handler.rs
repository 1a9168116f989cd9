//! From bytes to the task's function and back: the one path that the component's export, the native
//! type check of the macro and [`crate::test::run`] all take.

use std::convert::Infallible;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Context;
use crate::error::{ErrorOutput, TaskError};
use crate::input::{decode, encode};

/// Runs `task` on `input`, both in JSON text. `settle` in the closure that the macro writes has made
/// a result of whatever the function returns.
///
/// # Errors
/// The task's own error, or `Runtime.UnmarshalError` and `Runtime.MarshalError`.
pub fn serve<I, T, E>(
    input: &[u8],
    context: &Context,
    task: impl FnOnce(I, &Context) -> Result<T, E>,
) -> Result<Vec<u8>, ErrorOutput>
where
    I: DeserializeOwned,
    T: Serialize,
    E: TaskError,
{
    match task(decode(input)?, context) {
        Ok(output) => encode(&output),
        Err(error) => Err(ErrorOutput::of(&error)),
    }
}

/// What the function returned. `settle` makes a result of it, by type and not by name, so that an
/// alias of `Result` is one: the method of `Returned<Result<…>>` is found before the trait's.
#[derive(Debug)]
pub struct Returned<R>(pub R);

impl<T, E> Returned<Result<T, E>> {
    /// The result that it is.
    ///
    /// # Errors
    /// The function's own.
    pub fn settle(self) -> Result<T, E> {
        self.0
    }
}

/// For functions that return no result and so cannot fail.
pub trait Settle {
    /// What the function returns.
    type Output;

    /// It, as a result.
    ///
    /// # Errors
    /// Never.
    fn settle(self) -> Result<Self::Output, Infallible>;
}

impl<R> Settle for Returned<R> {
    type Output = R;

    fn settle(self) -> Result<R, Infallible> {
        Ok(self.0)
    }
}
