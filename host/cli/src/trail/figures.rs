//! The sums of an execution: how much it did, how long it took and whose time that was, and what AWS
//! would have billed for it (ASL.md §10).
//!
//! **Overhead** is the time in which nothing but the engine was at work: the time of the execution
//! without the time in which at least one of its frames was *outside*. A frame is outside
//! - while a Wait or a retry delay is pending;
//! - while a task is out that somebody else answers (a callback, an activity, an integration), and
//!   while a task is out whose use is not known (it timed out or was stopped);
//! - for a task that ran in the sandbox, for the time inside the sandbox, taken to end with the task's
//!   event. What passes between handing a task out and its first instruction is thereby overhead: that
//!   is deciding, storing, dispatching and waiting for a thread.
//!
//! All times are those of the events. Everything that one input led to bears one time, so that an
//! execution that is decided in a single step took no time by its events.

use std::collections::BTreeMap;

use engine::{Event, EventKind, FrameId, Timestamp, Usage};

/// Price of one state transition of a Standard workflow (millionths of a US dollar). Source: AWS price
/// list, us-east-1; the free tier of 4,000 a month is left out.
const TRANSITION_MICRO_USD: u64 = 25;

/// Price of one Express execution (10⁻¹³ US dollars): $1.00 for a million. Source: AWS price list,
/// us-east-1.
const REQUEST_TENTH_PICO_USD: u64 = 10_000_000;

/// What the duration of an Express execution is rounded up to (µs). Source: AWS price list.
const EXPRESS_UNIT_US: u64 = 100_000;

/// Price of such a unit with the least memory that is billed, 64 MB (10⁻¹³ US dollars): 0.1 s ×
/// 64/1024 GB × $0.00001667 for a GB-second. Source: AWS price list, us-east-1, first tier. More
/// memory is billed for large definitions and payloads, which is left out.
const EXPRESS_UNIT_TENTH_PICO_USD: u64 = 1_041_875;

/// The sums of an execution.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// States entered.
    pub states: u64,
    /// State transitions as AWS counts them: states entered and retries.
    pub transitions: u64,
    /// From the start to the last event (µs).
    pub duration_us: u64,
    /// Time in which nothing but the engine was at work, for each state entered (µs, to a tenth); 0 if
    /// none was.
    pub overhead_us_per_state: f64,
    /// Time inside the sandbox, all attempts added up (µs): more than the duration where they overlap.
    pub task_us: u64,
    /// Fuel burnt, all attempts added up (wasmtime fuel units).
    pub fuel: u64,
    /// What AWS would have billed as Standard (US dollars), free tier left out.
    pub standard_usd: f64,
    /// What AWS would have billed as Express with 64 MB (US dollars), whether or not Express takes it.
    pub express_usd: f64,
}

/// Adds up.
#[derive(Clone, Debug, Default)]
pub(super) struct Meter {
    started_at: Timestamp,
    last_at: Timestamp,
    states: u64,
    retries: u64,
    task_us: u64,
    fuel: u64,
    /// Since when a frame is outside.
    outside: BTreeMap<FrameId, Timestamp>,
    /// When frames were outside: from, until.
    spans: Vec<(Timestamp, Timestamp)>,
}

impl Meter {
    /// Takes the next event.
    pub(super) fn follow(&mut self, event: &Event) {
        let (frame, at) = (event.frame, event.at);
        if let EventKind::ExecutionStarted { header, .. } = &event.kind {
            self.started_at = header.started_at;
        }
        self.last_at = at.max(self.last_at);
        match &event.kind {
            EventKind::StateEntered { .. } => self.states += 1,
            EventKind::RetryBegun => {
                self.retries += 1;
                self.close(frame, at);
            }
            EventKind::RetryArmed { .. }
            | EventKind::WaitArmed { .. }
            | EventKind::TaskScheduled { .. } => {
                self.outside.insert(frame, at);
            }
            EventKind::TaskSucceeded { usage, .. } | EventKind::TaskFailed { usage, .. } => {
                self.task_ended(frame, at, *usage);
            }
            EventKind::TaskTimedOut { .. } => self.close(frame, at),
            // Left to `close`, for one frame or for several.
            EventKind::StateExited { .. }
            | EventKind::StateAborted
            | EventKind::StateFailed(_)
            | EventKind::ChildFailed { .. }
            | EventKind::ExecutionSucceeded { .. }
            | EventKind::ExecutionFailed(_)
            | EventKind::ExecutionTimedOut(_)
            | EventKind::ExecutionAborted(_) => {}
            EventKind::ExecutionStarted { .. }
            | EventKind::TaskStarted { .. }
            | EventKind::TaskSubmitted { .. }
            | EventKind::ExecutionRedriven { .. }
            | EventKind::StateResumed
            | EventKind::ChildrenResumed { .. }
            | EventKind::TaskRecovered { .. }
            | EventKind::HeartbeatRecorded { .. }
            | EventKind::ParallelStarted { .. }
            | EventKind::ParallelSucceeded
            | EventKind::ParallelFailed
            | EventKind::MapStarted { .. }
            | EventKind::IterationStarted { .. }
            | EventKind::IterationSucceeded { .. }
            | EventKind::IterationFailed { .. }
            | EventKind::IterationAborted { .. }
            | EventKind::MapSucceeded
            | EventKind::MapFailed
            | EventKind::EvaluationFailed { .. }
            | EventKind::BranchSucceeded => {}
        }
    }

    /// The frame is not outside any more: it has left its state, or is gone.
    pub(super) fn close(&mut self, frame: FrameId, at: Timestamp) {
        if let Some(since) = self.outside.remove(&frame)
            && since < at
        {
            self.spans.push((since, at));
        }
    }

    fn task_ended(&mut self, frame: FrameId, at: Timestamp, usage: Usage) {
        self.task_us = self.task_us.saturating_add(usage.duration_us);
        self.fuel = self.fuel.saturating_add(usage.fuel);
        if usage.duration_us > 0
            && let Some(since) = self.outside.get_mut(&frame)
        {
            let inside = i64::try_from(usage.duration_us).unwrap_or(i64::MAX);
            let entered = Timestamp(at.0.saturating_sub(inside));
            *since = entered.max(*since);
        }
        self.close(frame, at);
    }

    pub(super) fn states(&self) -> u64 {
        self.states
    }

    pub(super) fn transitions(&self) -> u64 {
        self.states + self.retries
    }

    pub(super) fn duration_us(&self) -> u64 {
        self.last_at.micros_since(self.started_at)
    }

    pub(super) fn figures(&self) -> Figures {
        let duration_us = self.duration_us();
        let overhead_us = duration_us.saturating_sub(self.outside_us());
        let overhead_us_per_state = match self.states {
            0 => 0.0,
            states => (overhead_us as f64 * 10.0 / states as f64).round() / 10.0,
        };
        Figures {
            states: self.states,
            transitions: self.transitions(),
            duration_us,
            overhead_us_per_state,
            task_us: self.task_us,
            fuel: self.fuel,
            standard_usd: standard_usd(self.transitions()),
            express_usd: express_usd(duration_us),
        }
    }

    /// Time in which at least one frame was outside (µs).
    fn outside_us(&self) -> u64 {
        let still = self.outside.values().map(|since| (*since, self.last_at));
        let mut spans: Vec<_> = self.spans.iter().copied().chain(still).collect();
        spans.sort_unstable();
        let mut covered_until = self.started_at;
        let mut sum = 0_u64;
        for (from, until) in spans {
            sum = sum.saturating_add(until.micros_since(from.max(covered_until)));
            covered_until = covered_until.max(until);
        }
        sum
    }
}

/// Counted in whole numbers, so that the only rounding is the last.
fn standard_usd(transitions: u64) -> f64 {
    transitions.saturating_mul(TRANSITION_MICRO_USD) as f64 / 1e6
}

fn express_usd(duration_us: u64) -> f64 {
    let units = duration_us.div_ceil(EXPRESS_UNIT_US);
    let duration = units.saturating_mul(EXPRESS_UNIT_TENTH_PICO_USD);
    REQUEST_TENTH_PICO_USD.saturating_add(duration) as f64 / 1e13
}

#[cfg(test)]
mod tests {
    use engine::AttemptId;
    use expr::Data;

    use super::*;

    fn event(at: i64, frame: u64, kind: EventKind) -> Event {
        Event {
            seq: 0,
            at: Timestamp(at),
            history: None,
            frame: FrameId(frame),
            kind,
        }
    }

    fn scheduled(at: i64, frame: u64) -> Event {
        let kind = EventKind::TaskScheduled {
            attempt: AttemptId(0),
            parameters: Data::empty_object(),
            timeout_seconds: None,
            heartbeat_seconds: None,
            role_arn: None,
        };
        event(at, frame, kind)
    }

    fn succeeded(at: i64, frame: u64, duration_us: u64) -> Event {
        let kind = EventKind::TaskSucceeded {
            attempt: AttemptId(0),
            output: Data::empty_object(),
            usage: Usage {
                fuel: 10,
                memory_peak_bytes: 0,
                duration_us,
            },
        };
        event(at, frame, kind)
    }

    fn entered(at: i64, frame: u64) -> Event {
        let state = asl::StateId(0);
        let input = Data::empty_object();
        event(at, frame, EventKind::StateEntered { state, input })
    }

    fn figures(events: &[Event]) -> Figures {
        let mut meter = Meter::default();
        for event in events {
            meter.follow(event);
        }
        meter.figures()
    }

    #[test]
    fn handing_a_task_out_is_overhead_and_its_time_inside_is_not() {
        let got = figures(&[entered(100, 0), scheduled(100, 0), succeeded(1_000, 0, 600)]);
        assert_eq!(got.duration_us, 1_000);
        assert_eq!(got.overhead_us_per_state, 400.0);
        assert_eq!((got.task_us, got.fuel), (600, 10));
    }

    #[test]
    fn tasks_that_overlap_are_outside_once() {
        let got = figures(&[
            entered(0, 1),
            entered(0, 2),
            scheduled(0, 1),
            scheduled(0, 2),
            succeeded(800, 2, 500),
            succeeded(1_000, 1, 600),
        ]);
        // Outside from 300 to 1,000.
        assert_eq!(got.overhead_us_per_state, 150.0);
        assert_eq!(got.task_us, 1_100);
    }

    #[test]
    fn a_task_without_use_of_its_own_is_outside_all_the_time() {
        let got = figures(&[entered(0, 0), scheduled(10, 0), succeeded(1_000, 0, 0)]);
        assert_eq!(got.overhead_us_per_state, 10.0);
    }

    #[test]
    fn a_use_longer_than_the_task_was_out_counts_as_long_as_it_was_out() {
        let got = figures(&[entered(0, 0), scheduled(10, 0), succeeded(20, 0, u64::MAX)]);
        assert_eq!(got.overhead_us_per_state, 10.0);
    }

    #[test]
    fn a_pending_delay_is_outside_and_its_retry_is_a_transition() {
        let armed = EventKind::RetryArmed {
            retrier: 0,
            attempt: AttemptId(1),
            until: Timestamp(2_000),
        };
        let mut events = vec![entered(0, 0), event(500, 0, armed)];
        assert_eq!(figures(&events).transitions, 1);
        events.push(event(2_000, 0, EventKind::RetryBegun));
        let got = figures(&events);
        assert_eq!((got.states, got.transitions), (1, 2));
        assert_eq!(got.overhead_us_per_state, 500.0);
    }

    #[test]
    fn prices_are_those_of_the_price_list() {
        assert_eq!(standard_usd(9), 0.000_225);
        assert_eq!(standard_usd(1_000), 0.025);
        assert_eq!(express_usd(0), 0.000_001);
        assert_eq!(express_usd(1), 0.000_001_104_187_5);
        assert_eq!(express_usd(100_000), 0.000_001_104_187_5);
        assert_eq!(express_usd(100_001), 0.000_001_208_375);
        assert!(express_usd(u64::MAX).is_finite());
    }
}
