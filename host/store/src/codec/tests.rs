//! The codec gives back what it was given, keeps a payload once, and bears any bytes.

use serde_json::{Value, json};

use super::{DecodeError, EncodeError, decode, encode};

const MAX: usize = 1 << 20;

fn again(value: &Value) -> Value {
    decode(&encode(value, MAX).unwrap()).unwrap()
}

#[test]
fn what_is_encoded_is_decoded() {
    let long = "x".repeat(70_000);
    let numbers = json!([
        0,
        1,
        127,
        128,
        255,
        256,
        65_536,
        5_000_000_000_u64,
        -1,
        -33,
        -200,
        -40_000,
        -3_000_000_000_i64,
        0.5
    ]);
    let strings: Vec<String> = (0..600)
        .map(|n| format!("string number {}", n % 300))
        .collect();
    for value in [
        json!(null),
        json!([true, false, null, "", "short", "a string", "a string"]),
        numbers,
        json!({ "a string": "a string", "b": [long, long, long] }),
        json!(strings),
        json!(vec![0; 70_000]),
    ] {
        assert!(again(&value) == value);
    }
}

#[test]
fn a_payload_that_is_repeated_is_kept_once() {
    let payload = "p".repeat(10_000);
    let once = encode(&json!([payload]), MAX).unwrap().len();
    let often = encode(&json!(vec![payload; 100]), MAX).unwrap().len();
    assert!(often < once + 400, "{often} bytes for 100, {once} for one");
}

#[test]
fn a_value_may_be_as_large_as_the_limit_and_no_larger() {
    let value = "x".repeat(100);
    assert!(encode(&value, 102).is_ok());
    assert!(matches!(
        encode(&value, 101),
        Err(EncodeError::TooLarge {
            bytes: 102,
            max: 101
        })
    ));
}

#[test]
fn any_bytes_are_borne() {
    let good = encode(
        &json!({ "key of it": ["a string", "a string", 1, 2.5] }),
        MAX,
    )
    .unwrap();
    assert!(matches!(decode::<Value>(&[]), Err(DecodeError::Empty)));
    assert!(matches!(
        decode::<Value>(&[2, 0xc0]),
        Err(DecodeError::Version(2))
    ));
    for end in 1..good.len() {
        assert!(decode::<Value>(&good[..end]).is_err(), "cut at {end}");
    }
    for place in 0..good.len() {
        for bit in 0..8 {
            let mut bad = good.clone();
            bad[place] ^= 1 << bit;
            // It may be another value; it may not be a panic.
            let _ = decode::<Value>(&bad);
        }
    }
    assert!(
        decode::<Value>(&[1, 0xd4, 1, 0]).is_err(),
        "a reference to nothing"
    );
    assert!(decode::<Value>(&[1, 0xdb, 0xff, 0xff, 0xff, 0xff]).is_err());
}

#[test]
fn references_do_not_grow_without_bound() {
    let mut bomb = vec![1, 0xdd, 0, 0x10, 0, 0, 0xdb, 0, 0x10, 0, 0];
    bomb.resize(bomb.len() + 0x10_0000, b'x');
    for _ in 0..1_000 {
        bomb.extend([0xd4, 1, 0]);
    }
    assert!(decode::<Value>(&bomb).is_err());
}
