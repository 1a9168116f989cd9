//! The transition function: the one way in which an event changes the state, when it is appended and
//! when it is read back (I4). An event that is illegal in the state is refused, and the
//! state must then not be used further.
//!
//! | event | phase of its frame before | after |
//! |---|---|---|
//! | `ExecutionStarted` | – | root frame: `Entering` |
//! | `StateEntered` | `Entering` `Resuming` (no children) | `Entered` |
//! | `StateResumed` | `Resuming` (no children) | `Entered` |
//! | `ChildrenResumed` | `Resuming` (children) | `Children`; those that live: as by `ExecutionRedriven` |
//! | `StateExited` | `Entered` `Succeeded` `Failing` `Waiting` | `Entering` or `Ended` |
//! | `StateFailed` | `Entered` `Succeeded` `Children` | `Failing`; the children are `Halted` |
//! | `ChildFailed` | `Children` | `Failing`; the children are `Halted` |
//! | `RetryArmed` | `Failing` | `Backoff` |
//! | `RetryBegun` | `Backoff` | `Entered` |
//! | `WaitArmed` | `Entered` | `Waiting` |
//! | `TaskScheduled` | `Entered` | `Running` |
//! | `TaskStarted` `TaskSubmitted` `TaskRecovered` `HeartbeatRecorded` | `Running` | `Running` |
//! | `TaskSucceeded` | `Running` | `Succeeded` |
//! | `TaskFailed` `TaskTimedOut` | `Running` | `Failing` |
//! | `ParallelStarted` `MapStarted` | `Entered` | `Children` |
//! | `IterationStarted` | `Children` (Map) | `Children`; a child: `Entering` |
//! | `BranchSucceeded` `IterationSucceeded` | `Ended` | gone; its parent has the result |
//! | `ParallelSucceeded` `MapSucceeded` | `Children`, all done | `Succeeded` |
//! | `ParallelFailed` `MapFailed` | `Failing` | `Failing` |
//! | `EvaluationFailed` | `Entered` `Succeeded` `Failing` `Waiting` `Children` | the same |
//! | `StateAborted` `IterationAborted` `IterationFailed` | any | the same |
//! | `ExecutionSucceeded` | any | no frames |
//! | `ExecutionFailed` … | any | all frames: `Halted` |
//! | `ExecutionRedriven` | `Halted`, the execution is over | `Entering` `Ended` `Resuming` |
//!
//! Whatever leaves `Failing` removes the halted children. An Express execution cannot be redriven, and
//! keeps nothing for it: its children and frames are gone at once.

mod frame;
mod halt;

use std::collections::{BTreeMap, BTreeSet};

use crate::event::{ErrorOutput, Event, EventKind, Place};
use crate::ids::FrameId;
use crate::limits;
use crate::state::{Children, Execution, Frame, MapProgress, Outcome, Phase, Status};

/// An event that cannot have happened in this state.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {seq} ({event}) is illegal: {reason}")]
pub struct IllegalEvent {
    /// Sequence number of the event.
    pub seq: u64,
    /// Its kind.
    pub event: &'static str,
    /// What it contradicts.
    pub reason: &'static str,
}

impl Execution {
    /// Takes one event. After `Ok` the state is the fold of all events up to this one; after `Err`
    /// it must not be used further: the event belongs to another history.
    ///
    /// # Errors
    /// [`IllegalEvent`] when the event does not follow from the state.
    pub fn apply(&mut self, event: &Event) -> Result<(), IllegalEvent> {
        self.transition(event).map_err(|reason| IllegalEvent {
            seq: event.seq,
            event: event.kind.name(),
            reason,
        })
    }

    fn transition(&mut self, event: &Event) -> Result<(), &'static str> {
        if event.seq != self.seq + 1 {
            return Err("its sequence number does not follow");
        }
        let is_redrive = matches!(event.kind, EventKind::ExecutionRedriven { .. });
        if self.status != Status::Running && !is_redrive {
            return Err("the execution is over");
        }
        if is_redrive && !self.is_redrivable() {
            return Err("the execution cannot be redriven");
        }
        if event.kind.is_visible() != event.history.is_some() {
            return Err("visible events have a history id, internal ones have none");
        }
        if let Some(link) = event.history {
            if link.id != self.history_id + 1 || link.previous >= link.id {
                return Err("its history id does not follow");
            }
            self.history_id = link.id;
        }
        self.seq = event.seq;
        self.last_at = event.at;
        self.change(event)
    }

    fn change(&mut self, event: &Event) -> Result<(), &'static str> {
        let id = event.frame;
        match &event.kind {
            EventKind::ExecutionStarted { header, place } => {
                if self.header.is_some() {
                    return Err("the execution has started already");
                }
                self.header = Some(header.clone());
                let input = header.input.clone();
                self.add_frame(None, 0, *place, input, 0)?;
                return Ok(());
            }
            EventKind::ExecutionSucceeded { output } => {
                return self.end(event, Status::Succeeded, Outcome::Output(output.clone()));
            }
            EventKind::ExecutionFailed(error) => {
                return self.end(event, Status::Failed, Outcome::Error(error.clone()));
            }
            EventKind::ExecutionTimedOut(error) => {
                return self.end(event, Status::TimedOut, Outcome::Error(error.clone()));
            }
            EventKind::ExecutionAborted(error) => {
                return self.end(event, Status::Aborted, Outcome::Error(error.clone()));
            }
            EventKind::ExecutionRedriven { redrive_count } => {
                return self.redrive(event, *redrive_count);
            }
            EventKind::ChildrenResumed { length } => {
                return self.resume_children(event, *length);
            }
            EventKind::BranchSucceeded | EventKind::IterationSucceeded { .. } => {
                return self.join(event);
            }
            EventKind::IterationStarted {
                index,
                input,
                place,
            } => {
                return self.start_iteration(event, *index, input, *place);
            }
            EventKind::ParallelStarted { input, branches } => {
                self.begin_children(event, branches.len(), None)?;
                let previous = event.history.map_or(0, |link| link.id);
                for (index, place) in (0_u64..).zip(branches) {
                    self.add_frame(Some(id), index, *place, input.clone(), previous)?;
                }
            }
            EventKind::MapStarted {
                items,
                length,
                concurrency,
            } => {
                let count = items.value().as_array().map_or(0, Vec::len);
                if count as u64 != *length {
                    return Err("the length is not that of the items");
                }
                let map = MapProgress {
                    items: items.clone(),
                    next: 0,
                    concurrency: *concurrency,
                };
                self.begin_children(event, count, Some(map))?;
            }
            EventKind::ChildFailed { child, error } => self.fail_children(id, *child, error)?,
            EventKind::StateFailed(error) if self.live_children(id).is_some() => {
                self.halt_children(id, error, false)?;
            }
            _ => self.change_frame(event)?,
        }
        self.settle(id);
        Ok(())
    }

    /// Events that concern one frame only.
    fn change_frame(&mut self, event: &Event) -> Result<(), &'static str> {
        let id = event.frame;
        let next_attempt = self.next_attempt;
        let frame = self.frames.get_mut(&id).ok_or("there is no such frame")?;
        let before = frame.phase.attempt();
        let halted = match &frame.phase {
            Phase::Failing(failing) => failing.children.as_ref().map(|it| it.live.clone()),
            _ => None,
        };
        let moves = frame.take(event, next_attempt)?;
        let after = frame.phase.attempt();
        let is_failing = matches!(frame.phase, Phase::Failing(_));
        if moves && let Some(link) = event.history {
            frame.previous = link.id;
        }
        if before != after {
            if let Some(attempt) = before {
                self.attempts.remove(&attempt);
            }
            if let Some(attempt) = after {
                self.attempts.insert(attempt, id);
                self.next_attempt = attempt.0 + 1;
            }
        }
        if !is_failing {
            halted
                .into_iter()
                .flatten()
                .for_each(|id| self.remove_tree(id));
        }
        Ok(())
    }

    fn add_frame(
        &mut self,
        parent: Option<FrameId>,
        index: u64,
        place: Place,
        input: expr::Data,
        previous: u64,
    ) -> Result<(), &'static str> {
        let id = FrameId(self.next_frame);
        self.next_frame += 1;
        let mut is_iteration = false;
        if let Some(parent) = parent {
            let owner = self
                .frames
                .get_mut(&parent)
                .ok_or("there is no such frame")?;
            let Phase::Children(children) = &mut owner.phase else {
                return Err("the parent has no children");
            };
            children.live.insert(id);
            is_iteration = children.map.is_some();
        }
        let frame = Frame {
            parent,
            index,
            scope: place.scope,
            previous,
            variables: BTreeMap::new(),
            is_iteration,
            visit: None,
            phase: Phase::Entering {
                state: place.start_at,
                input,
            },
        };
        self.frames.insert(id, frame);
        self.settle(id);
        Ok(())
    }

    fn begin_children(
        &mut self,
        event: &Event,
        count: usize,
        map: Option<MapProgress>,
    ) -> Result<(), &'static str> {
        if count > limits::CHILDREN_MAX {
            return Err("more children than the limit");
        }
        let frame = self
            .frames
            .get_mut(&event.frame)
            .ok_or("there is no such frame")?;
        if !matches!(frame.phase, Phase::Entered) {
            return Err("the state is not at its beginning");
        }
        frame.phase = Phase::Children(Children {
            map,
            results: vec![None; count],
            finished: 0,
            live: BTreeSet::new(),
            freed_by: 0,
        });
        frame.previous = event.history.map_or(frame.previous, |link| link.id);
        Ok(())
    }

    fn start_iteration(
        &mut self,
        event: &Event,
        index: u64,
        input: &expr::Data,
        place: Place,
    ) -> Result<(), &'static str> {
        let frame = self
            .frames
            .get_mut(&event.frame)
            .ok_or("there is no such frame")?;
        let Phase::Children(children) = &mut frame.phase else {
            return Err("the state has no iterations");
        };
        if !children.can_start() {
            return Err("there is no room for another iteration");
        }
        match &mut children.map {
            Some(map) if map.next == index => map.next += 1,
            _ => return Err("it is not the next iteration"),
        }
        let previous = event.history.map_or(0, |link| link.id);
        self.add_frame(Some(event.frame), index, place, input.clone(), previous)?;
        self.settle(event.frame);
        Ok(())
    }

    /// A branch or iteration has ended: its parent takes the result.
    fn join(&mut self, event: &Event) -> Result<(), &'static str> {
        let id = event.frame;
        let child = self.frames.remove(&id).ok_or("there is no such frame")?;
        self.unready(id);
        let (Phase::Ended { output }, Some(parent)) = (child.phase, child.parent) else {
            return Err("the branch has not ended");
        };
        let fits = match &event.kind {
            EventKind::IterationSucceeded { index } => child.is_iteration && *index == child.index,
            _ => !child.is_iteration,
        };
        if !fits {
            return Err("it is of another branch or iteration");
        }
        let owner = self
            .frames
            .get_mut(&parent)
            .ok_or("there is no such parent")?;
        let Phase::Children(children) = &mut owner.phase else {
            return Err("the parent has no children");
        };
        children.live.remove(&id);
        children.freed_by = child.previous;
        let place = usize::try_from(child.index).ok();
        match place.and_then(|place| children.results.get_mut(place)) {
            Some(result @ None) => *result = Some(output),
            _ => return Err("there is a result already"),
        }
        children.finished += 1;
        // The end of a Map follows its last MapIterationSucceeded (ASL.md §9.5); a branch has no
        // event of its own.
        owner.previous = event.history.map_or(child.previous, |link| link.id);
        self.settle(parent);
        Ok(())
    }

    fn fail_children(
        &mut self,
        id: FrameId,
        child: FrameId,
        error: &ErrorOutput,
    ) -> Result<(), &'static str> {
        let previous = self
            .frames
            .get(&child)
            .ok_or("there is no such child")?
            .previous;
        let live = self.live_children(id).ok_or("the state has no children")?;
        if !live.contains(&child) {
            return Err("it is not a child of this state");
        }
        self.halt_children(id, error, true)?;
        if let Some(frame) = self.frames.get_mut(&id) {
            frame.previous = previous;
        }
        Ok(())
    }

    fn live_children(&self, id: FrameId) -> Option<&BTreeSet<FrameId>> {
        match &self.frames.get(&id)?.phase {
            Phase::Children(children) => Some(&children.live),
            _ => None,
        }
    }

    /// Puts the frame at the end of the line if it can go on, and takes it out if it cannot.
    fn settle(&mut self, id: FrameId) {
        self.unready(id);
        if self
            .frames
            .get(&id)
            .is_some_and(|frame| frame.phase.is_ready())
        {
            self.ready.push_back(id);
        }
    }

    fn unready(&mut self, id: FrameId) {
        if self.ready.front() == Some(&id) {
            self.ready.pop_front();
        } else if let Some(place) = self.ready.iter().position(|ready| *ready == id) {
            self.ready.remove(place);
        }
    }
}
