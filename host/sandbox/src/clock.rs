//! The one place of this crate that reads a clock or waits.
//!
//! Nothing here decides anything. The rest of the crate sees durations since
//! the start of a call, never the time of day.

use std::time::{Duration, Instant};

/// Measures from when it is made. Monotonic.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(
        clippy::disallowed_methods,
        reason = "limits and usage are real time, whatever clock the caller runs on"
    )]
    pub(crate) fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(crate) fn elapsed_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// Resolves after a while. Needs a tokio runtime with its timer enabled.
#[expect(
    clippy::disallowed_methods,
    reason = "a guest that waits in a host call still has to be looked at"
)]
pub(crate) fn nap(ms: u64) -> tokio::time::Sleep {
    tokio::time::sleep(Duration::from_millis(ms))
}
