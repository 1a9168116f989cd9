//! `States.MathAdd` and `States.MathRandom`: whole numbers of 32 bits.

use serde_json::Value;

use crate::{
    entropy::Entropy,
    intrinsic::apply::{Failure, number, refuse, whole},
    java,
};

/// `States.MathAdd(a, b)`: each is rounded before (recorded: `test_math_add`, `1.5 + 1.51 = 4`).
pub(super) fn add(a: &Value, b: &Value) -> Result<Value, Failure> {
    let a = whole(a, "the first argument")?;
    let b = whole(b, "the second argument")?;
    match a.checked_add(b) {
        Some(sum) => Ok(Value::from(sum)),
        None => refuse("the sum must be within -2147483648 and 2147483647"),
    }
}

/// `States.MathRandom(start, end[, seed])`: `start` may come, `end` may not. The same seed gives the same
/// number, the one that `java.util.Random` gives.
pub(super) fn random(
    start: &Value,
    end: &Value,
    seed: Option<&Value>,
    entropy: &mut Entropy,
) -> Result<Value, Failure> {
    let start = whole(start, "the start")?;
    let end = whole(end, "the end")?;
    if start >= end {
        return refuse(format!(
            "the start must be below the end, not {start} and {end}"
        ));
    }
    let drawn = match seed {
        Some(seed) => {
            let number = number(seed, "the seed")?;
            let seed = match number.as_i64() {
                Some(seed) => seed,
                None => i64::from(whole(seed, "the seed")?),
            };
            i64::from(java::Random::new(seed).between(start, end))
        }
        None => i64::from(start) + below(i64::from(end) - i64::from(start), entropy),
    };
    Ok(Value::from(drawn))
}

/// A number in `0..span`, for a span of 1 to 2^32; its bias is below 2^-31.
fn below(span: i64, entropy: &mut Entropy) -> i64 {
    let drawn = u128::from(entropy.next_u64()) * u128::try_from(span).unwrap_or(1);
    i64::try_from(drawn >> 64).unwrap_or_default()
}
