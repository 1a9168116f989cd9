//! The definition in an input: its text, and what it says.

use std::sync::Arc;

use asl::StateMachine;
use source::{Diagnostic, Severity};

use crate::error::ApiError;
use crate::input::Members;
use crate::limits::DEFINITION_CHARS_MAX;

/// `definition`, if it is given.
///
/// # Errors
/// `ValidationException`: it is empty or too long. The text is not repeated.
pub(super) fn given<'a>(members: &mut Members<'a>) -> Option<&'a str> {
    let text = members.text("definition")?;
    // Bytes are counted first: there are never fewer of them than of characters.
    if text.is_empty() || text.len() > DEFINITION_CHARS_MAX {
        return members.sized_text("definition", 1, DEFINITION_CHARS_MAX);
    }
    Some(text)
}

/// Reads a definition, as clients send it: in JSON.
///
/// # Errors
/// `InvalidDefinition`, with everything that is wrong.
pub(super) fn parse(text: &str) -> Result<Arc<StateMachine>, ApiError> {
    let parsed = asl::parse_json(text);
    parsed
        .machine
        .map(Arc::new)
        .ok_or_else(|| invalid(&parsed.diagnostics))
}

fn invalid(diagnostics: &[Diagnostic]) -> ApiError {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error);
    let texts: Vec<String> = errors
        .map(|error| match &error.location {
            Some(location) => format!("{}: {} at {location}", error.code, error.message),
            None => format!("{}: {}", error.code, error.message),
        })
        .collect();
    let text = format!("Invalid State Machine Definition: '{}'", texts.join(", "));
    ApiError::new("InvalidDefinition", text)
}
