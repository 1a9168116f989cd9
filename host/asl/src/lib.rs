//! Amazon States Language: definition text (JSON or YAML) to a resolved [`StateMachine`] and every
//! diagnostic with its place in the text.
//!
//! Reading never fails: it gives what it could make of the text and all problems at once. This crate
//! does no I/O and never panics, whatever the text.

pub mod model;

pub use model::*;
