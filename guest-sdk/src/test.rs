//! Running a task natively, through the same decoding and encoding as its component.
//!
//! ```
//! use serde_json::json;
//! use stepwell_task::{Context, test};
//!
//! fn double(number: u32, ctx: &Context) -> Result<u32, stepwell_task::Error> {
//!     ctx.info("doubling");
//!     number.checked_mul(2).ok_or_else(|| stepwell_task::Error::new("TooLargeError", "no"))
//! }
//!
//! assert_eq!(test::run(double, json!(21)), Ok(json!(42)));
//! assert_eq!(test::run(double, json!(u32::MAX)).unwrap_err().error, "TooLargeError");
//! assert_eq!(test::run(double, json!("x")).unwrap_err().error, "Runtime.UnmarshalError");
//! ```
//!
//! Functions with and without a context, with and without a result, all run. An error type that is
//! also `Serialize` makes the last two look alike: then name the shape,
//! `test::run::<(_, _, test::Fallible)>(task, input)`.

use std::convert::Infallible;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Context;
pub use crate::error::ErrorOutput;
use crate::error::TaskError;
use crate::handler::serve;

/// Runs `task` on `input` with the context that [`Context::for_test`] gives without more.
///
/// # Errors
/// What the state would see as Error and Cause.
pub fn run<S>(task: impl Handler<S>, input: Value) -> Result<Value, ErrorOutput> {
    run_with(task, input, &Context::for_test().build())
}

/// Runs `task` on `input` with this context.
///
/// # Errors
/// What the state would see as Error and Cause.
pub fn run_with<S>(
    task: impl Handler<S>,
    input: Value,
    context: &Context,
) -> Result<Value, ErrorOutput> {
    let marshal =
        |error: serde_json::Error| ErrorOutput::new(crate::input::MARSHAL_ERROR, error.to_string());
    let input = serde_json::to_vec(&input).map_err(marshal)?;
    let output = task.run(&input, context)?;
    serde_json::from_slice(&output).map_err(marshal)
}

/// A task's function as a test has it: with or without the context, with or without a result. The
/// parameter only keeps the four apart; it is inferred.
pub trait Handler<Shape> {
    /// Runs it through the same decoding and encoding as the component does.
    ///
    /// # Errors
    /// The task's own, or `Runtime.UnmarshalError` and `Runtime.MarshalError`.
    fn run(self, input: &[u8], context: &Context) -> Result<Vec<u8>, ErrorOutput>;
}

/// A return value, kept apart by the shape: a [`Result`], or what is none.
pub trait Outcome<Shape> {
    /// What the task gives.
    type Output: Serialize;
    /// How it fails.
    type Error: TaskError;

    /// It, as a result.
    ///
    /// # Errors
    /// The task's own.
    fn into_result(self) -> Result<Self::Output, Self::Error>;
}

/// The shape of a function that can fail.
#[derive(Debug)]
pub enum Fallible {}

/// The shape of a function that cannot.
#[derive(Debug)]
pub enum Plain {}

impl<T: Serialize, E: TaskError> Outcome<Fallible> for Result<T, E> {
    type Output = T;
    type Error = E;

    fn into_result(self) -> Result<T, E> {
        self
    }
}

impl<T: Serialize> Outcome<Plain> for T {
    type Output = T;
    type Error = Infallible;

    fn into_result(self) -> Result<T, Infallible> {
        Ok(self)
    }
}

impl<F, I, R, S> Handler<(I, R, S)> for F
where
    F: FnOnce(I) -> R,
    I: DeserializeOwned,
    R: Outcome<S>,
{
    fn run(self, input: &[u8], context: &Context) -> Result<Vec<u8>, ErrorOutput> {
        serve(input, context, |input, _| self(input).into_result())
    }
}

impl<F, I, R, S> Handler<(I, &Context, R, S)> for F
where
    F: FnOnce(I, &Context) -> R,
    I: DeserializeOwned,
    R: Outcome<S>,
{
    fn run(self, input: &[u8], context: &Context) -> Result<Vec<u8>, ErrorOutput> {
        serve(input, context, |input, context| {
            self(input, context).into_result()
        })
    }
}
