//! `States.StringToJson`, `States.JsonToString` and `States.JsonMerge`.

use serde_json::Value;

use crate::{
    budget::Budget,
    intrinsic::apply::{Failure, charge_values, copy, kind, refuse, text},
};

/// `States.StringToJson(text)`: blank text is `null`, and `-0` is `0` (recorded: `test_string_to_json`).
pub(super) fn read(value: &Value, budget: &mut Budget) -> Result<Value, Failure> {
    let text = text(value, "the argument")?.trim();
    budget.charge_bytes(text.len())?;
    if text.is_empty() {
        return Ok(Value::Null);
    }
    if text == "-0" {
        return Ok(Value::from(0));
    }
    // Each value but the first follows one of these.
    charge_values(
        text.bytes()
            .filter(|byte| matches!(byte, b',' | b'[' | b'{'))
            .count(),
        budget,
    )?;
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(error) => refuse(format!("the argument is not JSON: {error}")),
    }
}

/// `States.JsonToString(value)`: no white space, keys in their order.
pub(super) fn write(value: &Value, budget: &mut Budget) -> Result<Value, Failure> {
    // A copy costs what is written, or more; quotes and escapes are charged after.
    crate::charge::copy(value, 0, budget)?;
    let text = value.to_string();
    budget.charge_bytes(text.len())?;
    Ok(Value::String(text))
}

/// `States.JsonMerge(first, second, false)`: the second wins, one level deep.
pub(super) fn merge(
    first: &Value,
    second: &Value,
    deep: &Value,
    budget: &mut Budget,
) -> Result<Value, Failure> {
    match deep {
        Value::Bool(false) => {}
        Value::Bool(true) => {
            return refuse("deep merging is not supported: the third argument must be false");
        }
        other => {
            return refuse(format!(
                "the third argument must be false, not {}",
                kind(other)
            ));
        }
    }
    let Value::Object(mut merged) = copy(first, budget)? else {
        return refuse(format!(
            "the first argument must be an object, not {}",
            kind(first)
        ));
    };
    let Value::Object(second) = copy(second, budget)? else {
        return refuse(format!(
            "the second argument must be an object, not {}",
            kind(second)
        ));
    };
    merged.extend(second);
    Ok(Value::Object(merged))
}
