//! `States.Base64Encode`, `States.Base64Decode` and `States.Hash`.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use serde_json::Value;
use sha2::Digest;

use crate::{
    budget::Budget,
    intrinsic::apply::{Failure, at_most_chars, refuse, text},
    limits,
};

/// The standard alphabet; padding is written, and may be missing when read, as in Java.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `States.Base64Encode(text)`
pub(super) fn base64_encode(value: &Value, budget: &mut Budget) -> Result<Value, Failure> {
    let text = text(value, "the argument")?;
    at_most_chars(text, limits::BASE64_CHARS_MAX, "the argument")?;
    budget.charge_bytes(text.len().div_ceil(3) * 4)?;
    Ok(Value::String(BASE64.encode(text)))
}

/// `States.Base64Decode(text)`: the bytes must be UTF-8.
pub(super) fn base64_decode(value: &Value, budget: &mut Budget) -> Result<Value, Failure> {
    let text = text(value, "the argument")?;
    at_most_chars(text, limits::BASE64_CHARS_MAX, "the argument")?;
    budget.charge_bytes(text.len())?;
    let Ok(bytes) = BASE64.decode(text) else {
        return refuse("the argument is not Base64");
    };
    match String::from_utf8(bytes) {
        Ok(decoded) => Ok(Value::String(decoded)),
        Err(_) => refuse("the decoded bytes are not UTF-8"),
    }
}

/// `States.Hash(text, algorithm)`: hexadecimal in lower case.
pub(super) fn hash(
    value: &Value,
    algorithm: &Value,
    budget: &mut Budget,
) -> Result<Value, Failure> {
    let data = text(value, "the data")?;
    at_most_chars(data, limits::HASH_CHARS_MAX, "the data")?;
    budget.charge(1)?;
    let hex = match text(algorithm, "the algorithm")? {
        "MD5" => hex(&md5::Md5::digest(data)),
        "SHA-1" => hex(&sha1::Sha1::digest(data)),
        "SHA-256" => hex(&sha2::Sha256::digest(data)),
        "SHA-384" => hex(&sha2::Sha384::digest(data)),
        "SHA-512" => hex(&sha2::Sha512::digest(data)),
        _ => return refuse("the algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512"),
    };
    budget.charge_bytes(hex.len())?;
    Ok(Value::String(hex))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)])
        .collect()
}
