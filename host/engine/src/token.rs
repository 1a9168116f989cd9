//! Task tokens (DESIGN D7): no table holds them. A token says which attempt of which execution it
//! answers and carries a MAC; it is valid while the execution still waits for that attempt.
//!
//! Text form: base64url of `version byte, MAC (16 bytes), attempt (8 bytes), execution ARN`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::ids::{AttemptId, ExecutionArn};

const VERSION: u8 = 1;
const MAC_BYTES: usize = 16;
const HEAD_BYTES: usize = 1 + MAC_BYTES + 8;

/// Longest token that is looked at (characters). Source: AWS API model.
const TOKEN_CHARS_MAX: usize = 2_048;

/// The key that signs tokens. One per installation.
#[derive(Clone)]
pub struct TokenKey([u8; 32]);

/// What a valid token names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenTarget {
    /// The execution that waits.
    pub execution: ExecutionArn,
    /// The attempt it waits for.
    pub attempt: AttemptId,
}

impl TokenKey {
    /// A key from secret bytes.
    pub fn new(secret: [u8; 32]) -> TokenKey {
        TokenKey(secret)
    }

    /// The token of an attempt: the same for the same key, execution and attempt.
    pub fn mint(&self, execution: &ExecutionArn, attempt: AttemptId) -> String {
        let mac = self.mac(execution, attempt);
        let mut bytes = Vec::with_capacity(HEAD_BYTES + execution.as_str().len());
        bytes.push(VERSION);
        bytes.extend(mac.iter().take(MAC_BYTES));
        bytes.extend(attempt.0.to_be_bytes());
        bytes.extend(execution.as_str().as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What the token names; `None` when it was not made with this key.
    pub fn open(&self, token: &str) -> Option<TokenTarget> {
        if token.len() > TOKEN_CHARS_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (head, arn) = bytes.split_at_checked(HEAD_BYTES)?;
        let (version, rest) = head.split_first()?;
        let (mac, attempt) = rest.split_at_checked(MAC_BYTES)?;
        if *version != VERSION {
            return None;
        }
        let execution = ExecutionArn(std::str::from_utf8(arn).ok()?.into());
        let attempt = AttemptId(u64::from_be_bytes(attempt.try_into().ok()?));
        self.keyed(&execution, attempt)
            .verify_truncated_left(mac)
            .ok()?;
        Some(TokenTarget { execution, attempt })
    }

    fn mac(&self, execution: &ExecutionArn, attempt: AttemptId) -> [u8; 32] {
        self.keyed(execution, attempt)
            .finalize()
            .into_bytes()
            .into()
    }

    fn keyed(&self, execution: &ExecutionArn, attempt: AttemptId) -> Hmac<Sha256> {
        // HMAC pads a short key with zeros: 32 secret bytes in a block of 64.
        let mut block = [0; 64];
        block
            .iter_mut()
            .zip(self.0)
            .for_each(|(to, from)| *to = from);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(&[VERSION]);
        mac.update(&attempt.0.to_be_bytes());
        mac.update(execution.as_str().as_bytes());
        mac
    }
}

impl std::fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn() -> ExecutionArn {
        ExecutionArn("arn:aws:states:us-east-1:123456789012:execution:orders:one".into())
    }

    #[test]
    fn a_token_names_its_attempt() {
        let key = TokenKey::new([7; 32]);
        let token = key.mint(&arn(), AttemptId(3));
        assert_eq!(
            key.open(&token),
            Some(TokenTarget {
                execution: arn(),
                attempt: AttemptId(3)
            })
        );
        assert!(token.len() <= TOKEN_CHARS_MAX);
    }

    #[test]
    fn a_token_of_another_key_or_with_one_letter_changed_is_refused() {
        let key = TokenKey::new([7; 32]);
        let token = key.mint(&arn(), AttemptId(3));
        assert_eq!(TokenKey::new([8; 32]).open(&token), None);
        for place in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_ne!(key.open(&changed), key.open(&token), "at {place}");
        }
    }

    #[test]
    fn garbage_is_refused() {
        let key = TokenKey::new([7; 32]);
        for token in ["", "AQ", "not base64!", &"A".repeat(5_000)] {
            assert_eq!(key.open(token), None);
        }
    }
}
