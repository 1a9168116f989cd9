//! How values look on disk (I16). The first byte of everything that is encoded is the version of the
//! codec; a released version is read for ever, and has a golden file under `tests/golden`.
//!
//! Version 1: MessagePack with the names of the fields, so that a field can be added later, in which a
//! string that came before in the same value is a reference to it (D8): a payload that goes from output to
//! input to output is kept once. What the strings mean is of no interest here.
//!
//! A snapshot repeats payloads of the events before it, in another row; those are kept twice for now.

mod shared;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::limits;

/// The version that is written.
const VERSION: u8 = 1;

/// Why a value was not encoded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EncodeError {
    /// It is larger than a row may be.
    #[error("a value of {bytes} bytes is larger than a row may be ({max} bytes)")]
    TooLarge { bytes: usize, max: usize },
    /// Our own types have a form in MessagePack: not seen.
    #[error("a value has no form on disk: {0}")]
    NoForm(#[from] rmp_serde::encode::Error),
}

/// Why bytes were not decoded. Says nothing of what is in them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DecodeError {
    #[error("it is empty")]
    Empty,
    #[error("it has version {0} of the format, and this program knows versions up to {VERSION}")]
    Version(u8),
    #[error("it is not what this program writes")]
    Malformed,
}

/// Encodes a value of at most `bytes_max` bytes before repetitions are taken out.
pub(crate) fn encode<T: Serialize + ?Sized>(
    value: &T,
    bytes_max: usize,
) -> Result<Vec<u8>, EncodeError> {
    let plain = rmp_serde::to_vec_named(value)?;
    if plain.len() > bytes_max {
        return Err(EncodeError::TooLarge {
            bytes: plain.len(),
            max: bytes_max,
        });
    }
    let mut bytes = Vec::with_capacity(plain.len() / 2 + 1);
    bytes.push(VERSION);
    shared::pack(&plain, &mut bytes);
    Ok(bytes)
}

/// The value that was encoded.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    match bytes.split_first() {
        None => Err(DecodeError::Empty),
        Some((&VERSION, packed)) => {
            let plain =
                shared::unpack(packed, limits::VALUE_BYTES_MAX).ok_or(DecodeError::Malformed)?;
            rmp_serde::from_slice(&plain).map_err(|_| DecodeError::Malformed)
        }
        Some((&version, _)) => Err(DecodeError::Version(version)),
    }
}

#[cfg(test)]
mod tests;
