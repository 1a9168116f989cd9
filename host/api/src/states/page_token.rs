//! `nextToken`: where the next page begins. A token is opaque to clients, belongs to the arguments of its
//! request, and is refused after a day (ASL.md §8.1).
//!
//! It carries a checksum and no MAC: who makes one up learns nothing that the same request without it
//! would not have shown.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use engine::Timestamp;
use sha2::{Digest, Sha256};

use crate::error::ApiError;
use crate::limits::PAGE_TOKEN_SECONDS_MAX;

const VERSION: u8 = 1;
const CHECK_BYTES: usize = 16;
const HEAD_BYTES: usize = 1 + 8 + CHECK_BYTES;

/// The arguments that have to be the same for every page: the name of the operation first.
pub(super) struct Scope(Sha256);

impl Scope {
    pub(super) fn of(operation: &'static str) -> Scope {
        Scope(Sha256::new()).with(Some(operation))
    }

    /// The same with one more argument.
    pub(super) fn with(mut self, argument: Option<&str>) -> Scope {
        // Its length first, so that no two lists of arguments read alike.
        let length = argument.map_or(u64::MAX, |text| text.len() as u64);
        self.0.update(length.to_be_bytes());
        self.0.update(argument.unwrap_or_default());
        self
    }

    /// The token of a page that begins at `place`.
    pub(super) fn token(&self, place: &str, now: Timestamp) -> String {
        let mut bytes = Vec::with_capacity(HEAD_BYTES + place.len());
        bytes.push(VERSION);
        bytes.extend(now.0.to_be_bytes());
        bytes.extend(self.check(place, now));
        bytes.extend(place.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place where the page of this token begins.
    ///
    /// # Errors
    /// `InvalidToken`: it is none of ours, of other arguments, or too old.
    pub(super) fn place(&self, token: &str, now: Timestamp) -> Result<String, ApiError> {
        self.read(token, now)
            .ok_or_else(|| ApiError::new("InvalidToken", "Invalid Token: 'Invalid token'"))
    }

    fn read(&self, token: &str, now: Timestamp) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (version, rest) = bytes.split_first()?;
        let (issued_at, rest) = rest.split_at_checked(8)?;
        let (check, place) = rest.split_at_checked(CHECK_BYTES)?;
        let issued_at = Timestamp(i64::from_be_bytes(issued_at.try_into().ok()?));
        let place = std::str::from_utf8(place).ok()?;
        let is_ours = *version == VERSION && check == self.check(place, issued_at);
        let is_fresh = now <= issued_at.plus_seconds(PAGE_TOKEN_SECONDS_MAX);
        (is_ours && is_fresh).then(|| place.to_owned())
    }

    fn check(&self, place: &str, issued_at: Timestamp) -> Vec<u8> {
        let mut hash = self.0.clone();
        hash.update(issued_at.0.to_be_bytes());
        hash.update(place);
        hash.finalize().into_iter().take(CHECK_BYTES).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000_000);

    fn scope(machine: &str, status: Option<&str>) -> Scope {
        Scope::of("ListExecutions").with(Some(machine)).with(status)
    }

    #[test]
    fn a_token_is_read_with_the_arguments_of_its_request_only() {
        let token = scope("one", Some("FAILED")).token("place", NOW);
        let place = scope("one", Some("FAILED")).place(&token, NOW);
        assert_eq!(place.as_deref(), Ok("place"));
        for other in [scope("two", Some("FAILED")), scope("one", None)] {
            let refused = other.place(&token, NOW).unwrap_err();
            assert_eq!(refused.code, "InvalidToken");
            assert_eq!(refused.message, "Invalid Token: 'Invalid token'");
        }
        let other = Scope::of("ListActivities").with(Some("one"));
        assert!(other.with(Some("FAILED")).place(&token, NOW).is_err());
    }

    #[test]
    fn a_token_is_good_for_a_day() {
        let token = scope("one", None).token("place", NOW);
        let a_day_later = NOW.plus_seconds(86_400);
        assert!(scope("one", None).place(&token, a_day_later).is_ok());
        let later = a_day_later.plus_micros(1);
        assert!(scope("one", None).place(&token, later).is_err());
    }

    #[test]
    fn a_token_with_one_letter_changed_and_garbage_are_refused() {
        let token = scope("one", None).token("place", NOW);
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(scope("one", None).place(&changed, NOW).is_err(), "at {at}");
        }
        for garbage in ["", "AQ", "not base64!", &"A".repeat(1_024)] {
            assert!(scope("one", None).place(garbage, NOW).is_err());
        }
    }
}
