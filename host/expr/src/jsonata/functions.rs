//! Functions that the host gives to expressions: the six that the service adds to JSONata, those that need its
//! time and randomness, and the guards that [`super::harden`] puts in.
//!
//! A guard is a function that gives back its first argument, after it has looked at how large it is. Its name
//! begins with `!`, which no author can write.

use std::rc::Rc;

use jsonata_core::evaluator::{Evaluator, EvaluatorError};
use jsonata_core::value::JValue;
use sha2::Digest;

use super::compile::Names;
use super::meter::{Meter, memory_error, size};
use super::strings;
use crate::{java, limits};

/// The functions of JSONata and those of the service.
const KNOWN: [&str; 69] = [
    "string",
    "length",
    "substring",
    "substringBefore",
    "substringAfter",
    "uppercase",
    "lowercase",
    "trim",
    "pad",
    "contains",
    "split",
    "join",
    "match",
    "replace",
    "eval",
    "base64encode",
    "base64decode",
    "encodeUrlComponent",
    "encodeUrl",
    "decodeUrlComponent",
    "decodeUrl",
    "number",
    "abs",
    "floor",
    "ceil",
    "round",
    "power",
    "sqrt",
    "random",
    "formatNumber",
    "formatBase",
    "formatInteger",
    "parseInteger",
    "sum",
    "max",
    "min",
    "average",
    "boolean",
    "not",
    "exists",
    "count",
    "append",
    "sort",
    "reverse",
    "shuffle",
    "distinct",
    "zip",
    "keys",
    "lookup",
    "spread",
    "merge",
    "sift",
    "each",
    "error",
    "assert",
    "type",
    "map",
    "filter",
    "reduce",
    "single",
    "now",
    "millis",
    "fromMillis",
    "toMillis",
    "partition",
    "range",
    "hash",
    "uuid",
    "parse",
];

/// Whether a name is that of a function; whoever binds it takes it over.
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

pub(super) type Answer = Result<JValue, EvaluatorError>;
type Function = fn(&[JValue], &Meter) -> Answer;

/// What the host gives, by name.
const GIVEN: [(&str, Function); 23] = [
    ("eval", |_, _| {
        fail("T1006: Attempted to invoke a non-function")
    }),
    ("millis", |_, meter| Ok(JValue::Number(meter.now_ms()))),
    ("now", |_, meter| Ok(JValue::Number(meter.now_ms()))),
    ("random", random),
    ("uuid", uuid),
    ("hash", hash),
    ("parse", |args, meter| strings::parse(args, meter)),
    ("partition", partition),
    ("range", range),
    ("pad", |args, meter| strings::pad(args, meter)),
    ("shuffle", shuffle),
    ("!join", |args, meter| strings::join(args, meter)),
    ("!distinct", distinct),
    ("!text", |args, meter| {
        meter.print(first(args))?;
        Ok(first(args).clone())
    }),
    ("!compared", |args, meter| {
        meter.compare(first(args))?;
        Ok(first(args).clone())
    }),
    ("!made", |args, meter| {
        meter.made(first(args))?;
        Ok(first(args).clone())
    }),
    ("!from", |args, meter| meter.remember(first(args))),
    ("!to", |args, meter| {
        let from = meter.recall();
        let to = first(args).as_f64().unwrap_or_default();
        if to >= from {
            meter.charge_f64((to - from + 1.0) * ITEM_BYTES)?;
        }
        Ok(first(args).clone())
    }),
    ("!keep", |args, meter| meter.remember(first(args))),
    ("!put", put),
    ("!apart", |args, _| apart(first(args), first(args))),
    ("!apartOf", |args, _| match first(args) {
        // Text, separator: the first argument has been looked at. Separator, limit: the context is the text.
        JValue::Number(_) => apart(args.get(1).unwrap_or(&JValue::Undefined), first(args)),
        other => Ok(other.clone()),
    }),
    ("!picture", |args, meter| {
        let number = meter.recall().abs();
        let is_roman = first(args)
            .as_str()
            .is_some_and(|text| text.contains(['i', 'I']));
        match is_roman && number > limits::JSONATA_ROMAN_MAX {
            true => memory(),
            false => Ok(first(args).clone()),
        }
    }),
];

/// A list item in memory, bytes.
const ITEM_BYTES: f64 = 32.0;

/// Gives an evaluator those functions of the host that the expression names.
pub(super) fn register(evaluator: &mut Evaluator, names: &Names, meter: &Rc<Meter>) {
    for (name, function) in GIVEN {
        if names.contains(name) {
            let meter = meter.clone();
            // Refused for functions that the evaluator compiles; none of these is one.
            let _ =
                evaluator.register_fn_override(name, move |args: &[JValue]| function(args, &meter));
        }
    }
}

pub(super) fn first(args: &[JValue]) -> &JValue {
    args.first().unwrap_or(&JValue::Undefined)
}

pub(super) fn fail<T>(message: &str) -> Result<T, EvaluatorError> {
    Err(EvaluatorError::EvaluationError(message.to_owned()))
}

fn memory<T>() -> Result<T, EvaluatorError> {
    Err(memory_error())
}

/// An argument of the wrong type, counted from 1.
pub(super) fn mismatch<T>(argument: usize, function: &str) -> Result<T, EvaluatorError> {
    fail(&format!(
        "T0410: Argument {argument} of function \"{function}\" does not match function signature"
    ))
}

fn at_most(args: &[JValue], count: usize, function: &str) -> Result<(), EvaluatorError> {
    match args.len() > count {
        true => mismatch(count + 1, function),
        false => Ok(()),
    }
}

/// The last guard of `$replace`: what is put in, times as often as it can be.
fn put(args: &[JValue], meter: &Meter) -> Answer {
    let mut sizes = [meter.recall(), meter.recall(), 0.0, 0.0];
    if first(args).is_function() {
        return match args.get(1) {
            // A function that the text of the expression shows to be one, and that is charged for.
            Some(JValue::Bool(true)) => Ok(first(args).clone()),
            _ => memory(),
        };
    }
    for (size_of, arg) in sizes
        .iter_mut()
        .skip(2)
        .zip([first(args), args.get(2).unwrap_or(&JValue::Undefined)])
    {
        *size_of = arg.as_str().map_or(0.0, size);
    }
    sizes.sort_by(|a, b| b.total_cmp(a));
    let [largest, second, ..] = sizes;
    let most = (largest + 1.0) * (second + 1.0);
    #[expect(clippy::cast_precision_loss, reason = "the limit is far below 2^53")]
    match most > limits::JSONATA_REPLACED_BYTES_MAX as f64 {
        true => memory(),
        false => Ok(first(args).clone()),
    }
}

fn apart(text: &JValue, answer: &JValue) -> Answer {
    let bytes = text.as_str().map_or(0, str::len);
    match bytes > limits::JSONATA_TAKEN_APART_BYTES_MAX {
        true => memory(),
        false => Ok(answer.clone()),
    }
}

fn random(args: &[JValue], meter: &Meter) -> Answer {
    at_most(args, 1, "random")?;
    match args.first() {
        None => Ok(JValue::Number(meter.draw().unit_f64())),
        Some(JValue::Number(seed)) => {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "Java's conversion to long saturates, too"
            )]
            let seed = *seed as i64;
            Ok(JValue::Number(java::Random::new(seed).unit_f64()))
        }
        Some(_) => mismatch(1, "random"),
    }
}

fn uuid(args: &[JValue], meter: &Meter) -> Answer {
    at_most(args, 0, "uuid")?;
    Ok(JValue::from(meter.draw().uuid_v4()))
}

fn hash(args: &[JValue], _: &Meter) -> Answer {
    at_most(args, 2, "hash")?;
    let data = match first(args) {
        JValue::Undefined => return Ok(JValue::Undefined),
        JValue::String(data) => data.as_bytes(),
        _ => return mismatch(1, "hash"),
    };
    let algorithm = match args.get(1) {
        Some(JValue::String(algorithm)) => algorithm,
        _ => return mismatch(2, "hash"),
    };
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("{byte:02x}")).collect() };
    Ok(JValue::from(match &**algorithm {
        "MD5" => hex(&md5::Md5::digest(data)),
        "SHA-1" => hex(&sha1::Sha1::digest(data)),
        "SHA-256" => hex(&sha2::Sha256::digest(data)),
        "SHA-384" => hex(&sha2::Sha384::digest(data)),
        "SHA-512" => hex(&sha2::Sha512::digest(data)),
        other => {
            return fail(&format!(
                "D3137: Hash algorithm '{other}' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5"
            ));
        }
    }))
}

/// The items of what may be an array; `None`: undefined.
fn items(value: &JValue) -> Option<Vec<JValue>> {
    match value {
        JValue::Undefined => None,
        JValue::Array(items) => Some(items.to_vec()),
        other => Some(vec![other.clone()]),
    }
}

fn partition(args: &[JValue], meter: &Meter) -> Answer {
    at_most(args, 2, "partition")?;
    let size = match args.get(1) {
        None | Some(JValue::Undefined) => return Ok(JValue::Undefined),
        Some(JValue::Number(size)) => size.trunc(),
        Some(_) => return mismatch(2, "partition"),
    };
    let Some(items) = items(first(args)) else {
        return Ok(JValue::Undefined);
    };
    if size < 0.0 {
        return fail("D3137: Second argument must be zero or greater");
    }
    if size == 0.0 || items.is_empty() {
        return Ok(JValue::Undefined);
    }
    meter.charge(items.len() as u64 * 3 * limits::JSONATA_ITEM_BYTES)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "float to integer casts saturate"
    )]
    let size = size as usize;
    Ok(JValue::array(
        items
            .chunks(size.min(items.len()))
            .map(|chunk| JValue::array(chunk.to_vec()))
            .collect(),
    ))
}

fn range(args: &[JValue], meter: &Meter) -> Answer {
    at_most(args, 3, "range")?;
    let mut numbers = [0.0_f64; 3];
    for (at, number) in numbers.iter_mut().enumerate() {
        *number = match args.get(at) {
            None | Some(JValue::Undefined) => return Ok(JValue::Undefined),
            Some(JValue::Number(number)) => number.trunc(),
            Some(_) => return mismatch(at + 1, "range"),
        };
    }
    let [start, end, step] = numbers;
    let steps = ((end - start) / step).floor();
    if step == 0.0 || steps.is_nan() || steps < 0.0 {
        return Ok(JValue::Undefined);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "float to integer casts saturate"
    )]
    let count = (steps as usize).saturating_add(1);
    if count > limits::JSONATA_SEQUENCE_ITEMS_MAX {
        return memory();
    }
    meter.charge(count as u64 * limits::JSONATA_ITEM_BYTES)?;
    let mut made: Vec<JValue> = Vec::with_capacity(count);
    let mut next = start;
    for _ in 0..count {
        made.push(JValue::Number(next));
        next += step;
    }
    match (made.len(), made.pop()) {
        // A list of one is that one, as with every sequence.
        (1, Some(only)) => Ok(only),
        (_, last) => {
            made.extend(last);
            Ok(JValue::sequence(made))
        }
    }
}

fn shuffle(args: &[JValue], meter: &Meter) -> Answer {
    at_most(args, 1, "shuffle")?;
    let Some(mut items) = items(first(args)) else {
        return Ok(JValue::Undefined);
    };
    meter.charge(items.len() as u64 * limits::JSONATA_ITEM_BYTES)?;
    let mut entropy = meter.draw();
    for last in (1..items.len()).rev() {
        let drawn = u128::from(entropy.next_u64()) * (last as u128 + 1);
        let other = usize::try_from(drawn >> 64).unwrap_or_default();
        items.swap(last, other);
    }
    Ok(JValue::array(items))
}

/// The evaluator's own looks at every pair.
fn distinct(args: &[JValue], meter: &Meter) -> Answer {
    at_most(args, 1, "distinct")?;
    let JValue::Array(items) = first(args) else {
        return Ok(first(args).clone());
    };
    let mut seen = std::collections::HashSet::with_capacity(items.len());
    let mut made = Vec::new();
    for item in items.iter() {
        let key = match item {
            JValue::String(text) => format!("s{text}"),
            JValue::Number(number) => format!("n{}", number + 0.0),
            other => {
                meter.print(other)?;
                strings::canonical(other)
            }
        };
        if seen.insert(key) {
            made.push(item.clone());
        }
    }
    meter.charge(made.len() as u64 * limits::JSONATA_ITEM_BYTES)?;
    match items.sequence {
        true => Ok(JValue::sequence(made)),
        false => Ok(JValue::array(made)),
    }
}
