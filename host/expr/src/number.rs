//! Numbers by value: `1` equals `1.0`, and integers compare exactly in 64 bits. Rounding is Java's.
//!
//! `serde_json` keeps integers and doubles apart and calls `1` and `1.0` different; nothing in this
//! workspace may compare numbers of the user's with `==`.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// Whether both numbers have the same value.
pub fn equal(a: &Number, b: &Number) -> bool {
    compare(a, b) == Ordering::Equal
}

/// Orders two numbers by value.
pub fn compare(a: &Number, b: &Number) -> Ordering {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(a), None) => compare_with_double(a, double(b)),
        (None, Some(b)) => compare_with_double(b, double(a)).reverse(),
        (None, None) => double(a).partial_cmp(&double(b)).unwrap_or(Ordering::Equal),
    }
}

/// Whether both values are equal, at any depth: numbers by value, objects whatever their order.
pub fn values_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => equal(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| values_equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| values_equal(a, b)))
        }
        _ => a == b,
    }
}

/// Rounds to the nearest whole number, halves towards positive infinity (`Math.round` of Java); `None`
/// outside `-2_147_483_648 ..= 2_147_483_647`.
pub(crate) fn round_to_i32(number: &Number) -> Option<i32> {
    if let Some(whole) = integer(number) {
        return i32::try_from(whole).ok();
    }
    let value = double(number);
    // Not `(value + 0.5).floor()`: the sum of 0.49999999999999994 and 0.5 is rounded up to 1.
    let floor = value.floor();
    let rounded = if value - floor >= 0.5 {
        floor + 1.0
    } else {
        floor
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number in range is converted exactly"
    )]
    (f64::from(i32::MIN)..=f64::from(i32::MAX))
        .contains(&rounded)
        .then_some(rounded as i32)
}

/// A number that two equal numbers have in common, for hashing.
pub(crate) fn hash_key(number: &Number) -> u64 {
    // Adding zero makes 0.0 of -0.0; large neighbours may share a key, which costs a comparison.
    (double(number) + 0.0).to_bits()
}

fn integer(number: &Number) -> Option<i128> {
    number
        .as_i64()
        .map(i128::from)
        .or_else(|| number.as_u64().map(i128::from))
}

fn double(number: &Number) -> f64 {
    // A JSON number always has a double.
    number.as_f64().unwrap_or_default()
}

fn compare_with_double(integer: i128, double: f64) -> Ordering {
    const BEYOND_64_BITS: f64 = 36_893_488_147_419_103_232.0; // 2^65
    if double >= BEYOND_64_BITS {
        return Ordering::Less;
    }
    if double <= -BEYOND_64_BITS {
        return Ordering::Greater;
    }
    let whole = double.trunc();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "below 2^65 a whole double is exact in 128 bits"
    )]
    let by_whole = integer.cmp(&(whole as i128));
    by_whole.then_with(|| {
        0.0_f64
            .partial_cmp(&(double - whole))
            .unwrap_or(Ordering::Equal)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_equal_by_value_and_not_by_form() {
        for (a, b) in [
            ("1", "1.0"),
            ("-0", "0"),
            ("0.0", "-0.0"),
            ("1e3", "1000"),
            ("18446744073709551615", "18446744073709551615"),
        ] {
            assert!(equal(&number(a), &number(b)), "{a} == {b}");
        }
    }

    #[test]
    fn neighbouring_integers_differ_where_doubles_cannot_tell() {
        let order = [
            "-1e300",
            "-9223372036854775808",
            "-9007199254740993",
            "-9007199254740992",
            "-1.5",
            "-1",
            "0",
            "0.5",
            "1",
            "9007199254740992",
            "9007199254740993",
            "9223372036854775807",
            "18446744073709551615",
            "1e300",
        ];
        for (at, a) in order.iter().enumerate() {
            for (other, b) in order.iter().enumerate() {
                assert_eq!(
                    compare(&number(a), &number(b)),
                    at.cmp(&other),
                    "{a} against {b}"
                );
            }
        }
    }

    #[test]
    fn halves_round_towards_positive_infinity() {
        for (text, rounded) in [
            ("1.5", Some(2)),
            ("2.5", Some(3)),
            ("-1.5", Some(-1)),
            ("-2.5", Some(-2)),
            ("-1.51", Some(-2)),
            ("1.49", Some(1)),
            ("-0.5", Some(0)),
            ("0.49999999999999994", Some(0)),
            ("2147483647.4", Some(i32::MAX)),
            ("2147483647.5", None),
            ("-2147483648.5", Some(i32::MIN)),
            ("-2147483648.6", None),
            ("2147483648", None),
            ("1e300", None),
        ] {
            assert_eq!(round_to_i32(&number(text)), rounded, "{text}");
        }
    }

    #[test]
    fn values_are_equal_at_any_depth_and_in_any_order_of_keys() {
        assert!(values_equal(
            &json!({"a": [1, {"b": 2.0}], "c": null}),
            &json!({"c": null, "a": [1.0, {"b": 2}]})
        ));
        for (a, b) in [
            (json!([1, 2]), json!([2, 1])),
            (json!({"a": 1}), json!({"a": 1, "b": 1})),
            (json!("1"), json!(1)),
            (json!(null), json!(false)),
            (json!({"a": null}), json!({"b": null})),
        ] {
            assert!(!values_equal(&a, &b), "{a} != {b}");
        }
    }

    #[test]
    fn equal_numbers_share_their_hash_key() {
        assert_eq!(hash_key(&number("1")), hash_key(&number("1.0")));
        assert_eq!(hash_key(&number("-0.0")), hash_key(&number("0")));
    }
}
