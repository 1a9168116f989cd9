//! `States.StringSplit(text, delimiters)`: every character of the second argument cuts, and empty pieces
//! are dropped (recorded: `test_string_split`, `",,,,"` gives `[]`).

use serde_json::Value;

use crate::{
    budget::Budget,
    intrinsic::apply::{Failure, charge_values, text},
};

/// Applies the function.
pub(super) fn apply(
    value: &Value,
    delimiters: &Value,
    budget: &mut Budget,
) -> Result<Value, Failure> {
    let text = text(value, "the first argument")?;
    let delimiters = crate::intrinsic::apply::text(delimiters, "the second argument")?;
    // Each character is looked for among the delimiters.
    let comparisons =
        text.len().saturating_mul(delimiters.len().max(1)) / crate::limits::COMPARED_BYTES_PER_STEP;
    budget.charge(u64::try_from(comparisons).unwrap_or(u64::MAX))?;
    let mut pieces = Vec::new();
    for piece in text
        .split(|c| delimiters.contains(c))
        .filter(|piece| !piece.is_empty())
    {
        charge_values(1, budget)?;
        budget.charge_bytes(piece.len())?;
        pieces.push(Value::from(piece));
    }
    Ok(Value::Array(pieces))
}
