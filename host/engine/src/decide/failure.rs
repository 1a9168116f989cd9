//! What becomes of a failure (ASL.md §3.1, §4): Retry, then Catch, then the frame around; the
//! siblings of a branch that failed for good are aborted.

use asl::{Catcher, StateKind, Transition};
use serde_json::{Value, json};

use super::flow::Broken;
use super::query::Subject;
use super::{Decider, Here, Step, retry};
use crate::effect::{Effect, TimerKey};
use crate::event::{ErrorOutput, EventKind};
use crate::ids::{AttemptId, FrameId};
use crate::state::{Failing, Phase, Running, Status};

impl Decider<'_> {
    /// A Task, Parallel or Map cannot go on: its Retry and Catch are asked in the next step.
    pub(super) fn break_retryable(&mut self, here: &Here<'_>, broken: Broken) -> Step {
        self.note_evaluation(here, &broken)?;
        if broken.is_fatal {
            self.fail_execution(self.previous(here.id), broken.error)
        } else {
            self.emit(here.id, EventKind::StateFailed(broken.error.bounded()))
        }
    }

    /// A state without Retry and Catch cannot go on.
    pub(super) fn break_plain(&mut self, here: &Here<'_>, broken: Broken) -> Step {
        self.note_evaluation(here, &broken)?;
        if broken.is_fatal {
            self.fail_execution(self.previous(here.id), broken.error)
        } else {
            self.propagate(here.id, broken.error)
        }
    }

    /// Asks the retriers and catchers of a state that failed.
    pub(super) fn handle_failure(&mut self, id: FrameId, failing: Failing) -> Step {
        let here = self.here(id)?;
        let flow = match &here.state.kind {
            StateKind::Task(task) => &task.flow,
            StateKind::Parallel(parallel) => &parallel.flow,
            StateKind::Map(map) => &map.flow,
            _ => return Err(self.defect("a state of this type cannot fail by itself")),
        };
        let failure = view_of(&failing);
        if let Some(choice) = retry::choose(&flow.retry, &here.visit.retrier_counts, &failure) {
            return self.arm_retry(id, choice);
        }
        // An evaluation that failed fails them, too (recorded from AWS).
        let has_failed = failing.from_child
            || failing.error.error.as_deref() == Some(asl::errors::QUERY_EVALUATION_ERROR);
        match here.state.kind {
            StateKind::Parallel(_) if has_failed => self.emit(id, EventKind::ParallelFailed)?,
            StateKind::Map(_) if has_failed => self.emit(id, EventKind::MapFailed)?,
            _ => {}
        }
        let catcher = flow
            .catch
            .iter()
            .enumerate()
            .find(|(_, catcher)| asl::errors::matches(&catcher.error_equals, &failure));
        match catcher {
            Some(catcher) => self.catch(&here, catcher, &failing),
            None => self.propagate(id, failing.error),
        }
    }

    fn arm_retry(&mut self, id: FrameId, choice: retry::Choice<'_>) -> Step {
        let delay = choice.delay_us(self.entropy.unit_f64());
        let attempt = AttemptId(self.execution.next_attempt);
        let until = self.now.plus_micros(delay);
        self.emit(
            id,
            EventKind::RetryArmed {
                retrier: choice.index,
                attempt,
                until,
            },
        )?;
        self.decision
            .effects
            .push(Effect::Arm(TimerKey::Retry(attempt), until));
        Ok(())
    }

    fn catch(
        &mut self,
        here: &Here<'_>,
        (index, catcher): (usize, &Catcher),
        failing: &Failing,
    ) -> Step {
        let error_output = error_output(failing).into();
        let subject = Subject::Error(&error_output);
        let output = match here.is_jsonata() {
            true => {
                let field = format!("Catch[{index}]/Output");
                let output = catcher.output.as_ref();
                self.queried_output(here, &field, output, &error_output, subject)
            }
            false => self
                .merged(here, &catcher.result_path, &error_output)
                .and_then(|output| super::flow::within_limit(here, output)),
        };
        let made = output.and_then(|output| {
            let field = format!("Catch[{index}]/Assign");
            let assign = catcher.assign.as_ref();
            let assigned = self.assigned(here, &field, assign, &error_output, subject)?;
            Ok((output, assigned))
        });
        match made {
            Ok((output, assigned)) => {
                self.leave(here, output, assigned, Transition::Next(catcher.next))
            }
            // Not caught again by the same state.
            Err(broken) => self.break_plain(here, broken),
        }
    }

    /// The frame has failed for good: the Parallel or Map around it fails, or the execution does.
    pub(super) fn propagate(&mut self, child: FrameId, error: ErrorOutput) -> Step {
        if self.execution.status != Status::Running {
            return Ok(());
        }
        let Some(frame) = self.execution.frame(child) else {
            return Err(self.defect("a frame that failed is not there"));
        };
        let previous = frame.previous;
        let Some(parent) = frame.parent else {
            return self.fail_execution(previous, error);
        };
        if frame.is_iteration {
            let index = frame.index;
            self.emit_aside(child, EventKind::IterationFailed { index }, previous)?;
        }
        for sibling in self.children(parent) {
            if sibling != child {
                self.abort(sibling, previous)?;
            }
        }
        let error = error.bounded();
        self.emit(parent, EventKind::ChildFailed { child, error })
    }

    /// Ends everything below a frame and the frame itself, innermost first.
    pub(super) fn abort(&mut self, id: FrameId, previous: u64) -> Step {
        for child in self.children(id) {
            self.abort(child, previous)?;
        }
        self.release(id);
        let Some(frame) = self.execution.frame(id) else {
            return Ok(());
        };
        let (is_iteration, index) = (frame.is_iteration, frame.index);
        if frame.visit.is_some() {
            self.emit_aside(id, EventKind::StateAborted, previous)?;
        }
        if is_iteration {
            self.emit_aside(id, EventKind::IterationAborted { index }, previous)?;
        }
        Ok(())
    }

    pub(super) fn children(&self, id: FrameId) -> Vec<FrameId> {
        match self.execution.frame(id).map(|frame| &frame.phase) {
            Some(Phase::Children(children)) => children.live.iter().copied().collect(),
            _ => Vec::new(),
        }
    }

    /// Ends the execution with an error.
    pub(super) fn fail_execution(&mut self, previous: u64, error: ErrorOutput) -> Step {
        self.release_everything();
        let kind = EventKind::ExecutionFailed(error.bounded());
        self.emit_aside(FrameId::ROOT, kind, previous)
    }

    /// Takes back everything the execution has outside.
    pub(super) fn release_everything(&mut self) {
        let waiting: Vec<FrameId> = self.execution.attempts.values().copied().collect();
        for id in waiting {
            self.release(id);
        }
        self.decision
            .effects
            .push(Effect::Disarm(TimerKey::Execution));
    }

    /// Takes back what a frame has outside: its task and its timers.
    fn release(&mut self, id: FrameId) {
        let Some(frame) = self.execution.frame(id) else {
            return;
        };
        match frame.phase.clone() {
            Phase::Running(running) => {
                self.decision.effects.push(Effect::Cancel(running.attempt));
                self.disarm_task_timers(running.attempt, &running);
            }
            Phase::Waiting { attempt, .. } => {
                self.decision
                    .effects
                    .push(Effect::Disarm(TimerKey::Wait(attempt)));
            }
            Phase::Backoff { attempt, .. } => {
                self.decision
                    .effects
                    .push(Effect::Disarm(TimerKey::Retry(attempt)));
            }
            _ => {}
        }
    }

    pub(super) fn disarm_task_timers(&mut self, attempt: AttemptId, running: &Running) {
        if running.timeout_at.is_some() {
            self.decision
                .effects
                .push(Effect::Disarm(TimerKey::Timeout(attempt)));
        }
        if running.heartbeat_at.is_some() {
            self.decision
                .effects
                .push(Effect::Disarm(TimerKey::Heartbeat(attempt)));
        }
    }
}

pub(crate) fn view_of(failing: &Failing) -> asl::errors::Failure<'_> {
    asl::errors::Failure {
        error: failing.error.error.as_deref().unwrap_or_default(),
        is_heartbeat: failing.is_heartbeat,
        from_branch: failing.from_child,
        from_task: failing.from_task,
    }
}

/// What a catcher sees. Keys that a worker left out are there, with `null` (ASL.md §4.2).
fn error_output(failing: &Failing) -> Value {
    let cause = match &failing.error.cause {
        Some(cause) => Value::from(&**cause),
        None if failing.timed_out => Value::from(""),
        None => Value::Null,
    };
    json!({ "Error": failing.error.error.as_deref(), "Cause": cause })
}
