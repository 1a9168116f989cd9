//! The states that are being visited, one for each frame at the most, and the event of AWS's history
//! that each frame did last: by that an execution that fails says which frame it failed in.

use std::collections::BTreeMap;

use asl::StateId;
use engine::{Event, EventKind, FrameId, Timestamp, Usage};

use super::note::Failure;

/// One stay in a state.
#[derive(Clone, Debug)]
pub(super) struct Visit {
    pub(super) state: StateId,
    /// Which try it is, from 1.
    pub(super) attempt: u64,
    /// When this try began.
    pub(super) begun_at: Timestamp,
    /// What the task of this try used.
    pub(super) usage: Usage,
    /// Why this try failed, until a retrier, a catcher or nobody takes it.
    pub(super) failure: Option<Failure>,
}

impl Visit {
    pub(super) fn new(state: StateId, at: Timestamp) -> Visit {
        Visit {
            state,
            attempt: 1,
            begun_at: at,
            usage: Usage::default(),
            failure: None,
        }
    }

    /// The next try begins.
    pub(super) fn begin_again(&mut self, at: Timestamp) {
        *self = Visit {
            attempt: self.attempt + 1,
            ..Visit::new(self.state, at)
        };
    }
}

/// The visits of an execution.
#[derive(Clone, Debug, Default)]
pub(super) struct Visits {
    open: BTreeMap<FrameId, Visit>,
    /// Id in AWS's history of what each frame did last; `previousEventId` of what it does next.
    last: BTreeMap<FrameId, u64>,
}

impl Visits {
    /// Notes what the event is the last of. `parent` is the frame around that of the event.
    pub(super) fn follow(&mut self, event: &Event, parent: Option<FrameId>) {
        let done = match &event.kind {
            EventKind::IterationSucceeded { .. } => event.history.map(|link| link.id),
            EventKind::BranchSucceeded => self.last.get(&event.frame).copied(),
            EventKind::ChildFailed { child, .. } => {
                let done = self.last.get(child).copied();
                return self.set_last(Some(event.frame), done);
            }
            // They stand beside or after what their frame does.
            EventKind::IterationStarted { .. }
            | EventKind::IterationFailed { .. }
            | EventKind::IterationAborted { .. }
            | EventKind::StateAborted
            | EventKind::ParallelSucceeded
            | EventKind::MapSucceeded
            | EventKind::ExecutionSucceeded { .. }
            | EventKind::ExecutionFailed(_)
            | EventKind::ExecutionTimedOut(_)
            | EventKind::ExecutionAborted(_) => return,
            EventKind::ExecutionStarted { .. }
            | EventKind::StateEntered { .. }
            | EventKind::StateExited { .. }
            | EventKind::StateFailed(_)
            | EventKind::RetryArmed { .. }
            | EventKind::RetryBegun
            | EventKind::WaitArmed { .. }
            | EventKind::TaskScheduled { .. }
            | EventKind::TaskStarted { .. }
            | EventKind::TaskSubmitted { .. }
            | EventKind::ExecutionRedriven { .. }
            | EventKind::StateResumed
            | EventKind::ChildrenResumed { .. }
            | EventKind::TaskRecovered { .. }
            | EventKind::HeartbeatRecorded { .. }
            | EventKind::TaskSucceeded { .. }
            | EventKind::TaskFailed { .. }
            | EventKind::TaskTimedOut { .. }
            | EventKind::ParallelStarted { .. }
            | EventKind::ParallelFailed
            | EventKind::MapStarted { .. }
            | EventKind::EvaluationFailed { .. }
            | EventKind::MapFailed => {
                return self.set_last(Some(event.frame), event.history.map(|link| link.id));
            }
        };
        self.last.remove(&event.frame);
        self.set_last(parent, done);
    }

    fn set_last(&mut self, frame: Option<FrameId>, id: Option<u64>) {
        if let (Some(frame), Some(id)) = (frame, id) {
            self.last.insert(frame, id);
        }
    }

    /// The frame that is in a state and did this event last.
    pub(super) fn frame_of(&self, id: u64) -> Option<FrameId> {
        self.frames()
            .find(|frame| self.last.get(frame) == Some(&id))
    }

    pub(super) fn frames(&self) -> impl Iterator<Item = FrameId> + '_ {
        self.open.keys().copied()
    }

    pub(super) fn open(&mut self, frame: FrameId, visit: Visit) {
        self.open.insert(frame, visit);
    }

    pub(super) fn close(&mut self, frame: FrameId) {
        self.open.remove(&frame);
    }

    pub(super) fn get(&self, frame: FrameId) -> Option<&Visit> {
        self.open.get(&frame)
    }

    pub(super) fn get_mut(&mut self, frame: FrameId) -> Option<&mut Visit> {
        self.open.get_mut(&frame)
    }
}
