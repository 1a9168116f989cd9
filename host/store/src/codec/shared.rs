//! Takes repeated strings out of MessagePack and puts them back. The stream stays MessagePack: the second
//! and later of equal strings become an extension value of type [`REFERENCE`] that holds the number of the
//! first, counted over the strings that are long enough. serde never writes extensions by itself.

use std::collections::HashMap;

use xxhash_rust::xxh3::Xxh3DefaultBuilder;

/// Type of the extension values that refer to a string.
const REFERENCE: u8 = 1;

/// Shorter strings are not worth a reference (bytes). Part of version 1 of the codec.
const SHARED_BYTES_MIN: usize = 6;

/// One value's head, or all of it where nothing follows.
struct Token {
    /// Bytes of the head.
    head: usize,
    /// Bytes of the body that belongs to it.
    body: usize,
    what: What,
}

enum What {
    Text,
    Reference,
    Other,
}

fn number(bytes: &[u8]) -> Option<usize> {
    let mut value = 0_usize;
    for byte in bytes {
        value = value.checked_mul(256)?.checked_add(usize::from(*byte))?;
    }
    Some(value)
}

/// What stands at the beginning of `bytes`; `None`: not MessagePack that serde writes.
fn token(bytes: &[u8]) -> Option<Token> {
    let marker = *bytes.first()?;
    let sized = |width: usize| number(bytes.get(1..1 + width)?);
    let (head, body, what): (usize, usize, What) = match marker {
        0xa0..=0xbf => (1, usize::from(marker & 0x1f), What::Text),
        0xd9 => (2, sized(1)?, What::Text),
        0xda => (3, sized(2)?, What::Text),
        0xdb => (5, sized(4)?, What::Text),
        0xc4 => (2, sized(1)?, What::Other),
        0xc5 => (3, sized(2)?, What::Other),
        0xc6 => (5, sized(4)?, What::Other),
        0xcc | 0xd0 => (1, 1, What::Other),
        0xcd | 0xd1 => (1, 2, What::Other),
        0xca | 0xce | 0xd2 => (1, 4, What::Other),
        0xcb | 0xcf | 0xd3 => (1, 8, What::Other),
        0xd4..=0xd6 if bytes.get(1) == Some(&REFERENCE) => {
            (2, 1 << (marker - 0xd4), What::Reference)
        }
        0xdc | 0xde => (3, 0, What::Other),
        0xdd | 0xdf => (5, 0, What::Other),
        // Not used by the format, or an extension that is not ours.
        0xc1 | 0xc7..=0xc9 | 0xd4..=0xd8 => return None,
        // Small numbers, small arrays and maps, nil, booleans: one byte.
        _ => (1, 0, What::Other),
    };
    let is_there = bytes.len() >= head.checked_add(body)?;
    is_there.then_some(Token { head, body, what })
}

fn refer(index: u32, packed: &mut Vec<u8>) {
    let [a, b, c, d] = index.to_be_bytes();
    match index {
        0..=0xff => packed.extend([0xd4, REFERENCE, d]),
        0x100..=0xffff => packed.extend([0xd5, REFERENCE, c, d]),
        _ => packed.extend([0xd6, REFERENCE, a, b, c, d]),
    }
}

/// Appends `plain` without its repeated strings. What is not MessagePack is appended as it is.
pub(super) fn pack(plain: &[u8], packed: &mut Vec<u8>) {
    let mut seen: HashMap<&[u8], u32, Xxh3DefaultBuilder> = HashMap::default();
    let mut rest = plain;
    while let Some(Token { head, body, what }) = token(rest) {
        let (whole, after) = rest.split_at(head + body);
        rest = after;
        if !matches!(what, What::Text) || body < SHARED_BYTES_MIN {
            packed.extend_from_slice(whole);
            continue;
        }
        let next = u32::try_from(seen.len()).unwrap_or(u32::MAX);
        match seen.get(whole) {
            Some(index) => refer(*index, packed),
            None => {
                packed.extend_from_slice(whole);
                seen.insert(whole, next);
            }
        }
    }
    packed.extend_from_slice(rest);
}

/// What was packed; `None`: it cannot have been, or it is larger than `bytes_max`.
pub(super) fn unpack(packed: &[u8], bytes_max: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(packed.len().saturating_mul(2).min(bytes_max));
    let mut seen: Vec<&[u8]> = Vec::new();
    let mut rest = packed;
    while !rest.is_empty() {
        let Token { head, body, what } = token(rest)?;
        let (whole, after) = rest.split_at_checked(head.checked_add(body)?)?;
        rest = after;
        let found = match what {
            What::Reference => *seen.get(number(whole.get(head..)?)?)?,
            What::Text | What::Other => whole,
        };
        if plain.len().checked_add(found.len())? > bytes_max {
            return None;
        }
        plain.extend_from_slice(found);
        if matches!(what, What::Text) && body >= SHARED_BYTES_MIN {
            seen.push(whole);
        }
    }
    Some(plain)
}
