//! Amazon States Language: definition text (JSON or YAML) to a resolved [`StateMachine`] and every
//! diagnostic with its place in the text.
//!
//! Reading never fails: it gives what it could make of the text and all problems at once. This crate
//! does no I/O and never panics, whatever the text.
//!
//! Begin reading at [`parse`] and [`StateMachine`]. What the engine asks of a machine while it runs
//! is in [`choice`], [`errors`] and [`timestamp`].

pub mod arn;
pub mod choice;
pub mod code;
pub mod errors;
pub mod graph;
pub mod limits;
pub mod model;
mod parse;
pub mod service;
mod suggest;
pub mod timestamp;

pub use model::*;

/// What a text was made of.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The machine; `Some` if and only if no diagnostic is an error.
    pub machine: Option<StateMachine>,
    /// Everything there is to say, in the order of the text.
    pub diagnostics: Vec<source::Diagnostic>,
}

/// How much to say of a definition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Also warn of what is a matter of taste: a Task without a time limit.
    pub pedantic: bool,
}

/// Reads a definition. Never fails and never panics: what is wrong is in the diagnostics.
pub fn parse(text: &str, format: source::Format) -> Parsed {
    parse_with(text, format, Options::default())
}

/// Like [`parse`], of JSON: for callers that know no other notation.
pub fn parse_json(text: &str) -> Parsed {
    parse(text, source::Format::Json)
}

/// Like [`parse`], with options.
pub fn parse_with(text: &str, format: source::Format, options: Options) -> Parsed {
    parse::run(text, format, options)
}
