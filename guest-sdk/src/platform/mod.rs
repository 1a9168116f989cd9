//! What a context stands on: the host's functions in a component, settings of a test natively.

#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(target_family = "wasm")]
pub(crate) mod wasm;

#[cfg(not(target_family = "wasm"))]
pub(crate) use native::{Host, log};
#[cfg(not(target_family = "wasm"))]
pub use native::{LogLine, TestContext};
#[cfg(target_family = "wasm")]
pub(crate) use wasm::{Host, log};
