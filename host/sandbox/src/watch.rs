//! The clock and the cancel point of one invocation.
//!
//! The one idea: a guest is looked at from two sides. While it runs, the epoch
//! callback asks at each tick; while it waits in a host call, [`supervise`]
//! asks, by a timer. Either way the answer is the same `interrupt`.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use thiserror::Error;

use crate::clock::{Stopwatch, nap};
use crate::{Monitor, limits};

/// Why a guest is stopped from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum Interrupt {
    #[error("the time is used up")]
    TimedOut,
    #[error("the attempt is cancelled")]
    Cancelled,
}

/// Knows when an invocation has to stop. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Watch {
    stopwatch: Stopwatch,
    timeout_ms: u64,
    monitor: Arc<dyn Monitor>,
}

impl Watch {
    /// Starts to count now.
    pub(crate) fn start(timeout_ms: u64, monitor: Arc<dyn Monitor>) -> Watch {
        Watch {
            stopwatch: Stopwatch::start(),
            timeout_ms,
            monitor,
        }
    }

    pub(crate) fn stopwatch(&self) -> &Stopwatch {
        &self.stopwatch
    }

    pub(crate) fn monitor(&self) -> &Arc<dyn Monitor> {
        &self.monitor
    }

    /// Milliseconds until the function's own timeout.
    pub(crate) fn remaining_ms(&self) -> u64 {
        self.timeout_ms.saturating_sub(self.stopwatch.elapsed_ms())
    }

    /// Why to stop now, if so. Cancellation comes first: whoever cancelled does
    /// not want to hear of a timeout.
    pub(crate) fn interrupt(&self) -> Option<Interrupt> {
        if self.monitor.is_cancelled() {
            Some(Interrupt::Cancelled)
        } else if self.remaining_ms() == 0 {
            Some(Interrupt::TimedOut)
        } else {
            None
        }
    }
}

/// Runs `call` to its end, or drops it as soon as the watch says so. A call
/// that never waits costs no timer.
pub(crate) async fn supervise<F: Future>(call: F, watch: &Watch) -> Result<F::Output, Interrupt> {
    let mut call = pin!(call);
    let mut timer = None;
    poll_fn(move |context| {
        if let Poll::Ready(output) = call.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        loop {
            if let Some(interrupt) = watch.interrupt() {
                return Poll::Ready(Err(interrupt));
            }
            let wait = timer.get_or_insert_with(|| {
                Box::pin(nap(watch.remaining_ms().clamp(1, limits::WAITING_CHECK_MS)))
            });
            if wait.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            timer = None;
        }
    })
    .await
}
