//! Condition × element → whether a filter takes it. `@` matches objects only (EXPRESSIONS.md B1); an
//! existence test asks whether the path is there, and not what it holds.

use std::{borrow::Cow, cmp::Ordering};

use serde_json::{Number, Value};

use crate::{
    budget::Budget,
    charge,
    error::EvalError,
    number,
    path::{
        ast::{Filter, Operand, Operator},
        walk::{self, Found},
    },
    scope::Scope,
};

/// Whether the filter takes `current`.
pub(super) fn matches<'v>(
    filter: &Filter,
    current: &'v Value,
    scope: Scope<'v>,
    budget: &mut Budget,
) -> Result<bool, EvalError> {
    budget.charge(1)?;
    if !current.is_object() {
        return Ok(false);
    }
    holds(filter, current, scope, budget)
}

fn holds<'v>(
    filter: &Filter,
    current: &'v Value,
    scope: Scope<'v>,
    budget: &mut Budget,
) -> Result<bool, EvalError> {
    match filter {
        Filter::All(parts) => {
            for part in parts {
                if !holds(part, current, scope, budget)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Filter::Any(parts) => {
            for part in parts {
                if holds(part, current, scope, budget)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Filter::Not(inner) => Ok(!holds(inner, current, scope, budget)?),
        Filter::Exists(query) => Ok(match walk::find(query, scope, Some(current), budget)? {
            Found::Value(value) => {
                query.definite || value.as_array().is_some_and(|found| !found.is_empty())
            }
            Found::Beyond | Found::Missing => false,
        }),
        Filter::Compare {
            left,
            operator,
            right,
        } => {
            let left = operand(left, current, scope, budget)?;
            let right = operand(right, current, scope, budget)?;
            compare(left.as_deref(), *operator, right.as_deref(), budget)
        }
    }
}

fn operand<'o, 'v: 'o>(
    operand: &'o Operand,
    current: &'v Value,
    scope: Scope<'v>,
    budget: &mut Budget,
) -> Result<Option<Cow<'o, Value>>, EvalError> {
    match operand {
        Operand::Literal(value) => Ok(Some(Cow::Borrowed(value))),
        Operand::Query(query) => Ok(match walk::find(query, scope, Some(current), budget)? {
            Found::Value(value) => Some(value),
            Found::Beyond | Found::Missing => None,
        }),
    }
}

fn compare(
    left: Option<&Value>,
    operator: Operator,
    right: Option<&Value>,
    budget: &mut Budget,
) -> Result<bool, EvalError> {
    Ok(match operator {
        Operator::Equal => equal(left, right, budget)?,
        Operator::NotEqual => !equal(left, right, budget)?,
        Operator::Less => order(left, right, budget)?.is_some_and(Ordering::is_lt),
        Operator::LessOrEqual => order(left, right, budget)?.is_some_and(Ordering::is_le),
        Operator::Greater => order(left, right, budget)?.is_some_and(Ordering::is_gt),
        Operator::GreaterOrEqual => order(left, right, budget)?.is_some_and(Ordering::is_ge),
    })
}

/// What is not there equals nothing. A string and a number are compared in the form of the left one, as
/// Jayway does: `'1' == 1` and `1 == '1.0'`, but not `'1.0' == 1`.
fn equal(
    left: Option<&Value>,
    right: Option<&Value>,
    budget: &mut Budget,
) -> Result<bool, EvalError> {
    let (Some(left), Some(right)) = (left, right) else {
        return Ok(false);
    };
    match (left, right) {
        (Value::String(text), Value::Number(number)) => Ok(*text == number.to_string()),
        (Value::Number(left), Value::String(text)) => {
            charge::text(text.len(), budget)?;
            Ok(text
                .trim()
                .parse::<Number>()
                .is_ok_and(|right| number::equal(left, &right)))
        }
        _ => charge::equal(left, right, budget),
    }
}

/// Only numbers with numbers and strings with strings have an order.
fn order(
    left: Option<&Value>,
    right: Option<&Value>,
    budget: &mut Budget,
) -> Result<Option<Ordering>, EvalError> {
    match (left, right) {
        (Some(Value::Number(left)), Some(Value::Number(right))) => {
            Ok(Some(number::compare(left, right)))
        }
        (Some(Value::String(left)), Some(Value::String(right))) => {
            charge::text(left.len().min(right.len()), budget)?;
            Ok(Some(left.cmp(right)))
        }
        _ => Ok(None),
    }
}
