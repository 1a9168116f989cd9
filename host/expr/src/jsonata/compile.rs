//! An expression, compiled: parsed, checked for what the service refuses when a definition is created, and
//! made safe.

use std::collections::BTreeSet;
use std::sync::Arc;

use jsonata_core::ast::AstNode;

use super::direct::Direct;
use super::inspect::{self, Findings};
use super::{harden, message};
use crate::limits;

/// What stands between `{%` and `%}`, trimmed; `None`: the text is no expression but is meant literally.
pub fn body(text: &str) -> Option<&str> {
    // Not `{%}`, whose one `%` would be both.
    let body = text.strip_prefix("{%")?.strip_suffix("%}")?;
    Some(body.trim())
}

/// Which members `$states` has where an expression stands, beside `input` and `context`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Available {
    /// `$states.result`
    pub result: bool,
    /// `$states.errorOutput`
    pub error_output: bool,
}

/// Why an expression is refused, in the service's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JsonataError {
    /// Of which kind.
    pub fault: JsonataFault,
    /// One sentence.
    pub message: String,
}

/// The two kinds of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonataFault {
    /// It is no JSONata.
    Invalid,
    /// It reads what is not there for it to read.
    Unsupported,
}

/// A compiled expression. Cloning counts references; it may be shared by threads.
#[derive(Clone)]
pub struct Jsonata(Arc<Program>);

pub(super) struct Program {
    pub(super) text: Box<str>,
    pub(super) tree: AstNode,
    pub(super) findings: Findings,
    pub(super) direct: Option<Direct>,
    /// Functions of the host that the tree names.
    pub(super) hosts: Names,
}

impl Jsonata {
    /// Compiles the text between `{%` and `%}`.
    ///
    /// # Errors
    /// One error if it is no JSONata; else one for each thing that it reads and that is not there: a name or
    /// `$` at the top level, `$$`, a member of `$states` that is not available.
    pub fn parse(text: &str, available: Available) -> Result<Jsonata, Vec<JsonataError>> {
        let text = text.trim();
        let invalid = |message: String| {
            vec![JsonataError {
                fault: JsonataFault::Invalid,
                message,
            }]
        };
        if text.len() > limits::EXPRESSION_TEXT_BYTES_MAX {
            let bytes = limits::EXPRESSION_TEXT_BYTES_MAX;
            return Err(invalid(format!("Expression is longer than {bytes} bytes")));
        }
        if !inspect::is_shallow_text(text) {
            return Err(invalid(message::TOO_DEEP.to_owned()));
        }
        let parsed = std::panic::catch_unwind(|| jsonata_core::parser::parse(text));
        let tree = match parsed {
            Ok(Ok(tree)) => tree,
            Ok(Err(error)) => return Err(invalid(message::of_parser(&error, text))),
            // A defect of the parser is no reason to end a host.
            Err(_) => return Err(invalid("Syntax error".to_owned())),
        };
        let Some(findings) = inspect::inspect(&tree) else {
            return Err(invalid(message::TOO_DEEP.to_owned()));
        };
        let unsupported = findings.unsupported(available);
        if !unsupported.is_empty() {
            return Err(unsupported);
        }
        let direct = Direct::of(&tree);
        let (tree, hosts) = harden::harden(tree, &findings);
        Ok(Jsonata(Arc::new(Program {
            text: text.into(),
            tree,
            findings,
            direct,
            hosts,
        })))
    }

    /// The text it was compiled from, trimmed.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Variables of the workflow that it reads: not `$states`, not what it binds itself, no functions.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.0.findings.variables.iter().map(|name| &**name)
    }

    pub(super) fn program(&self) -> &Program {
        &self.0
    }
}

impl std::fmt::Debug for Jsonata {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Jsonata").field(&self.0.text).finish()
    }
}

impl Findings {
    fn unsupported(&self, available: Available) -> Vec<JsonataError> {
        let unsupported = |message: String| JsonataError {
            fault: JsonataFault::Unsupported,
            message,
        };
        let mut errors: Vec<JsonataError> = self
            .references
            .iter()
            .map(|name| {
                unsupported(match &**name {
                    "$$" => "Reference to '$$' is not supported.".to_owned(),
                    name => format!("Reference to '{name}' at the top level is not supported."),
                })
            })
            .collect();
        for (name, is_available) in [
            ("result", available.result),
            ("errorOutput", available.error_output),
        ] {
            if self.states.contains(name) && !is_available {
                errors.push(unsupported(format!(
                    "Field '$states.{name}' does not exist."
                )));
            }
        }
        errors
    }
}

/// Names, each once.
pub(super) type Names = BTreeSet<Box<str>>;
