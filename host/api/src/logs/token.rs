//! Tokens of pages: opaque to clients, and checked when they come back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use runtime::logs::{Direction, Position};

use super::fault::invalid;
use crate::error::ApiError;

/// A token that names the last one of a page.
pub(super) fn of_name(name: &str) -> String {
    URL_SAFE_NO_PAD.encode(name)
}

/// The name that a token names.
pub(super) fn name(token: &str) -> Result<String, ApiError> {
    let name = URL_SAFE_NO_PAD.decode(token).ok();
    name.and_then(|name| String::from_utf8(name).ok())
        .ok_or_else(wrong)
}

/// `f/…` or `b/…`, as CloudWatch's look.
pub(super) fn of_direction(direction: Direction) -> String {
    match direction {
        Direction::Forward(at) => format!("f/{}", at.map(of_position).unwrap_or_default()),
        Direction::Backward(at) => format!("b/{}", at.map(of_position).unwrap_or_default()),
    }
}

/// The way that a token tells.
pub(super) fn direction(token: &str) -> Result<Direction, ApiError> {
    let (way, at) = token.split_once('/').ok_or_else(wrong)?;
    let at = Some(position(at)?);
    match way {
        "f" => Ok(Direction::Forward(at)),
        "b" => Ok(Direction::Backward(at)),
        _ => Err(wrong()),
    }
}

/// Digits that order like the positions do. As long as CloudWatch's, so that they pass for event ids too.
pub(super) fn of_position(position: Position) -> String {
    let Position {
        timestamp_ms,
        number,
    } = position;
    format!("{timestamp_ms:028}{number:028}")
}

/// The position that digits tell.
pub(super) fn position(digits: &str) -> Result<Position, ApiError> {
    let parts = digits
        .split_at_checked(28)
        .filter(|(_, number)| number.len() == 28);
    let read = parts.and_then(|(timestamp_ms, number)| {
        Some(Position {
            timestamp_ms: timestamp_ms.parse().ok()?,
            number: number.parse().ok()?,
        })
    });
    read.ok_or_else(wrong)
}

fn wrong() -> ApiError {
    invalid("The specified nextToken is invalid.")
}
