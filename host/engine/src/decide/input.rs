//! What each input does before the frames go on. An input for an attempt that is over is dropped:
//! an attempt has at most one outcome (I6).

use asl::ScopeId;
use expr::Data;

use super::{Decider, Step};
use crate::effect::{Effect, TimerKey};
use crate::event::{ErrorOutput, EventKind, Header, Place, Usage};
use crate::ids::{AttemptId, FrameId};
use crate::input::InputKind;
use crate::limits;
use crate::state::{Phase, Running, Status};

impl Decider<'_> {
    pub(super) fn take(&mut self, input: InputKind) -> Step {
        if let InputKind::Redrive = input {
            return self.redrive();
        }
        if self.execution.status != Status::Running {
            return Ok(());
        }
        match input {
            InputKind::Start(header) => self.start(header),
            InputKind::Continue | InputKind::Redrive => Ok(()),
            InputKind::Recovered { once_only } => self.recover(&once_only),
            InputKind::TaskStarted { attempt, worker } => match self.running(attempt) {
                Some((frame, running)) if !running.started => {
                    self.emit(frame, EventKind::TaskStarted { attempt, worker })?;
                    self.arm_task_timers(frame);
                    Ok(())
                }
                _ => Ok(()),
            },
            InputKind::TaskSubmitted { attempt, output } if unfit(&output) => {
                self.task_ended(attempt, Ok(output), Usage::default())
            }
            InputKind::TaskSubmitted { attempt, output } => match self.running(attempt) {
                Some((frame, running)) if !running.submitted => {
                    self.emit(frame, EventKind::TaskSubmitted { attempt, output })
                }
                // A request that was run again after a recovery is answered again.
                _ => Ok(()),
            },
            InputKind::TaskEnded {
                attempt,
                result,
                usage,
            } => self.task_ended(attempt, result, usage),
            InputKind::Heartbeat { attempt } => match self.running(attempt) {
                Some((frame, running)) => self.heartbeat(frame, running),
                None => Ok(()),
            },
            InputKind::Timer(key) => self.timer(key),
            InputKind::Timers(keys) => keys.into_iter().try_for_each(|key| self.timer(key)),
            InputKind::Stop(error) => {
                self.release_everything();
                // It comes from outside and follows no event (recorded from AWS).
                let kind = EventKind::ExecutionAborted(error.bounded());
                self.emit_aside(FrameId::ROOT, kind, 0)
            }
        }
    }

    fn start(&mut self, header: Box<Header>) -> Step {
        if self.execution.header.is_some() {
            return Ok(());
        }
        let Some(top) = self.environment.machine.scope(ScopeId::TOP) else {
            return Err(self.defect("the definition has no top level"));
        };
        let place = Place {
            scope: ScopeId::TOP,
            start_at: top.start_at,
        };
        self.emit(FrameId::ROOT, EventKind::ExecutionStarted { header, place })?;
        self.arm_execution_timer();
        Ok(())
    }

    pub(super) fn arm_execution_timer(&mut self) {
        if let Some(due) = self.execution.deadline(self.environment.machine) {
            let arm = Effect::Arm(TimerKey::Execution, due);
            self.decision.effects.push(arm);
        }
    }

    pub(super) fn task_ended(
        &mut self,
        attempt: AttemptId,
        result: Result<Data, ErrorOutput>,
        usage: Usage,
    ) -> Step {
        let Some((frame, running)) = self.running(attempt) else {
            return Ok(());
        };
        if !running.started {
            // A callback may come before its worker said that it began.
            self.emit(
                frame,
                EventKind::TaskStarted {
                    attempt,
                    worker: None,
                },
            )?;
        }
        if self.execution.status != Status::Running {
            // That event was the last one that fitted into the history.
            return Ok(());
        }
        self.disarm_task_timers(attempt, &running);
        match result {
            Ok(output) if unfit(&output) => {
                let error = match super::flow::too_deep(&output) {
                    Some(cause) => ErrorOutput::new("States.TaskFailed", cause),
                    None => self.result_too_large(frame)?,
                };
                self.emit(
                    frame,
                    EventKind::TaskFailed {
                        attempt,
                        error,
                        usage,
                    },
                )
            }
            Ok(output) => self.emit(
                frame,
                EventKind::TaskSucceeded {
                    attempt,
                    output,
                    usage,
                },
            ),
            Err(error) => {
                let error = error.bounded();
                self.emit(
                    frame,
                    EventKind::TaskFailed {
                        attempt,
                        error,
                        usage,
                    },
                )
            }
        }
    }

    fn heartbeat(&mut self, frame: FrameId, running: Running) -> Step {
        let (Some(seconds), true) = (running.heartbeat_seconds, running.started) else {
            return Ok(());
        };
        let attempt = running.attempt;
        let until = self.now.plus_seconds(seconds);
        let share_us = seconds.saturating_mul(1_000_000) / limits::HEARTBEAT_STEPS;
        let moved_us = running
            .heartbeat_at
            .map_or(u64::MAX, |before| until.micros_since(before));
        if moved_us < share_us.min(limits::HEARTBEAT_STEP_US) {
            return Ok(());
        }
        self.emit(frame, EventKind::HeartbeatRecorded { attempt, until })?;
        self.decision
            .effects
            .push(Effect::Arm(TimerKey::Heartbeat(attempt), until));
        Ok(())
    }

    fn timer(&mut self, key: TimerKey) -> Step {
        match key {
            TimerKey::Execution => self.time_out_execution(),
            TimerKey::Wait(attempt) => match self.awaiting(attempt) {
                Some((frame, Phase::Waiting { .. })) => self.end_wait(frame),
                _ => Ok(()),
            },
            TimerKey::Retry(attempt) => match self.awaiting(attempt) {
                Some((frame, Phase::Backoff { .. })) => self.emit(frame, EventKind::RetryBegun),
                _ => Ok(()),
            },
            TimerKey::Timeout(attempt) => self.time_out_task(attempt, false),
            TimerKey::Heartbeat(attempt) => self.time_out_task(attempt, true),
        }
    }

    fn time_out_execution(&mut self) -> Step {
        if self.execution.header.is_none() {
            return Ok(());
        }
        let previous = self.previous(FrameId::ROOT);
        self.release_everything();
        let error = ErrorOutput {
            error: Some(limits::TIMEOUT.into()),
            cause: None,
        };
        self.emit_aside(FrameId::ROOT, EventKind::ExecutionTimedOut(error), previous)
    }

    fn time_out_task(&mut self, attempt: AttemptId, heartbeat: bool) -> Step {
        let Some((frame, running)) = self.running(attempt) else {
            return Ok(());
        };
        let due = if heartbeat {
            running.heartbeat_at
        } else {
            running.timeout_at
        };
        if due.is_none_or(|due| due > self.now) {
            // An older setting of the timer: it has been put off since.
            return Ok(());
        }
        self.disarm_task_timers(attempt, &running);
        self.decision.effects.push(Effect::Cancel(attempt));
        self.emit(frame, EventKind::TaskTimedOut { attempt, heartbeat })
    }

    fn awaiting(&self, attempt: AttemptId) -> Option<(FrameId, &Phase)> {
        let frame = *self.execution.attempts.get(&attempt)?;
        Some((frame, &self.execution.frame(frame)?.phase))
    }

    fn running(&self, attempt: AttemptId) -> Option<(FrameId, Running)> {
        match self.awaiting(attempt) {
            Some((frame, Phase::Running(running))) => Some((frame, running.clone())),
            _ => None,
        }
    }
}

/// Over the payload limit, or nested too deeply to be read again.
fn unfit(output: &Data) -> bool {
    output.len_bytes() > limits::PAYLOAD_BYTES_MAX || super::flow::too_deep(output).is_some()
}
