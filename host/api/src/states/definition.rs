//! The definition in an input: its text, and what it says.

use std::sync::Arc;

use asl::StateMachine;
use asl::service::{self, WorkflowType};
use engine::Workflow;

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

/// `definition`, which has to be given; empty where it is not, which [`Members::finish`] then tells.
pub(super) fn required<'a>(members: &mut Members<'a>) -> &'a str {
    if members.value("definition").is_none() {
        members.missing("definition");
    }
    given(members).unwrap_or_default()
}

/// Reads a definition, as clients send it: in JSON.
///
/// # Errors
/// `InvalidDefinition`, with everything that is wrong.
pub(super) fn parse(text: &str, kind: Workflow) -> Result<Arc<StateMachine>, ApiError> {
    let kind = match kind {
        Workflow::Standard => WorkflowType::Standard,
        Workflow::Express => WorkflowType::Express,
    };
    let checked = service::check(text, kind);
    checked.machine.map(Arc::new).ok_or_else(|| {
        ApiError::new(
            "InvalidDefinition",
            service::invalid_definition(&checked.problems),
        )
    })
}
