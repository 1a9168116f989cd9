//! JSONata: the expressions `{% … %}` of the Amazon States Language in its JSONata mode (ASL.md §1.5).
//!
//! The one idea: nothing but this module names the evaluator (`jsonata-core`), and nothing of it leaves the
//! module. An expression is compiled once ([`Jsonata::parse`]), is checked for what the service refuses, is
//! made safe ([`mod@harden`]) and is then evaluated against a [`JsonataScope`] as often as it is
//! needed. What merely reads a member of the input or of a variable takes a way of its own
//! ([`mod@direct`]) that copies nothing else and keeps whole numbers exact.
//!
//! An expression is a program, and its author may be anybody. What bounds it is listed in
//! [`crate::limits`] under `JSONATA_`: depth, length of sequences, bytes of text, and, as the last guard, the
//! evaluator's own wall clock. That clock is the only one in this crate. It decides nothing but whether an
//! expression that would stall the host ends with `States.QueryEvaluationError`.
//!
//! Begin reading at [`JsonataTemplate`], then [`Jsonata`], then `evaluate.rs`.

mod compile;
mod convert;
mod direct;
mod evaluate;
mod functions;
mod harden;
mod inspect;
mod message;
mod meter;
mod strings;
mod template;

pub use compile::{Available, Jsonata, JsonataError, JsonataFault, body};
pub use evaluate::{JsonataFailure, JsonataScope};
pub use template::{JsonataTemplate, JsonataTemplateError};
