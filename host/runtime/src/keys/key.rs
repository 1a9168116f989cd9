//! One access key.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use engine::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::statement::{Denied, Effect, Statement};
use crate::limits::{KEY_ID_CHARS_MAX, KEY_ID_CHARS_MIN, KEY_NAME_CHARS_MAX};

/// Base 32 as AWS has it: no 0, 1, 8, 9, which are read as letters.
const ID_ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// What ids of long-lived keys begin with.
const ID_PREFIX: &str = "AKIA";
const ID_RANDOM_CHARS: usize = 16;
/// 40 characters in base 64, as AWS's secrets have.
const SECRET_BYTES: usize = 30;

/// The id of an access key: capital letters and digits, so that it is a file's name and never a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// The id with this text, if it can be one.
    pub fn parse(text: &str) -> Option<KeyId> {
        let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let length = KEY_ID_CHARS_MIN..=KEY_ID_CHARS_MAX;
        let is_id = length.contains(&text.len()) && text.bytes().all(fits);
        is_id.then(|| KeyId(text.to_owned()))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for KeyId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<KeyId, D::Error> {
        let text = String::deserialize(deserializer)?;
        KeyId::parse(&text).ok_or_else(|| serde::de::Error::custom("no key id"))
    }
}

/// The secret of an access key. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text: to sign with, or to be shown to whoever has just made the key.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(not shown)")
    }
}

/// An access key: who signs with it, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Its id, which every request names.
    pub id: KeyId,
    /// Its secret, which no request contains.
    pub secret: Secret,
    /// Whose it is, as messages name them: `user/NAME`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When it was made: ISO 8601, UTC.
    pub created: String,
    /// Whether it is refused, as if it were not there.
    #[serde(default)]
    pub disabled: bool,
    /// What it may and may not do. Without any it may do nothing.
    #[serde(default)]
    pub statements: Vec<Statement>,
}

/// A name that a user cannot have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no user name: 1 to 64 letters, digits and any of +=,.@_-")]
pub struct InvalidName(pub String);

/// Whether a user can have this name; AWS's rule.
///
/// # Errors
/// [`InvalidName`].
pub fn check_name(name: &str) -> Result<(), InvalidName> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    if (1..=KEY_NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(fits) {
        Ok(())
    } else {
        Err(InvalidName(name.to_owned()))
    }
}

impl Key {
    /// A new key, whose id and secret come from the operating system's randomness.
    pub(super) fn generate(
        name: Option<String>,
        statements: Vec<Statement>,
        now: Timestamp,
    ) -> Key {
        let letters = random_bytes().into_iter().take(ID_RANDOM_CHARS);
        let letters = letters.filter_map(|byte| ID_ALPHABET.get(usize::from(byte % 32)));
        let id = ID_PREFIX
            .chars()
            .chain(letters.map(|byte| char::from(*byte)));
        let secret: Vec<u8> = random_bytes().into_iter().take(SECRET_BYTES).collect();
        Key {
            id: KeyId(id.collect()),
            secret: Secret(BASE64_STANDARD.encode(secret)),
            name,
            created: now.to_iso_millis(),
            disabled: false,
            statements,
        }
    }

    /// How messages name whoever signs with it.
    pub fn user(&self) -> &str {
        self.name.as_deref().unwrap_or(self.id.as_str())
    }

    /// Whether its statements allow the action (`states:StartExecution`) on the resource (an ARN, or `*`).
    /// A statement that denies outweighs all that allow; without any that allows, it is not allowed.
    ///
    /// # Errors
    /// [`Denied`].
    pub fn authorize(&self, action: &str, resource: &str) -> Result<(), Denied> {
        let mut denied = Err(Denied::Unsaid);
        for statement in &self.statements {
            if statement.covers(action, resource) {
                match statement.effect {
                    Effect::Deny => return Err(Denied::Explicit),
                    Effect::Allow => denied = Ok(()),
                }
            }
        }
        denied
    }
}

/// Random bytes without the fixed bits of a UUID: four of them have 488 random bits.
fn random_bytes() -> [u8; 32] {
    let mut hash = Sha256::new();
    for _ in 0..4 {
        hash.update(Uuid::new_v4().as_bytes());
    }
    hash.finalize().into()
}
