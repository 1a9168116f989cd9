//! Members that the service does not repeat in its errors: definitions and payloads.

use crate::error::ApiError;
use crate::input::Members;
use crate::limits;

/// `definition`, which has to be given and has a longest length.
pub(super) fn definition<'a>(members: &mut Members<'a>) -> Result<&'a str, ApiError> {
    if members.value("definition").is_none() {
        members.missing("definition");
    }
    let definition = members.text("definition");
    within("definition", definition, limits::DEFINITION_CHARS_MAX)?;
    if definition == Some("") {
        return Err(broken("definition", "greater than or equal to 1"));
    }
    Ok(definition.unwrap_or_default())
}

/// Refuses a text that is longer than `max` characters.
pub(super) fn within(name: &str, text: Option<&str>, max: usize) -> Result<(), ApiError> {
    // The bytes are counted first: there are never fewer of them.
    let is_long = text.is_some_and(|text| text.len() > max && text.chars().count() > max);
    match is_long {
        true => Err(broken(name, &format!("less than or equal to {max}"))),
        false => Ok(()),
    }
}

fn broken(name: &str, bound: &str) -> ApiError {
    ApiError::validation(format!(
        "1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must \
         have length {bound}"
    ))
}
