//! Whether an execution can be redriven, and why not, in the service's words (ASL.md §8.6).

use engine::limits::{HISTORY_EVENTS_MAX, STANDARD_SECONDS_MAX};
use engine::{Status, Timestamp};
use runtime::ExecutionView;

use crate::limits::REDRIVE_SECONDS_MAX;

/// `redriveStatusReason`; `None`: it can be redriven.
pub(super) fn why_not_redrivable(view: &ExecutionView, now: Timestamp) -> Option<&'static str> {
    let index = &view.index;
    match index.status {
        Status::Running => return Some("Execution is RUNNING and cannot be redriven"),
        Status::Succeeded => return Some("Execution is SUCCEEDED and cannot be redriven"),
        Status::Failed | Status::TimedOut | Status::Aborted => {}
    }
    // There has to be room for ExecutionRedriven and one event more.
    if view.history_events >= HISTORY_EVENTS_MAX - 1 {
        return Some("Execution history event limit exceeded");
    }
    if now >= index.started_at.plus_seconds(STANDARD_SECONDS_MAX) {
        return Some("Execution has exceeded the max execution time");
    }
    let stopped_at = index.stopped_at.unwrap_or(index.started_at);
    (now > stopped_at.plus_seconds(REDRIVE_SECONDS_MAX))
        .then_some("Execution redrivable period exceeded")
}
