//! Token buckets: how fast one key may ask for what.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use engine::Timestamp;

use crate::limits::{self, BUCKETS_MAX};

/// How fast requests of one class may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// So many at once.
    pub burst: u64,
    /// So many each second for ever.
    pub per_second: u64,
}

/// How fast one key may ask for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Operations that start executions.
    pub start: Rate,
    /// Operations that compile or run what comes with the request.
    pub compile: Rate,
    /// All others together.
    pub other: Rate,
}

impl Default for Rates {
    fn default() -> Rates {
        Rates {
            start: limits::RATE_START,
            compile: limits::RATE_COMPILE,
            other: limits::RATE_OTHER,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Class {
    Start,
    Compile,
    Other,
}

impl Class {
    fn of(operation: &str) -> Class {
        match operation {
            "StartExecution" | "StartSyncExecution" => Class::Start,
            "TestState"
            | "ValidateStateMachineDefinition"
            | "CreateStateMachine"
            | "UpdateStateMachine"
            | "CreateFunction"
            | "UpdateFunctionCode" => Class::Compile,
            _ => Class::Other,
        }
    }
}

/// A millionth of a token: what a rate of one per second gives in 1 µs.
const TOKEN: u64 = 1_000_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    millionths: u64,
    at: Timestamp,
}

impl Bucket {
    /// What has flowed into it until now.
    fn filled(self, rate: Rate, now: Timestamp) -> Bucket {
        let since_us = now.micros_since(self.at);
        let gained = since_us.saturating_mul(rate.per_second);
        let most = rate.burst.saturating_mul(TOKEN);
        Bucket {
            millionths: self.millionths.saturating_add(gained).min(most),
            at: now.max(self.at),
        }
    }
}

/// The buckets of all keys.
#[derive(Debug)]
pub(super) struct Throttle {
    rates: Rates,
    buckets: Mutex<HashMap<(String, Class), Bucket>>,
}

impl Throttle {
    pub(super) fn new(rates: Rates) -> Throttle {
        Throttle {
            rates,
            buckets: Mutex::default(),
        }
    }

    /// Takes a token of this caller for this operation, if there is one. Only callers who are known
    /// have buckets.
    pub(super) fn admits(&self, caller: &str, operation: &str, now: Timestamp) -> bool {
        let class = Class::of(operation);
        let rate = self.rate(class);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= BUCKETS_MAX {
            // A bucket that is full is as good as none.
            buckets.retain(|(_, class), bucket| {
                let rate = self.rate(*class);
                bucket.filled(rate, now).millionths < rate.burst.saturating_mul(TOKEN)
            });
        }
        let full = Bucket {
            millionths: rate.burst.saturating_mul(TOKEN),
            at: now,
        };
        let bucket = buckets.entry((caller.to_owned(), class)).or_insert(full);
        *bucket = bucket.filled(rate, now);
        match bucket.millionths.checked_sub(TOKEN) {
            Some(left) => {
                bucket.millionths = left;
                true
            }
            None => false,
        }
    }

    fn rate(&self, class: Class) -> Rate {
        match class {
            Class::Start => self.rates.start,
            Class::Compile => self.rates.compile,
            Class::Other => self.rates.other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle() -> Throttle {
        Throttle::new(Rates {
            start: Rate {
                burst: 3,
                per_second: 2,
            },
            ..Rates::default()
        })
    }

    fn at(ms: i64) -> Timestamp {
        Timestamp(ms * 1_000)
    }

    #[test]
    fn a_burst_is_followed_by_the_rate() {
        let throttle = throttle();
        let start = |ms| throttle.admits("A", "StartExecution", at(ms));
        assert_eq!(
            [start(0), start(0), start(0), start(0)],
            [true, true, true, false]
        );
        assert_eq!([start(499), start(500), start(500)], [false, true, false]);
        assert_eq!([start(60_000), start(60_000), start(60_000)], [true; 3]);
        assert!(!start(60_000), "no more than the burst is saved");
    }

    #[test]
    fn keys_and_classes_have_buckets_of_their_own() {
        let throttle = throttle();
        let admits = |caller, operation| throttle.admits(caller, operation, at(0));
        for _ in 0..3 {
            assert!(admits("A", "StartExecution"));
        }
        assert!(!admits("A", "StartSyncExecution"));
        assert!(admits("B", "StartExecution"));
        assert!(admits("A", "DescribeExecution"));
    }

    #[test]
    fn a_clock_that_is_set_back_fills_nothing_and_takes_nothing() {
        let throttle = throttle();
        let start = |ms| throttle.admits("A", "StartExecution", at(ms));
        assert_eq!(
            [start(1_000), start(0), start(0), start(0)],
            [true, true, true, false]
        );
        assert!(!start(1_000));
        assert!(start(1_500));
    }

    #[test]
    fn buckets_that_are_full_again_are_forgotten() {
        let throttle = throttle();
        for caller in 0..BUCKETS_MAX {
            assert!(throttle.admits(&caller.to_string(), "StartExecution", at(0)));
        }
        assert!(throttle.admits("one more", "StartExecution", at(10_000)));
        assert_eq!(throttle.buckets.lock().unwrap().len(), 1);
    }
}
