//! The AWS wire protocols over the runtime: `stepwell serve`'s side of the network.
//!
//! The one idea: a service is a table of [`operation::Operation`]s, each in a file of its own, that turn
//! an input into an answer and know nothing of HTTP; `wire` knows HTTP, signatures and permissions and
//! nothing of what an operation does. This crate must not touch the store or the sandbox.
//!
//! Begin reading at [`operation`], then [`services`]. [`history`], [`names`] and [`places`] make AWS's
//! shapes of the engine's records, and serve the command line too.

pub mod error;
pub mod history;
pub mod input;
pub mod lambda;
pub mod limits;
pub mod logs;
pub mod names;
pub mod operation;
pub mod places;
pub mod services;
pub mod sqs;
pub mod states;
pub mod wire;

#[cfg(test)]
mod test_services;
#[cfg(test)]
use test_services::test_services;
