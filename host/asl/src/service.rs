//! Problems of a definition as the service tells them: what `ValidateStateMachineDefinition` lists and
//! what `InvalidDefinition` says (ASL.md §8.6).
//!
//! The one idea: [`source::Diagnostic`]s are for people in front of a text and say more than the
//! service does; here they are cut down to its four fields. What only this product warns of is left
//! out, so that a client sees no code that it does not know.

mod express;
mod fragment;
mod jackson;

use source::{Diagnostic, Format, Severity};

pub use self::fragment::{Fragment, FragmentError, STATE_NAME, fragment};
use crate::{Parsed, StateMachine, code, limits};

/// Codes that are ours and that the service would have no word for.
const OURS: [&str; 4] = [
    code::UNREACHABLE_HANDLER,
    code::ERROR_NEVER_MATCHES,
    code::UNASSIGNED_VARIABLE,
    code::NO_TIMEOUT,
];

/// What kind of execution a definition is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WorkflowType {
    /// STANDARD
    #[default]
    Standard,
    /// EXPRESS, which can wait for nobody (ASL.md §7.1).
    Express,
}

/// One problem, in the service's shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// ERROR or WARNING.
    pub severity: Severity,
    /// `SCHEMA_VALIDATION_FAILED` and so on.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// `/States/X/Next`; `None` when the text as a whole is meant.
    pub location: Option<String>,
}

/// A definition that a client sent.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The machine; `Some` if and only if no problem is an error.
    pub machine: Option<StateMachine>,
    /// Errors and warnings, in the order of the text.
    pub problems: Vec<Problem>,
}

/// Reads a definition that a client sent. It is JSON; the YAML that people write in projects is not
/// for the API.
pub fn check(definition: &str, workflow: WorkflowType) -> Checked {
    let Parsed {
        machine,
        diagnostics,
    } = crate::parse(definition, Format::Json);
    let mut problems = problems(definition, &diagnostics);
    if let (Some(machine), WorkflowType::Express) = (&machine, workflow) {
        problems.extend(express::problems(machine));
    }
    let is_refused = problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    Checked {
        machine: machine.filter(|_| !is_refused),
        problems,
    }
}

/// The text of `InvalidDefinition`; only errors are in it.
pub fn invalid_definition(problems: &[Problem]) -> String {
    let errors: Vec<String> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(Problem::to_string)
        .take(limits::TOLD_PROBLEMS_MAX)
        .collect();
    format!("Invalid State Machine Definition: '{}'", errors.join(", "))
}

/// `CODE: message at location`.
impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        match &self.location {
            Some(location) => write!(f, " at {location}"),
            None => Ok(()),
        }
    }
}

/// The diagnostics of `text` in the service's words.
pub(crate) fn problems(text: &str, diagnostics: &[Diagnostic]) -> Vec<Problem> {
    diagnostics
        .iter()
        .filter(|found| !OURS.contains(&found.code))
        .map(|found| {
            let is_syntax = found.code == code::INVALID_JSON_DESCRIPTION && found.span.is_some();
            let syntax = is_syntax.then(|| jackson::first_error(text)).flatten();
            Problem {
                severity: found.severity,
                code: found.code,
                message: syntax.unwrap_or_else(|| found.message.clone()),
                location: found.location.clone(),
            }
        })
        .collect()
}
