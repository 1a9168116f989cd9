//! Between JSON and the evaluator's values. The evaluator has doubles alone.

use std::rc::Rc;

use jsonata_core::value::{JArray, JValue};
use serde_json::{Map, Number, Value};

use crate::limits;

/// Whole doubles below it are exact in 64 bits.
const WHOLE_MAX: f64 = 9_223_372_036_854_775_808.0; // 2^63

/// Why a value is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It is or holds a function.
    Function,
    /// It is larger than anything that may be kept.
    TooLarge,
}

pub(super) fn from_value(value: &Value) -> JValue {
    match value {
        Value::Null => JValue::Null,
        Value::Bool(value) => JValue::Bool(*value),
        Value::Number(number) => JValue::Number(number.as_f64().unwrap_or_default()),
        Value::String(text) => JValue::String(Rc::from(text.as_str())),
        Value::Array(items) => {
            let is_flat = !items.iter().any(Value::is_array);
            JValue::Array(JArray::new_flat(
                items.iter().map(from_value).collect(),
                is_flat,
            ))
        }
        Value::Object(members) => JValue::object(
            members
                .iter()
                .map(|(name, member)| (name.clone(), from_value(member)))
                .collect(),
        ),
    }
}

/// What may still be made of a result.
pub(super) struct Room {
    pub(super) bytes: u64,
    pub(super) values: u64,
}

/// The value as JSON; members that are undefined are left out. `above`: levels around it.
pub(super) fn to_value(value: &JValue, above: usize, room: &mut Room) -> Result<Value, Unfit> {
    let take = |left: &mut u64, count: usize| -> Result<(), Unfit> {
        let count = u64::try_from(count).map_err(|_| Unfit::TooLarge)?;
        *left = left.checked_sub(count).ok_or(Unfit::TooLarge)?;
        Ok(())
    };
    take(&mut room.values, 1)?;
    let is_container = matches!(value, JValue::Array(_) | JValue::Object(_));
    if is_container && above >= limits::VALUE_LEVELS_MAX {
        return Err(Unfit::TooLarge);
    }
    match value {
        JValue::Null | JValue::Undefined => Ok(Value::Null),
        JValue::Bool(value) => Ok(Value::Bool(*value)),
        JValue::Number(number) => Ok(number_of(*number)),
        JValue::String(text) => {
            take(&mut room.bytes, text.len())?;
            Ok(Value::String(text.to_string()))
        }
        JValue::Array(items) => {
            let items: Result<Vec<Value>, Unfit> = items
                .iter()
                .filter(|item| !item.is_undefined())
                .map(|item| to_value(item, above + 1, room))
                .collect();
            items.map(Value::Array)
        }
        JValue::Object(members) => {
            let mut object = Map::new();
            for (name, member) in members.iter() {
                if member.is_undefined() {
                    continue;
                }
                take(&mut room.bytes, name.len())?;
                object.insert(name.clone(), to_value(member, above + 1, room)?);
            }
            Ok(Value::Object(object))
        }
        _ => Err(Unfit::Function),
    }
}

fn number_of(number: f64) -> Value {
    match Number::from_f64(number) {
        Some(number) => Value::Number(normal(&number)),
        // The service writes what JSON has no number for as text.
        None if number.is_nan() => Value::from("NaN"),
        None if number > 0.0 => Value::from("Infinity"),
        None => Value::from("-Infinity"),
    }
}

/// The number without a fraction if it is whole and has 64 bits.
pub(super) fn normal(number: &Number) -> Number {
    let value = match number.as_f64() {
        Some(value) if number.is_f64() => value,
        _ => return number.clone(),
    };
    if value.fract() == 0.0 && (-WHOLE_MAX..WHOLE_MAX).contains(&value) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a whole number in range is converted exactly"
        )]
        return Number::from(value as i64);
    }
    number.clone()
}
