//! Retry (ASL.md §4.1): the first retrier that matches is the one that counts; when it is used up the
//! later ones are not asked.

use std::collections::BTreeMap;

use asl::Retrier;
use asl::errors::Failure;

use crate::limits;

/// The retrier that takes a failure.
pub(super) struct Choice<'a> {
    pub(super) index: u32,
    retrier: &'a Retrier,
    /// How often it was used before.
    used: u64,
}

/// The retrier to use, if one matches and has attempts left.
pub(super) fn choose<'a>(
    retriers: &'a [Retrier],
    counts: &BTreeMap<u32, u64>,
    failure: &Failure<'_>,
) -> Option<Choice<'a>> {
    let (index, retrier) = (0_u32..)
        .zip(retriers)
        .find(|(_, retrier)| asl::errors::matches(&retrier.error_equals, failure))?;
    let used = counts.get(&index).copied().unwrap_or(0);
    (used < retrier.max_attempts).then_some(Choice {
        index,
        retrier,
        used,
    })
}

impl Choice<'_> {
    /// `min(IntervalSeconds × BackoffRate^used, MaxDelaySeconds)` in µs; with full jitter a share of
    /// it, `unit` in 0..1.
    pub(super) fn delay_us(&self, unit: f64) -> u64 {
        let seconds = seconds_f64(self.retrier.interval_seconds)
            * self.retrier.backoff_rate.powf(seconds_f64(self.used));
        let longest = self
            .retrier
            .max_delay_seconds
            .unwrap_or(limits::RETRY_DELAY_SECONDS_MAX);
        let bounded = seconds.min(seconds_f64(longest.min(limits::RETRY_DELAY_SECONDS_MAX)));
        let share = if self.retrier.full_jitter {
            bounded * unit
        } else {
            bounded
        };
        micros(share)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "definitions hold at most 99999999 here"
)]
fn seconds_f64(seconds: u64) -> f64 {
    seconds as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "float to integer casts saturate, and the value is between 0 and a year"
)]
fn micros(seconds: f64) -> u64 {
    (seconds.max(0.0) * 1e6).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retrier(interval: u64, rate: f64, max_delay: Option<u64>, jitter: bool) -> Retrier {
        Retrier {
            error_equals: vec!["States.ALL".into()],
            interval_seconds: interval,
            max_attempts: 3,
            backoff_rate: rate,
            max_delay_seconds: max_delay,
            full_jitter: jitter,
        }
    }

    fn delay(retrier: &Retrier, used: u64, unit: f64) -> u64 {
        Choice {
            index: 0,
            retrier,
            used,
        }
        .delay_us(unit)
    }

    #[test]
    fn retry_waits_interval_times_backoff() {
        let retrier = retrier(2, 1.5, None, false);
        let delays: Vec<u64> = (0..4).map(|used| delay(&retrier, used, 0.3)).collect();
        assert_eq!(delays, [2_000_000, 3_000_000, 4_500_000, 6_750_000]);
    }

    #[test]
    fn max_delay_caps_the_delay_and_the_exponent_goes_on_below_it() {
        let retrier = retrier(10, 2.0, Some(25), false);
        assert_eq!(delay(&retrier, 1, 0.0), 20_000_000);
        assert_eq!(delay(&retrier, 2, 0.0), 25_000_000);
    }

    #[test]
    fn full_jitter_is_a_share_of_the_delay() {
        let retrier = retrier(4, 1.0, None, true);
        assert_eq!(delay(&retrier, 0, 0.0), 0);
        assert_eq!(delay(&retrier, 0, 0.25), 1_000_000);
    }

    #[test]
    fn no_delay_is_longer_than_a_year_however_large_the_numbers() {
        let retrier = retrier(99_999_999, 1e300, None, false);
        assert_eq!(delay(&retrier, 99_999_998, 0.0), 31_536_000_000_000);
    }
}
