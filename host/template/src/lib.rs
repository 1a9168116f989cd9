//! `template.yaml`, a subset of SAM, to typed resources and diagnostics.
//!
//! A template is the one place that says which functions and state machines there are, where their
//! code and definitions lie, and what limits and grants each function gets. The one idea: reading
//! never fails, it returns what could be read together with every problem and its place in the text.
//! It runs nothing, opens no file and knows no sandbox: a `CodeUri` stays the path that was written.
//!
//! Begin reading at [`parse`], then [`Template`]. Which properties are read, ignored or refused, and
//! why, is in `properties`.

mod codes;
mod function;
mod globals;
mod intrinsic;
mod limits;
mod machine;
mod metadata;
mod model;
mod names;
mod properties;
mod reader;
mod sections;

pub use model::{Definition, Function, Kind, Parsed, StateMachine, Template};
pub use sections::parse;
