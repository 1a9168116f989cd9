//! Numbers of a text as JSON numbers: integers exact within 64 bits, else doubles.

use serde_json::Number;

/// Reads a number in JSON's notation. `None`: it is beyond the range of a double, or no number.
///
/// `serde_json` does the reading, so that a number of a definition and the same number in state data
/// are the same double.
pub(crate) fn parse(text: &str) -> Option<Number> {
    serde_json::from_str(text).ok()
}
