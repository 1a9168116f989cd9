//! `States.Array…`: making arrays, asking them and cutting them.

use std::{
    borrow::Cow,
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use serde_json::Value;

use crate::{
    budget::Budget,
    charge,
    error::EvalError,
    intrinsic::apply::{Failure, charge_values, copy, items, refuse, whole},
    limits, number,
};

/// `States.Array(v…)`
pub(super) fn of(values: &[Cow<'_, Value>], budget: &mut Budget) -> Result<Value, Failure> {
    let items: Result<Vec<Value>, Failure> =
        values.iter().map(|value| copy(value, budget)).collect();
    items.map(Value::Array)
}

/// `States.ArrayContains(array, value)`: equality at any depth, numbers by value.
pub(super) fn contains(
    array: &Value,
    wanted: &Value,
    budget: &mut Budget,
) -> Result<Value, Failure> {
    for item in items(array, "the first argument")? {
        if charge::equal(item, wanted, budget)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// `States.ArrayGetItem(array, index)`: counted from 0.
pub(super) fn get_item(
    array: &Value,
    index: &Value,
    budget: &mut Budget,
) -> Result<Value, Failure> {
    let items = items(array, "the first argument")?;
    let index = whole(index, "the index")?;
    match usize::try_from(index)
        .ok()
        .and_then(|index| items.get(index))
    {
        Some(item) => copy(item, budget),
        None => refuse(format!(
            "the index {index} is not in the array of length {}",
            items.len()
        )),
    }
}

/// `States.ArrayLength(array)`
pub(super) fn length(array: &Value) -> Result<Value, Failure> {
    Ok(Value::from(items(array, "the argument")?.len()))
}

/// `States.ArrayPartition(array, size)`: pieces of `size` items, the last one perhaps shorter.
pub(super) fn partition(
    array: &Value,
    size: &Value,
    budget: &mut Budget,
) -> Result<Value, Failure> {
    let items = items(array, "the first argument")?;
    let size = whole(size, "the chunk size")?;
    let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
        return refuse(format!("the chunk size must be above zero, not {size}"));
    };
    charge::copy(array, 1, budget)?;
    charge_values(items.len().div_ceil(size), budget)?;
    Ok(Value::Array(
        items
            .chunks(size)
            .map(|chunk| Value::Array(chunk.to_vec()))
            .collect(),
    ))
}

/// `States.ArrayRange(first, last, step)`: `last` is in it when a step lands on it.
pub(super) fn range(
    first: &Value,
    last: &Value,
    step: &Value,
    budget: &mut Budget,
) -> Result<Value, Failure> {
    // Three numbers of 32 bits: nothing below overflows 64.
    let first = i64::from(whole(first, "the first number")?);
    let last = i64::from(whole(last, "the last number")?);
    let step = i64::from(whole(step, "the step")?);
    let Some(steps) = (last - first).checked_div(step) else {
        return refuse("the step must not be zero");
    };
    let towards_last = first == last || (last > first) == (step > 0);
    if !towards_last {
        return Ok(Value::Array(Vec::new()));
    }
    let count = usize::try_from(steps)
        .unwrap_or(usize::MAX)
        .saturating_add(1);
    if count > limits::ARRAY_RANGE_ELEMENTS_MAX {
        return refuse(format!(
            "the range has {count} elements, at most {} are allowed",
            limits::ARRAY_RANGE_ELEMENTS_MAX
        ));
    }
    charge_values(count, budget)?;
    Ok(Value::Array(
        (0..=steps)
            .map(|at| Value::from(first + at * step))
            .collect(),
    ))
}

/// `States.ArrayUnique(array)`: the first of equal items stays, the order too.
pub(super) fn unique(array: &Value, budget: &mut Budget) -> Result<Value, Failure> {
    let mut seen: HashMap<u64, Vec<&Value>> = HashMap::new();
    let mut unique = Vec::new();
    for item in items(array, "the argument")? {
        let mut hasher = DefaultHasher::new();
        hash(item, &mut hasher, budget)?;
        let alike = seen.entry(hasher.finish()).or_default();
        let mut is_new = true;
        for other in alike.iter() {
            is_new &= !charge::equal(item, other, budget)?;
        }
        if is_new {
            alike.push(item);
            unique.push(copy(item, budget)?);
        }
    }
    Ok(Value::Array(unique))
}

/// Feeds the hasher such that equal values give equal hashes: numbers by value, objects in any order.
fn hash(value: &Value, hasher: &mut DefaultHasher, budget: &mut Budget) -> Result<(), EvalError> {
    budget.charge(1)?;
    std::mem::discriminant(value).hash(hasher);
    match value {
        Value::Null => {}
        Value::Bool(flag) => flag.hash(hasher),
        Value::Number(number) => number::hash_key(number).hash(hasher),
        Value::String(text) => {
            charge::text(text.len(), budget)?;
            text.hash(hasher);
        }
        Value::Array(items) => {
            items.len().hash(hasher);
            items
                .iter()
                .try_for_each(|item| hash(item, hasher, budget))?;
        }
        Value::Object(members) => {
            let mut sum = 0_u64;
            for (key, member) in members {
                charge::text(key.len(), budget)?;
                let mut own = DefaultHasher::new();
                key.hash(&mut own);
                hash(member, &mut own, budget)?;
                sum = sum.wrapping_add(own.finish());
            }
            sum.hash(hasher);
        }
    }
    Ok(())
}
