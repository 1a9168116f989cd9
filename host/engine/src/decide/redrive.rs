//! RedriveExecution (ASL.md §8.6): an execution that did not succeed goes on with the states that had not.
//! A Task, Wait or Choice is tried again without being entered again, a Parallel or Map takes up what
//! had not succeeded of it, and a Fail is entered again, to fail again.

use asl::StateKind;

use super::{Decider, Step};
use crate::event::EventKind;
use crate::ids::FrameId;

impl Decider<'_> {
    /// Nothing happens to an execution that cannot be redriven.
    pub(super) fn redrive(&mut self) -> Step {
        if !self.execution.is_redrivable() {
            return Ok(());
        }
        // It follows the end, which is the last event there is.
        let previous = self.execution.history_id;
        let redrive_count = self.execution.redrive_count.saturating_add(1);
        let kind = EventKind::ExecutionRedriven { redrive_count };
        self.emit_aside(FrameId::ROOT, kind, previous)?;
        self.arm_execution_timer();
        Ok(())
    }

    /// A state is tried again. `children`: it has some, and the length if it is a Map.
    pub(super) fn resume(&mut self, id: FrameId, children: Option<Option<u64>>) -> Step {
        if let Some(length) = children {
            return self.emit(id, EventKind::ChildrenResumed { length });
        }
        let here = self.here(id)?;
        match &here.state.kind {
            StateKind::Fail(_) => {
                let (state, input) = (here.visit.state, here.visit.input.clone());
                self.emit(id, EventKind::StateEntered { state, input })
            }
            _ => self.emit(id, EventKind::StateResumed),
        }
    }
}
