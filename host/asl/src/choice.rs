//! Choice conditions, evaluated (ASL.md §2.2). Pure: a condition, what it can see, a budget.
//!
//! The rule that governs all comparisons: values of different types are never equal and never
//! ordered, which is `false` and not an error. A path that finds nothing is an error, except for
//! `IsPresent`, whose question it is.

use std::borrow::Cow;
use std::cmp::Ordering as Order;

use expr::{Budget, EvalError, Path, Scope};
use serde_json::Value;

use crate::{Condition, Kind, Operand, Ordering, Pieces, Test, timestamp};

/// Bytes of text that one step of the budget pays for.
const BYTES_PER_STEP: usize = 64;

/// Whether the condition holds. `And` and `Or` stop at the first operand that decides.
///
/// # Errors
/// `States.Runtime` when `Variable` or the path of an operand finds nothing, and when the budget is
/// used up.
pub fn evaluate(
    condition: &Condition,
    scope: Scope<'_>,
    budget: &mut Budget,
) -> Result<bool, EvalError> {
    budget.charge(1)?;
    match condition {
        Condition::And(operands) => {
            for operand in operands {
                if !evaluate(operand, scope, budget)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Condition::Or(operands) => {
            for operand in operands {
                if evaluate(operand, scope, budget)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Condition::Not(operand) => Ok(!evaluate(operand, scope, budget)?),
        Condition::Test { variable, test } => holds(variable, test, scope, budget),
    }
}

fn holds(
    variable: &Path,
    test: &Test,
    scope: Scope<'_>,
    budget: &mut Budget,
) -> Result<bool, EvalError> {
    if let Test::Is(Kind::Present, expected) = test {
        return Ok(is_present(variable, scope, budget)? == *expected);
    }
    let value = find(variable, scope, budget)?;
    charge_text(&value, budget)?;
    match test {
        Test::String(ordering, operand) => {
            let right = text_operand(operand, scope, budget)?;
            let (Some(left), Some(right)) = (value.as_str(), right.as_deref()) else {
                return Ok(false);
            };
            Ok(is_ordered(*ordering, compare_text(left, right)))
        }
        Test::Numeric(ordering, operand) => {
            let right = match operand {
                Operand::Literal(number) => Cow::Owned(Value::Number(number.clone())),
                Operand::Path(path) => find(path, scope, budget)?,
            };
            let (Value::Number(left), Value::Number(right)) = (&*value, &*right) else {
                return Ok(false);
            };
            Ok(is_ordered(*ordering, expr::number::compare(left, right)))
        }
        Test::Timestamp(ordering, operand) => {
            let right = match operand {
                Operand::Literal(micros) => Some(*micros),
                Operand::Path(path) => as_timestamp(&*find(path, scope, budget)?),
            };
            let (Some(left), Some(right)) = (as_timestamp(&value), right) else {
                return Ok(false);
            };
            Ok(is_ordered(*ordering, left.cmp(&right)))
        }
        Test::Boolean(operand) => {
            let right = match operand {
                Operand::Literal(value) => Some(*value),
                Operand::Path(path) => find(path, scope, budget)?.as_bool(),
            };
            Ok(value.as_bool().is_some_and(|left| Some(left) == right))
        }
        Test::Matches(pieces) => Ok(value.as_str().is_some_and(|text| pieces.matches(text))),
        Test::Is(kind, expected) => Ok(is_of_kind(&value, *kind) == *expected),
    }
}

/// The value of a path that has to find something.
fn find<'v>(
    path: &Path,
    scope: Scope<'v>,
    budget: &mut Budget,
) -> Result<Cow<'v, Value>, EvalError> {
    path.select(scope, budget)?.ok_or_else(|| {
        EvalError::runtime(format!(
            "Invalid path '{}': The choice state's condition path references an invalid value.",
            path.text()
        ))
    })
}

fn is_present(path: &Path, scope: Scope<'_>, budget: &mut Budget) -> Result<bool, EvalError> {
    Ok(match path.select(scope, budget)? {
        None => false,
        Some(_) if path.is_definite() => true,
        // A path of many answers gives a list of them; it is present when there is one.
        Some(found) => found.as_array().is_none_or(|items| !items.is_empty()),
    })
}

fn text_operand<'v>(
    operand: &'v Operand<std::sync::Arc<str>>,
    scope: Scope<'v>,
    budget: &mut Budget,
) -> Result<Option<Cow<'v, str>>, EvalError> {
    match operand {
        Operand::Literal(text) => Ok(Some(Cow::Borrowed(text))),
        Operand::Path(path) => {
            let value = find(path, scope, budget)?;
            charge_text(&value, budget)?;
            Ok(match value {
                Cow::Borrowed(value) => value.as_str().map(Cow::Borrowed),
                Cow::Owned(Value::String(text)) => Some(Cow::Owned(text)),
                Cow::Owned(_) => None,
            })
        }
    }
}

fn charge_text(value: &Value, budget: &mut Budget) -> Result<(), EvalError> {
    let bytes = value.as_str().map_or(0, str::len);
    budget.charge(u64::try_from(bytes / BYTES_PER_STEP).unwrap_or(u64::MAX))
}

fn is_ordered(ordering: Ordering, found: Order) -> bool {
    match ordering {
        Ordering::Equals => found.is_eq(),
        Ordering::LessThan => found.is_lt(),
        Ordering::GreaterThan => found.is_gt(),
        Ordering::LessThanEquals => found.is_le(),
        Ordering::GreaterThanEquals => found.is_ge(),
    }
}

/// The order of UTF-16 code units, which is the service's. It differs from Rust's only where
/// characters beyond the basic plane meet U+E000..=U+FFFF.
fn compare_text(left: &str, right: &str) -> Order {
    left.encode_utf16().cmp(right.encode_utf16())
}

fn as_timestamp(value: &Value) -> Option<i64> {
    value.as_str().and_then(timestamp::parse)
}

fn is_of_kind(value: &Value, kind: Kind) -> bool {
    match kind {
        Kind::Null => value.is_null(),
        Kind::Present => true,
        Kind::Numeric => value.is_number(),
        Kind::String => value.is_string(),
        Kind::Boolean => value.is_boolean(),
        Kind::Timestamp => as_timestamp(value).is_some(),
    }
}

impl Pieces {
    /// Reads a pattern: `*` stands for any text, `\*` for a star, `\\` for a backslash.
    ///
    /// # Errors
    /// The byte offset of a backslash before anything else.
    pub fn parse(pattern: &str) -> Result<Pieces, usize> {
        let mut pieces = Vec::new();
        let mut piece = String::new();
        let mut characters = pattern.char_indices();
        while let Some((offset, character)) = characters.next() {
            match character {
                '*' => pieces.push(std::mem::take(&mut piece)),
                '\\' => match characters.next() {
                    Some((_, escaped @ ('*' | '\\'))) => piece.push(escaped),
                    _ => return Err(offset),
                },
                other => piece.push(other),
            }
        }
        pieces.push(piece);
        Ok(Pieces(pieces))
    }

    /// Whether the pattern matches the whole of `text`.
    pub fn matches(&self, text: &str) -> bool {
        let Some((first, others)) = self.0.split_first() else {
            return text.is_empty();
        };
        let Some((last, middle)) = others.split_last() else {
            return text == first;
        };
        let Some(rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        let Some(mut rest) = rest.strip_suffix(last.as_str()) else {
            return false;
        };
        // The leftmost place for each piece leaves the most room for those after it.
        for piece in middle {
            let Some((_, after)) = rest.split_once(piece.as_str()) else {
                return false;
            };
            rest = after;
        }
        true
    }
}
