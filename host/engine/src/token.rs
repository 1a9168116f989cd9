//! Task tokens (DESIGN D7): no table holds them. A token says which attempt of which execution it
//! answers and carries a MAC; it is valid while the execution still waits for that attempt.
//!
//! Text form: base64url of `version byte, MAC (16 bytes), attempt (8 bytes), start of the execution
//! (8 bytes), execution ARN`. The start tells an execution from an older one of the same name, which
//! may be used again once that one is forgotten.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::ids::{AttemptId, ExecutionArn, Timestamp};

const VERSION: u8 = 1;
const MAC_BYTES: usize = 16;
const HEAD_BYTES: usize = 1 + MAC_BYTES + 8 + 8;

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
    /// When that one was started.
    pub started_at: Timestamp,
    /// The attempt it waits for.
    pub attempt: AttemptId,
}

impl TokenKey {
    /// A key from secret bytes.
    pub fn new(secret: [u8; 32]) -> TokenKey {
        TokenKey(secret)
    }

    /// The token of an attempt: the same for the same key and target.
    pub fn mint(&self, target: &TokenTarget) -> String {
        let mac = self.keyed(target).finalize().into_bytes();
        let arn = target.execution.as_str().as_bytes();
        let mut bytes = Vec::with_capacity(HEAD_BYTES + arn.len());
        bytes.push(VERSION);
        bytes.extend(mac.iter().take(MAC_BYTES));
        bytes.extend(target.attempt.0.to_be_bytes());
        bytes.extend(target.started_at.0.to_be_bytes());
        bytes.extend(arn);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What the token names; `None` when it was not made with this key.
    pub fn open(&self, token: &str) -> Option<TokenTarget> {
        if token.len() > TOKEN_CHARS_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (version, rest) = bytes.split_first()?;
        let (mac, rest) = rest.split_at_checked(MAC_BYTES)?;
        let (attempt, rest) = rest.split_first_chunk()?;
        let (started_at, arn) = rest.split_first_chunk()?;
        if *version != VERSION {
            return None;
        }
        let target = TokenTarget {
            execution: ExecutionArn(std::str::from_utf8(arn).ok()?.into()),
            started_at: Timestamp(i64::from_be_bytes(*started_at)),
            attempt: AttemptId(u64::from_be_bytes(*attempt)),
        };
        self.keyed(&target).verify_truncated_left(mac).ok()?;
        Some(target)
    }

    fn keyed(&self, target: &TokenTarget) -> Hmac<Sha256> {
        // HMAC pads a short key with zeros: 32 secret bytes in a block of 64.
        let mut block = [0; 64];
        block
            .iter_mut()
            .zip(self.0)
            .for_each(|(to, from)| *to = from);
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        mac.update(&[VERSION]);
        mac.update(&target.attempt.0.to_be_bytes());
        mac.update(&target.started_at.0.to_be_bytes());
        mac.update(target.execution.as_str().as_bytes());
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

    fn target() -> TokenTarget {
        let arn = "arn:aws:states:us-east-1:123456789012:execution:orders:one";
        TokenTarget {
            execution: ExecutionArn(arn.into()),
            started_at: Timestamp(1_767_225_600_000_000),
            attempt: AttemptId(3),
        }
    }

    #[test]
    fn a_token_names_its_attempt() {
        let key = TokenKey::new([7; 32]);
        let token = key.mint(&target());
        assert_eq!(key.open(&token), Some(target()));
    }

    #[test]
    fn a_token_of_the_longest_names_is_within_the_limit() {
        let key = TokenKey::new([7; 32]);
        let name = "n".repeat(80);
        let arn = format!(
            "arn:aws-us-gov:states:us-gov-east-1:123456789012:execution:{name}/{name}:{name}"
        );
        let target = TokenTarget {
            execution: ExecutionArn(arn.into()),
            ..target()
        };
        assert!(key.mint(&target).len() <= TOKEN_CHARS_MAX);
    }

    #[test]
    fn another_execution_of_the_same_name_has_other_tokens() {
        let key = TokenKey::new([7; 32]);
        let later = TokenTarget {
            started_at: Timestamp(1_767_225_600_000_001),
            ..target()
        };
        assert_ne!(key.mint(&target()), key.mint(&later));
    }

    #[test]
    fn a_token_of_another_key_or_with_one_letter_changed_is_refused() {
        let key = TokenKey::new([7; 32]);
        let token = key.mint(&target());
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
        for token in ["", "AQ", "not base64!", &"A".repeat(44), &"A".repeat(5_000)] {
            assert_eq!(key.open(token), None);
        }
    }
}
