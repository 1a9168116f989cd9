//! JSONPath, reference paths, intrinsic functions, payload templates and JSONata: the expressions of the
//! Amazon States Language in both of its modes.
//!
//! The one idea: everything is compiled once ([`Path::parse`], [`Template::compile`]) and then evaluated
//! against a [`Scope`] by borrowing; a value is cloned only where it enters a result. Every evaluation is
//! bounded by a [`Budget`], and randomness comes in as an [`Entropy`].
//!
//! This crate does no I/O, reads no clock (but for the last guard of [`mod@jsonata`]) and knows no states, no history and no definitions.
//!
//! Begin reading at [`Template`], then [`Expression`], then [`Path`].

mod budget;
mod charge;
mod cursor;
mod data;
mod entropy;
mod error;
mod expression;
mod intrinsic;
mod java;
pub mod jsonata;
pub mod limits;
pub mod number;
mod path;
mod quote;
mod reference;
mod scope;
mod template;

pub use budget::Budget;
pub use data::Data;
pub use entropy::Entropy;
pub use error::EvalError;
pub use expression::Expression;
pub use intrinsic::Intrinsic;
pub use path::{Path, PathError, Root};
pub use reference::{PutError, ReferencePath};
pub use scope::{Bindings, NoBindings, Scope};
pub use template::{Template, TemplateError};
