//! The one place that reads the clock. Everything else is told the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use engine::Timestamp;
use tokio::sync::Notify;

/// How long a wait goes on before it looks at the clock again (s): a clock that was told to jump wakes it
/// anyway.
const LOOK_AGAIN_SECONDS: u64 = 3_600;

/// Tells the time. A clone tells the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Wall clock at the start; from then on only the monotonic clock counts, so that a wall clock
    /// that is set back reorders nothing (I15).
    started_at: i64,
    started: Instant,
    skips: bool,
    skipped_us: AtomicI64,
    jumped: Notify,
}

impl Clock {
    /// The real time.
    pub fn real() -> Clock {
        Clock::new(false)
    }

    /// Real time that jumps to the next timer whenever nothing is running: a Wait of a day takes no
    /// time, and the history shows the day. For tests and trial runs.
    pub fn skipping() -> Clock {
        Clock::new(true)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    fn new(skips: bool) -> Clock {
        let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let started_at = since_epoch.map_or(0, |since| {
            i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
        });
        Clock(Arc::new(Inner {
            started_at,
            started: Instant::now(),
            skips,
            skipped_us: AtomicI64::new(0),
            jumped: Notify::new(),
        }))
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.0.started.elapsed().as_micros()).unwrap_or(i64::MAX);
        let skipped = self.0.skipped_us.load(Ordering::Relaxed);
        Timestamp(
            self.0
                .started_at
                .saturating_add(elapsed)
                .saturating_add(skipped),
        )
    }

    /// Whether it jumps over idle time.
    pub fn skips(&self) -> bool {
        self.0.skips
    }

    /// Jumps to `at`, if that is later than now.
    pub(crate) fn skip_to(&self, at: Timestamp) {
        let ahead = at.0.saturating_sub(self.now().0).max(0);
        self.0.skipped_us.fetch_add(ahead, Ordering::Relaxed);
        self.0.jumped.notify_waiters();
    }

    /// Waits until it is `at`, or the clock has jumped there. Needs tokio's timer.
    pub async fn reached(&self, at: Timestamp) {
        loop {
            let mut jumped = std::pin::pin!(self.0.jumped.notified());
            jumped.as_mut().enable();
            let left_us = at.micros_since(self.now());
            if left_us == 0 {
                return;
            }
            let left = Duration::from_micros(left_us).min(Duration::from_secs(LOOK_AGAIN_SECONDS));
            // Either way it is the clock that says whether it is time.
            let _ = tokio::time::timeout(left, jumped).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipping_clock_is_at_the_time_it_was_told_to_jump_to() {
        let clock = Clock::skipping();
        let tomorrow = clock.now().plus_seconds(86_400);
        clock.skip_to(tomorrow);
        assert!(clock.now() >= tomorrow);
        assert!(clock.now() < tomorrow.plus_seconds(60));
    }

    #[tokio::test]
    async fn who_waits_for_a_moment_is_woken_when_the_clock_jumps_there() {
        let clock = Clock::skipping();
        let tomorrow = clock.now().plus_seconds(86_400);
        let jump = async { clock.skip_to(tomorrow) };
        tokio::join!(clock.reached(tomorrow), jump);
        assert!(clock.now() >= tomorrow);
    }
}
