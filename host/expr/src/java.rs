//! Java, where AWS lets it show: how a value prints (`{a=1, b=[x, y]}`) and `java.util.Random`.

use serde_json::Value;

use crate::{budget::Budget, error::EvalError};

/// The text of a value as Java's `toString` gives it: strings without quotes, objects as `{key=value}`.
pub(crate) fn text_of(value: &Value) -> String {
    let mut text = String::new();
    // Without a budget nothing fails.
    let _ = write(value, &mut text, &mut |_| Ok(()));
    text
}

/// Appends the text of a value and charges for each part before it is written.
pub(crate) fn append(
    value: &Value,
    text: &mut String,
    budget: &mut Budget,
) -> Result<(), EvalError> {
    write(value, text, &mut |bytes| {
        budget.charge(1)?;
        budget.charge_bytes(bytes)
    })
}

fn write(
    value: &Value,
    text: &mut String,
    charge: &mut dyn FnMut(usize) -> Result<(), EvalError>,
) -> Result<(), EvalError> {
    let mut push = |text: &mut String, part: &str| {
        charge(part.len())?;
        text.push_str(part);
        Ok::<(), EvalError>(())
    };
    match value {
        Value::Null => push(text, "null"),
        Value::Bool(true) => push(text, "true"),
        Value::Bool(false) => push(text, "false"),
        Value::Number(number) => push(text, &number.to_string()),
        Value::String(part) => push(text, part),
        Value::Array(items) => {
            push(text, "[")?;
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    charge(2)?;
                    text.push_str(", ");
                }
                write(item, text, charge)?;
            }
            charge(1)?;
            text.push(']');
            Ok(())
        }
        Value::Object(members) => {
            push(text, "{")?;
            for (at, (key, member)) in members.iter().enumerate() {
                charge(key.len() + 3)?;
                if at > 0 {
                    text.push_str(", ");
                }
                text.push_str(key);
                text.push('=');
                write(member, text, charge)?;
            }
            charge(1)?;
            text.push('}');
            Ok(())
        }
    }
}

/// `java.util.Random`: the 48-bit linear congruential generator of the Java specification.
pub(crate) struct Random {
    state: u64,
}

const MULTIPLIER: u64 = 0x5_DEEC_E66D;
const MASK: u64 = (1 << 48) - 1;

impl Random {
    #[expect(clippy::cast_sign_loss, reason = "the bits of the seed are meant")]
    pub(crate) fn new(seed: i64) -> Random {
        Random {
            state: (seed as u64 ^ MULTIPLIER) & MASK,
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most 32 bits are left, whose sign is Java's"
    )]
    fn next(&mut self, bits: u32) -> i32 {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        (self.state >> (48 - bits)) as u32 as i32
    }

    /// `nextDouble()`: in `0.0 ..< 1.0`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact in a double")]
    pub(crate) fn unit_f64(&mut self) -> f64 {
        let high = i64::from(self.next(26)) << 27;
        let low = i64::from(self.next(27));
        (high + low) as f64 / (1_i64 << 53) as f64
    }

    /// `nextInt(bound)`, for a bound above zero.
    fn below(&mut self, bound: i32) -> i32 {
        if bound & bound.wrapping_sub(1) == 0 {
            let product = i64::from(bound) * i64::from(self.next(31));
            return i32::try_from(product >> 31).unwrap_or_default();
        }
        loop {
            let bits = self.next(31);
            // Not zero: it is no power of two.
            let value = bits.checked_rem(bound).unwrap_or_default();
            if bits.wrapping_sub(value).wrapping_add(bound - 1) >= 0 {
                return value;
            }
        }
    }

    /// A number in `start..end`, as `ints(start, end)` draws it; `start` when the range is empty.
    pub(crate) fn between(&mut self, start: i32, end: i32) -> i32 {
        if start >= end {
            return start;
        }
        match end.checked_sub(start) {
            Some(span) => start.wrapping_add(self.below(span)),
            // The range covers more than half of all numbers, so a draw or two hit it.
            None => loop {
                let drawn = self.next(32);
                if (start..end).contains(&drawn) {
                    return drawn;
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_print_as_java_prints_maps() {
        let value = json!({"a": 1, "b": [true, null, "x y"], "c": {"d": 1.5}, "e": {}});
        assert_eq!(
            text_of(&value),
            "{a=1, b=[true, null, x y], c={d=1.5}, e={}}"
        );
    }

    #[test]
    fn random_is_the_generator_of_java() {
        // new Random(42).nextDouble() is 0.7275636800328681.
        assert_eq!(Random::new(42).unit_f64(), 0.727_563_680_032_868_1);
        // new Random(42).nextInt(10), four times.
        let mut random = Random::new(42);
        let drawn: Vec<i32> = (0..4).map(|_| random.between(0, 10)).collect();
        assert_eq!(drawn, [0, 3, 8, 4]);
    }

    #[test]
    fn random_stays_within_its_range() {
        for seed in -50..50 {
            for (start, end) in [
                (1, 2),
                (-3, 5),
                (i32::MIN, i32::MAX),
                (i32::MAX - 7, i32::MAX),
                (0, 64),
            ] {
                let drawn = Random::new(seed).between(start, end);
                assert!((start..end).contains(&drawn), "{drawn} in {start}..{end}");
            }
        }
    }
}
