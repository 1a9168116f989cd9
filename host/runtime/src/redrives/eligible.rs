//! Whether an execution can be redriven, and why not, in the service's words (ASL.md §8.6).

use engine::limits::{HISTORY_EVENTS_MAX, STANDARD_SECONDS_MAX};
use engine::{Status, Timestamp};

use crate::limits::REDRIVE_SECONDS_MAX;
use crate::machines::{MachineError, MachineStatus};
use crate::records::RecordError;
use crate::request::ExecutionView;
use crate::services::Services;

/// Why an execution cannot be redriven: `redriveStatusReason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRedrivable {
    /// Its machine was deleted.
    #[error("State machine is in DELETING status")]
    Deleting,
    /// It runs.
    #[error("Execution is RUNNING and cannot be redriven")]
    Running,
    /// It succeeded.
    #[error("Execution is SUCCEEDED and cannot be redriven")]
    Succeeded,
    /// There is no room for ExecutionRedriven and one event more.
    #[error("Execution history event limit exceeded")]
    HistoryFull,
    /// It was started a year ago.
    #[error("Execution has exceeded the max execution time")]
    TooOld,
    /// It ended more than 14 days ago.
    #[error("Execution redrivable period exceeded")]
    TooLate,
}

impl ExecutionView {
    /// Why it cannot be redriven, as far as it tells itself; `None`: it can.
    pub fn why_not_redrivable(&self, now: Timestamp) -> Option<NotRedrivable> {
        let index = &self.index;
        let stopped_at = index.stopped_at.unwrap_or(index.started_at);
        match index.status {
            Status::Running => Some(NotRedrivable::Running),
            Status::Succeeded => Some(NotRedrivable::Succeeded),
            _ if self.history_events >= HISTORY_EVENTS_MAX - 1 => Some(NotRedrivable::HistoryFull),
            _ if now >= index.started_at.plus_seconds(STANDARD_SECONDS_MAX) => {
                Some(NotRedrivable::TooOld)
            }
            _ if now > stopped_at.plus_seconds(REDRIVE_SECONDS_MAX) => Some(NotRedrivable::TooLate),
            Status::Failed | Status::TimedOut | Status::Aborted => None,
        }
    }
}

impl Services {
    /// Why an execution cannot be redriven; `None`: it can.
    ///
    /// # Errors
    /// What the records say.
    pub fn why_not_redrivable(
        &self,
        view: &ExecutionView,
    ) -> Result<Option<NotRedrivable>, RecordError> {
        if let Some(reason) = view.why_not_redrivable(self.clock.now()) {
            return Ok(Some(reason));
        }
        match self.machines.machine(&view.header.machine_arn) {
            Ok(machine) if machine.status == MachineStatus::Active => Ok(None),
            Err(MachineError::Store(error)) => Err(error),
            Ok(_) | Err(_) => Ok(Some(NotRedrivable::Deleting)),
        }
    }
}

#[cfg(test)]
mod tests {
    use engine::{ExecutionArn, Header, Index, Workflow};
    use expr::Data;

    use super::*;

    const STARTED: Timestamp = Timestamp(1_700_000_000_000_000);
    const DAY: u64 = 86_400;

    fn view(status: Status, history_events: u64, stopped_at: Timestamp) -> ExecutionView {
        ExecutionView {
            header: Header {
                arn: ExecutionArn("arn".into()),
                name: "one".into(),
                machine_arn: "machine".into(),
                machine_name: "orders".into(),
                revision: "".into(),
                role_arn: "role".into(),
                workflow: Workflow::Standard,
                input: Data::empty_object(),
                started_at: STARTED,
                version_arn: None,
                alias_arn: None,
                trace_header: None,
            },
            index: Index {
                machine_arn: "machine".into(),
                name: "one".into(),
                status,
                started_at: STARTED,
                stopped_at: Some(stopped_at),
                version_arn: None,
                alias_arn: None,
                redrive_count: 0,
                redriven_at: None,
            },
            outcome: None,
            history_events,
        }
    }

    #[test]
    fn what_failed_can_be_redriven_for_14_days_within_a_year_and_24999_events() {
        let aborted = |events, stopped_at| view(Status::Aborted, events, stopped_at);
        let stopped = STARTED.plus_seconds(1);
        let last = stopped.plus_seconds(14 * DAY);
        let year = STARTED.plus_seconds(365 * DAY);
        let before_the_year = STARTED.plus_seconds(365 * DAY - 1);
        for (view, now, expected) in [
            (aborted(5, stopped), last, None),
            (
                aborted(5, stopped),
                last.plus_micros(1),
                Some(NotRedrivable::TooLate),
            ),
            (aborted(24_998, stopped), last, None),
            (
                aborted(24_999, stopped),
                last,
                Some(NotRedrivable::HistoryFull),
            ),
            (aborted(5, before_the_year), before_the_year, None),
            (
                aborted(5, before_the_year),
                year,
                Some(NotRedrivable::TooOld),
            ),
        ] {
            assert_eq!(view.why_not_redrivable(now), expected);
        }
    }

    #[test]
    fn what_runs_or_succeeded_cannot_be_redriven_and_what_timed_out_can() {
        let reason = |status| view(status, 5, STARTED).why_not_redrivable(STARTED);
        assert_eq!(reason(Status::Running), Some(NotRedrivable::Running));
        assert_eq!(reason(Status::Succeeded), Some(NotRedrivable::Succeeded));
        assert_eq!(reason(Status::TimedOut), None);
        assert_eq!(reason(Status::Failed), None);
    }
}
