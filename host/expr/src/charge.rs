//! What it costs to copy and to compare values: the walks that charge a [`Budget`] before the work is
//! done, and that keep every produced value within the levels that can be read again.

use serde_json::Value;

use crate::{budget::Budget, error::EvalError, limits, number};

/// Charges for a copy of `value` that will stand below `above` levels of arrays and objects.
///
/// # Errors
/// `States.Runtime` when the budget is used up or when the copy would be nested too deeply.
pub(crate) fn copy(value: &Value, above: usize, budget: &mut Budget) -> Result<(), EvalError> {
    budget.charge(limits::COPY_STEPS_PER_VALUE)?;
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
        Value::String(text) => budget.charge_bytes(text.len()),
        Value::Array(items) => {
            level(above)?;
            items
                .iter()
                .try_for_each(|item| copy(item, above + 1, budget))
        }
        Value::Object(members) => {
            level(above)?;
            members.iter().try_for_each(|(key, member)| {
                budget.charge_bytes(key.len())?;
                copy(member, above + 1, budget)
            })
        }
    }
}

/// Allows one more level below `above` levels.
pub(crate) fn level(above: usize) -> Result<(), EvalError> {
    if above < limits::VALUE_LEVELS_MAX {
        return Ok(());
    }
    Err(EvalError::runtime(format!(
        "The result is nested deeper than {} levels.",
        limits::VALUE_LEVELS_MAX
    )))
}

/// Whether both values are equal, numbers by value; charges for what it compares.
pub(crate) fn equal(a: &Value, b: &Value, budget: &mut Budget) -> Result<bool, EvalError> {
    budget.charge(1)?;
    match (a, b) {
        (Value::String(a), Value::String(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            text(a.len(), budget)?;
            Ok(a == b)
        }
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (a, b) in a.iter().zip(b) {
                if !equal(a, b, budget)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Value::Object(a), Value::Object(b)) => {
            if a.len() != b.len() {
                return Ok(false);
            }
            for (key, a) in a {
                text(key.len(), budget)?;
                match b.get(key) {
                    Some(b) if equal(a, b, budget)? => {}
                    _ => return Ok(false),
                }
            }
            Ok(true)
        }
        _ => Ok(number::values_equal(a, b)),
    }
}

/// Charges for reading `bytes` of text.
pub(crate) fn text(bytes: usize, budget: &mut Budget) -> Result<(), EvalError> {
    budget.charge(u64::try_from(bytes / limits::COMPARED_BYTES_PER_STEP).unwrap_or(u64::MAX))
}

/// Levels of arrays and objects in `value`; 0 for a scalar. Does not recurse.
pub(crate) fn levels(value: &Value) -> usize {
    let mut deepest = 0;
    let mut open = vec![(value, 0_usize)];
    while let Some((value, above)) = open.pop() {
        match value {
            Value::Array(items) => {
                deepest = deepest.max(above + 1);
                open.extend(
                    items
                        .iter()
                        .filter(|item| is_container(item))
                        .map(|item| (item, above + 1)),
                );
            }
            Value::Object(members) => {
                deepest = deepest.max(above + 1);
                open.extend(
                    members
                        .values()
                        .filter(|item| is_container(item))
                        .map(|item| (item, above + 1)),
                );
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    deepest
}

pub(crate) fn is_container(value: &Value) -> bool {
    value.is_array() || value.is_object()
}
