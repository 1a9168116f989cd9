//! Write a Stepwell task: a function from JSON to JSON that runs as a WebAssembly component.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use stepwell_task::{Context, TaskError, info};
//!
//! #[derive(Deserialize)]
//! struct Order { items: Vec<u32> }
//!
//! #[derive(Serialize)]
//! struct Validated { total: u32 }
//!
//! #[derive(Debug, TaskError)]
//! enum OrderError {
//!     #[task_error(message = "the order has no items")]
//!     InvalidOrderError,
//! }
//!
//! #[stepwell_task::task]
//! fn validate(order: Order, ctx: &Context) -> Result<Validated, OrderError> {
//!     info!("attempt {}", ctx.attempt());
//!     if order.items.is_empty() {
//!         return Err(OrderError::InvalidOrderError);
//!     }
//!     Ok(Validated { total: order.items.iter().sum() })
//! }
//! # fn main() {
//! use serde_json::json;
//! let error = stepwell_task::test::run(validate, json!({"items": []})).unwrap_err();
//! assert_eq!(error.error, "InvalidOrderError"); // what `Catch` matches
//! # }
//! ```
//!
//! The crate is a `cdylib` (the component) and an `rlib` (its tests):
//! `cargo build --target wasm32-wasip2` makes the component, plain `cargo test` runs the function
//! natively. The export exists only in the component. It starts fastest with a small stack, for which
//! a build script of one line is enough: for the `wasm` family, print
//! `cargo::rustc-link-arg-cdylib=-zstack-size=65536`.
//!
//! - an input that does not fit the argument's type fails as `Runtime.UnmarshalError`, with its path
//! - a panic fails as `Runtime.ExitError`, with its message and place in the cause
//! - a file, socket, variable or argument is never there unless the function was granted it
//!
//! The idea: a task knows serde and this crate. Must not: know the host. Begin with [`task`].

mod context;
mod error;
mod handler;
mod input;
pub mod limits;
pub mod log;
#[cfg_attr(
    not(target_family = "wasm"),
    allow(dead_code, reason = "natively, panics are the test's")
)]
mod panics;
mod platform;
#[cfg(not(target_family = "wasm"))]
pub mod test;

pub use context::{Cancelled, Context};
pub use error::{Error, ErrorOutput, Result, TaskError};
pub use input::{MARSHAL_ERROR, UNMARSHAL_ERROR};
#[cfg(not(target_family = "wasm"))]
pub use platform::{LogLine, TestContext};
/// Names and messages in one place:
///
/// ```
/// use stepwell_task::TaskError;
///
/// #[derive(Debug, TaskError)]
/// enum PaymentError {
///     #[task_error(message = "{reason}: card ending in {last4}")]
///     PaymentFailedError { reason: String, last4: String },
///     #[task_error(name = "Payment.GatewayError", message = "the gateway said {0}")]
///     Gateway(u16),
/// }
///
/// let error = PaymentError::Gateway(503);
/// assert_eq!(error.name(), "Payment.GatewayError");
/// assert_eq!(error.cause(), "the gateway said 503");
/// ```
pub use stepwell_task_macros::TaskError;
/// The smallest task:
///
/// ```
/// #[stepwell_task::task]
/// fn double(number: u32) -> Result<u32, stepwell_task::Error> {
///     number.checked_mul(2).ok_or_else(|| stepwell_task::Error::new("TooLargeError", "no"))
/// }
/// # fn main() {}
/// ```
pub use stepwell_task_macros::task;

/// What the macros' output names. Not for people; may change in any release.
#[doc(hidden)]
pub mod __private {
    pub use crate::handler::{Returned, Settle, serve};
    #[cfg(target_family = "wasm")]
    pub use crate::platform::wasm::{Guest, TaskError, bindings, export};
    pub use serde_json;
}
