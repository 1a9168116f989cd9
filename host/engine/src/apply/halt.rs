//! Failures and what is kept of them: RedriveExecution (ASL.md §8.6) goes on where an execution failed,
//! with the results of the branches and iterations that had succeeded. So a frame that fails is not
//! gone, it is *halted*, until a retrier or catcher takes the failure or the execution is forgotten.

use crate::event::{ErrorOutput, Event};
use crate::ids::FrameId;
use crate::limits;
use crate::state::{Children, Execution, Failing, Frame, Halted, Outcome, Phase, Status};

impl Execution {
    /// A Parallel or Map fails: nothing happens in its branches or iterations any more.
    pub(super) fn halt_children(
        &mut self,
        id: FrameId,
        error: &ErrorOutput,
        from_task: bool,
    ) -> Result<(), &'static str> {
        let keeps = self.keeps_failures();
        for live in self.live_children(id).cloned().unwrap_or_default() {
            match keeps {
                true => self.halt(live),
                false => self.remove_tree(live),
            }
        }
        let frame = self.frames.get_mut(&id).ok_or("there is no such frame")?;
        let children = match std::mem::replace(&mut frame.phase, Phase::Entered) {
            Phase::Children(children) => Some(children),
            _ => None,
        };
        frame.phase = Phase::Failing(Failing {
            error: error.clone(),
            is_heartbeat: false,
            from_child: true,
            from_task,
            timed_out: error.error.as_deref() == Some(limits::TIMEOUT) && error.cause.is_none(),
            children: children.filter(|_| keeps),
        });
        Ok(())
    }

    pub(super) fn remove_tree(&mut self, root: FrameId) {
        let mut doomed = vec![root];
        while let Some(id) = doomed.pop() {
            let Some(frame) = self.frames.remove(&id) else {
                continue;
            };
            self.unready(id);
            if let Some(attempt) = frame.phase.attempt() {
                self.attempts.remove(&attempt);
            }
            let children = frame.phase.children();
            doomed.extend(children.into_iter().flat_map(|children| &children.live));
        }
    }

    pub(super) fn end(
        &mut self,
        event: &Event,
        status: Status,
        outcome: Outcome,
    ) -> Result<(), &'static str> {
        if self.header.is_none() {
            return Err("the execution has not started");
        }
        self.status = status;
        self.outcome = Some(outcome);
        self.stopped_at = Some(event.at);
        if status != Status::Succeeded && self.keeps_failures() {
            self.halt(FrameId::ROOT);
        } else {
            self.frames.clear();
        }
        self.ready.clear();
        self.attempts.clear();
        Ok(())
    }

    /// Stops a frame and everything below it.
    fn halt(&mut self, root: FrameId) {
        let mut halting = vec![root];
        while let Some(id) = halting.pop() {
            self.unready(id);
            let Some(frame) = self.frames.get_mut(&id) else {
                continue;
            };
            if let Some(attempt) = frame.phase.attempt() {
                self.attempts.remove(&attempt);
            }
            frame.halt();
            let children = frame.phase.children();
            halting.extend(children.into_iter().flat_map(|children| &children.live));
        }
    }

    pub(super) fn redrive(
        &mut self,
        event: &Event,
        redrive_count: u32,
    ) -> Result<(), &'static str> {
        if redrive_count != self.redrive_count.saturating_add(1) {
            return Err("its number does not follow");
        }
        self.status = Status::Running;
        self.outcome = None;
        self.stopped_at = None;
        self.redrive_count = redrive_count;
        self.redriven_at = Some(event.at);
        self.revive(FrameId::ROOT, event);
        Ok(())
    }

    pub(super) fn resume_children(
        &mut self,
        event: &Event,
        length: Option<u64>,
    ) -> Result<(), &'static str> {
        let id = event.frame;
        let frame = self.frames.get_mut(&id).ok_or("there is no such frame")?;
        let Phase::Resuming(Some(children)) = &frame.phase else {
            return Err("the state has no children that could be resumed");
        };
        let known = children.map.is_some().then_some(children.results.len());
        if known.map(|known| known as u64) != length {
            return Err("the length is not that of the items");
        }
        let children = Children {
            // Whatever starts from now on follows this event.
            freed_by: 0,
            ..children.clone()
        };
        let live = children.live.clone();
        frame.phase = Phase::Children(children);
        frame.previous = event.history.map_or(frame.previous, |link| link.id);
        for child in live {
            self.revive(child, event);
        }
        self.settle(id);
        Ok(())
    }

    /// A halted frame goes on, its retry counters at 0.
    fn revive(&mut self, id: FrameId, event: &Event) {
        if let Some(frame) = self.frames.get_mut(&id) {
            frame.revive();
            frame.previous = event.history.map_or(frame.previous, |link| link.id);
            self.settle(id);
        }
    }
}

impl Frame {
    fn halt(&mut self) {
        let halted = match std::mem::replace(&mut self.phase, Phase::Entered) {
            Phase::Entering { state, input } => Halted::Entering { state, input },
            Phase::Ended { output } => Halted::Ended { output },
            Phase::Children(children) | Phase::Resuming(Some(children)) => {
                Halted::Children(children)
            }
            Phase::Failing(Failing { children, .. }) => {
                children.map_or(Halted::Within, Halted::Children)
            }
            Phase::Halted(halted) => halted,
            Phase::Entered
            | Phase::Running(_)
            | Phase::Waiting { .. }
            | Phase::Backoff { .. }
            | Phase::Succeeded { .. }
            | Phase::Resuming(None) => Halted::Within,
        };
        self.phase = Phase::Halted(halted);
    }

    fn revive(&mut self) {
        let Phase::Halted(halted) = &self.phase else {
            return;
        };
        self.phase = match halted.clone() {
            Halted::Entering { state, input } => Phase::Entering { state, input },
            Halted::Ended { output } => Phase::Ended { output },
            Halted::Within => Phase::Resuming(None),
            Halted::Children(children) => Phase::Resuming(Some(children)),
        };
        if let Some(visit) = &mut self.visit {
            visit.retrier_counts.clear();
            visit.retries = 0;
        }
    }
}
