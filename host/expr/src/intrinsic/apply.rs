//! Calls × scope → values: arguments are evaluated from left to right, inner calls first, and handed to
//! the function as borrowed values where they can be.

use std::borrow::Cow;

use serde_json::{Number, Value};

use crate::{
    budget::Budget,
    charge,
    entropy::Entropy,
    error::EvalError,
    intrinsic::{Argument, Call, Function, array, encode, format, json, math, split},
    limits,
    path::Found,
    quote,
    scope::Scope,
};

/// Why a call has no value.
#[derive(Debug)]
pub(super) enum Failure {
    /// The arguments are not what the function takes. Without its full stop.
    Arguments(String),
    /// The template of `States.Format` is malformed.
    Template(String),
    /// An argument's path finds nothing.
    NotFound(String),
    /// The budget is used up.
    Budget(EvalError),
}

impl From<EvalError> for Failure {
    fn from(error: EvalError) -> Failure {
        Failure::Budget(error)
    }
}

/// A failure of the arguments.
pub(super) fn refuse<T>(reason: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Arguments(reason.into()))
}

/// Evaluates a whole expression; `text` is quoted in its errors.
pub(super) fn intrinsic(
    call: &Call,
    text: &str,
    scope: Scope<'_>,
    entropy: &mut Entropy,
    budget: &mut Budget,
) -> Result<Value, EvalError> {
    let mut evaluation = Evaluation {
        scope,
        entropy,
        budget,
        failed: call.function,
    };
    evaluation.call(call).map_err(|failure| {
        let function = evaluation.failed.name();
        let reason = match failure {
            Failure::Budget(error) => return error,
            Failure::Arguments(reason) => format!("Invalid arguments in {function}: {reason}"),
            Failure::Template(reason) => format!("Invalid template in {function}: {reason}"),
            Failure::NotFound(path) => format!(
                "The JsonPath argument for the field '{path}' could not be found in the input '{}'",
                quote::shortened(scope.input.text())
            ),
        };
        EvalError::runtime(format!(
            "The function '{}' had the following error: {reason}",
            text.trim_end()
        ))
    })
}

struct Evaluation<'e, 'v> {
    scope: Scope<'v>,
    entropy: &'e mut Entropy,
    budget: &'e mut Budget,
    /// The function being applied: the one that a failure is about.
    failed: Function,
}

impl<'v> Evaluation<'_, 'v> {
    fn call(&mut self, call: &Call) -> Result<Value, Failure> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(self.argument(argument)?);
        }
        self.failed = call.function;
        self.budget.charge(1)?;
        self.apply(call, &arguments)
    }

    fn argument<'c>(&mut self, argument: &'c Argument) -> Result<Cow<'c, Value>, Failure>
    where
        'v: 'c,
    {
        match argument {
            Argument::Literal(value) => Ok(Cow::Borrowed(value)),
            Argument::Call(call) => self.call(call).map(Cow::Owned),
            Argument::Path(path) => match path.find(self.scope, self.budget)? {
                Found::Value(value) => Ok(value),
                // A template forgives an index beyond the end, a function does not (ASL.md 5.1).
                Found::Beyond | Found::Missing => Err(Failure::NotFound(path.text().to_owned())),
            },
        }
    }

    fn apply(&mut self, call: &Call, arguments: &[Cow<'_, Value>]) -> Result<Value, Failure> {
        let budget = &mut *self.budget;
        match (call.function, arguments) {
            (Function::Array, items) => array::of(items, budget),
            (Function::ArrayContains, [array, item]) => array::contains(array, item, budget),
            (Function::ArrayGetItem, [array, index]) => array::get_item(array, index, budget),
            (Function::ArrayLength, [array]) => array::length(array),
            (Function::ArrayPartition, [array, size]) => array::partition(array, size, budget),
            (Function::ArrayRange, [start, end, step]) => array::range(start, end, step, budget),
            (Function::ArrayUnique, [array]) => array::unique(array, budget),
            (Function::Base64Decode, [text]) => encode::base64_decode(text, budget),
            (Function::Base64Encode, [text]) => encode::base64_encode(text, budget),
            (Function::Format, [template, values @ ..]) => match &call.template {
                Some(pieces) => {
                    format::apply(pieces.as_ref().map_err(String::as_str), values, budget)
                }
                None => format::apply_text(template, values, budget),
            },
            (Function::Hash, [text, algorithm]) => encode::hash(text, algorithm, budget),
            (Function::JsonMerge, [first, second, deep]) => {
                json::merge(first, second, deep, budget)
            }
            (Function::JsonToString, [value]) => json::write(value, budget),
            (Function::MathAdd, [first, second]) => math::add(first, second),
            (Function::MathRandom, [start, end, seed @ ..]) => {
                math::random(start, end, seed.first().map(|seed| &**seed), self.entropy)
            }
            (Function::StringSplit, [text, delimiters]) => split::apply(text, delimiters, budget),
            (Function::StringToJson, [text]) => json::read(text, budget),
            (Function::Uuid, []) => Ok(Value::String(self.entropy.uuid_v4())),
            // The parser has counted the arguments.
            (function, given) => refuse(
                function
                    .check_arity(given.len())
                    .err()
                    .unwrap_or_else(|| "wrong arguments".to_owned()),
            ),
        }
    }
}

/// What an argument is, for an error text.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

pub(super) fn text<'a>(value: &'a Value, role: &str) -> Result<&'a str, Failure> {
    value.as_str().map_or_else(
        || refuse(format!("{role} must be a string, not {}", kind(value))),
        Ok,
    )
}

pub(super) fn items<'a>(value: &'a Value, role: &str) -> Result<&'a [Value], Failure> {
    match value.as_array() {
        Some(items) => Ok(items),
        None => refuse(format!("{role} must be an array, not {}", kind(value))),
    }
}

pub(super) fn number<'a>(value: &'a Value, role: &str) -> Result<&'a Number, Failure> {
    match value {
        Value::Number(number) => Ok(number),
        other => refuse(format!("{role} must be a number, not {}", kind(other))),
    }
}

/// A number rounded to a whole one of 32 bits, halves up (ASL.md 5.2).
pub(super) fn whole(value: &Value, role: &str) -> Result<i32, Failure> {
    let number = number(value, role)?;
    match crate::number::round_to_i32(number) {
        Some(whole) => Ok(whole),
        None => refuse(format!(
            "{role} must be within -2147483648 and 2147483647, not {number}"
        )),
    }
}

/// A copy, charged for.
pub(super) fn copy(value: &Value, budget: &mut Budget) -> Result<Value, Failure> {
    charge::copy(value, 0, budget)?;
    Ok(value.clone())
}

/// Checks the length of a text that a function bounds.
pub(super) fn at_most_chars(text: &str, chars_max: usize, role: &str) -> Result<(), Failure> {
    // No character has less than one byte, so most texts need no count.
    if text.len() <= chars_max || text.chars().take(chars_max + 1).count() <= chars_max {
        return Ok(());
    }
    refuse(format!("{role} has more than {chars_max} characters"))
}

/// Charges for the values of an array that a function makes.
pub(super) fn charge_values(count: usize, budget: &mut Budget) -> Result<(), EvalError> {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    budget.charge(count.saturating_mul(limits::COPY_STEPS_PER_VALUE))
}
