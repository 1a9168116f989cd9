//! `ReceiveRequestAttemptId`: who lost the answer to a receive of a FIFO queue may ask for the same
//! messages again. Kept in memory: a restart forgets it, and the messages come after their visibility
//! timeout.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use engine::Timestamp;

use crate::limits::{RECEIVE_ATTEMPT_SECONDS, RECEIVE_ATTEMPTS_MAX};

/// Messages by the id of the attempt that received them.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    received: BTreeMap<Arc<str>, Vec<(u64, u32)>>,
    by_age: VecDeque<(Timestamp, Arc<str>)>,
}

impl Attempts {
    /// What the attempt of this id received: numbers of messages and how often each had been received.
    pub(super) fn get(&mut self, id: &str, now: Timestamp) -> Option<Vec<(u64, u32)>> {
        self.forget(now, RECEIVE_ATTEMPTS_MAX);
        self.received.get(id).cloned()
    }

    /// Remembers what an attempt received.
    pub(super) fn put(&mut self, id: &str, received: Vec<(u64, u32)>, now: Timestamp) {
        self.forget(now, RECEIVE_ATTEMPTS_MAX - 1);
        let id: Arc<str> = id.into();
        if self.received.insert(id.clone(), received).is_none() {
            self.by_age.push_back((now, id));
        }
    }

    fn forget(&mut self, now: Timestamp, max: usize) {
        while let Some((at, id)) = self.by_age.front()
            && (self.by_age.len() > max || at.plus_seconds(RECEIVE_ATTEMPT_SECONDS) <= now)
        {
            self.received.remove(id);
            self.by_age.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_remembered_for_five_minutes() {
        let mut attempts = Attempts::default();
        attempts.put("a", vec![(1, 1)], Timestamp(0));
        let last = Timestamp(299_999_999);
        assert_eq!(attempts.get("a", last), Some(vec![(1, 1)]));
        assert_eq!(attempts.get("a", Timestamp(300_000_000)), None);
    }

    #[test]
    fn the_oldest_attempt_makes_room_for_a_new_one() {
        let mut attempts = Attempts::default();
        for index in 0..=RECEIVE_ATTEMPTS_MAX {
            attempts.put(&index.to_string(), Vec::new(), Timestamp(0));
        }
        assert_eq!(attempts.get("0", Timestamp(0)), None);
        assert_eq!(attempts.get("1", Timestamp(0)), Some(Vec::new()));
    }
}
