//! Keys derived from secrets: for a day, a region and a service each.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use hmac::{Hmac, KeyInit as _, Mac as _};
use runtime::Key;
use runtime::keys::KeyId;
use sha2::Sha256;

use super::claim::hex;
use crate::limits::SIGNING_KEYS_MAX;

type HmacSha256 = Hmac<Sha256>;

/// What strings are signed with.
#[derive(Clone)]
pub struct SigningKey([u8; 32]);

impl SigningKey {
    /// The key of a secret for this day (`20150830`), region and service.
    pub fn derive(secret: &str, date: &str, region: &str, service: &str) -> SigningKey {
        let first = format!("AWS4{secret}");
        let parts = [region, service, "aws4_request"];
        let day = mac(first.as_bytes(), date.as_bytes());
        SigningKey(
            parts
                .iter()
                .fold(day, |key, part| mac(&key, part.as_bytes())),
        )
    }

    /// The signature of a text.
    pub fn sign(&self, text: &[u8]) -> String {
        hex(&mac(&self.0, text))
    }

    /// Whether it gives this signature, 64 digits of lower-case hexadecimal. How long that takes says
    /// nothing of the right one.
    pub fn verifies(&self, text: &[u8], signature: &str) -> bool {
        let Some(signature) = from_hex(signature) else {
            return false;
        };
        let Ok(mut hmac) = HmacSha256::new_from_slice(&self.0) else {
            return false;
        };
        hmac.update(text);
        hmac.verify_slice(&signature).is_ok()
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(not shown)")
    }
}

fn mac(key: &[u8], text: &[u8]) -> [u8; 32] {
    // A key of HMAC's may have any length.
    let Ok(mut hmac) = HmacSha256::new_from_slice(key) else {
        return [0; 32];
    };
    hmac.update(text);
    hmac.finalize().into_bytes().into()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != 32 || !rest.is_empty() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

/// Keys that have verified something, so that they are derived once a day and not for each request.
#[derive(Debug, Default)]
pub struct SigningKeys(Mutex<HashMap<Scope, (Arc<Key>, SigningKey)>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Scope {
    id: KeyId,
    date: String,
    region: String,
    service: String,
}

impl SigningKeys {
    /// Whether the key gives the signature. Only what does is kept: nobody without a key takes room.
    pub(super) fn verify(
        &self,
        key: &Arc<Key>,
        (date, region, service): (&str, &str, &str),
        text: &[u8],
        signature: &str,
    ) -> bool {
        let scope = Scope {
            id: key.id.clone(),
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
        };
        let kept = {
            let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // The same `Arc` is the same file: a secret that was replaced does not live on here.
            let kept = kept.get(&scope).filter(|(of, _)| Arc::ptr_eq(of, key));
            kept.map(|(_, derived)| derived.clone())
        };
        if let Some(derived) = kept {
            return derived.verifies(text, signature);
        }
        let derived = SigningKey::derive(key.secret.reveal(), date, region, service);
        if !derived.verifies(text, signature) {
            return false;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= SIGNING_KEYS_MAX {
            kept.clear();
        }
        kept.insert(scope, (key.clone(), derived));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of AWS's documentation.
    #[test]
    fn the_key_of_the_documentation_is_derived() {
        let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let key = SigningKey::derive(secret, "20150830", "us-east-1", "iam");
        let expected = "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9";
        assert_eq!(Some(key.0), from_hex(expected));
        assert!(!format!("{key:?}").contains("196"));
    }

    #[test]
    fn a_signature_is_64_digits_of_lower_case_hexadecimal() {
        let digits = "0123456789abcdef".repeat(4);
        assert!(from_hex(&digits).is_some());
        assert!(from_hex(&digits.to_uppercase()).is_none());
        assert!(from_hex(&digits[1..]).is_none());
        assert!(from_hex(&format!("{digits}00")).is_none());
        assert!(from_hex(&digits.replace('0', "g")).is_none());
        assert!(from_hex(&digits.replace("01", "ü")).is_none());
    }
}
