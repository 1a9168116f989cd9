//! What an event does to the phase of the frame that it concerns: the rows of the transition table that
//! need no other frame.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::event::{ErrorOutput, Event, EventKind, Went};
use crate::ids::AttemptId;
use crate::limits;
use crate::state::{Failing, Frame, Phase, Running, Visit};

impl Frame {
    /// Changes the phase. `true`: the event is one that the next one follows.
    pub(super) fn take(&mut self, event: &Event, next_attempt: u64) -> Result<bool, &'static str> {
        let fresh = |attempt: AttemptId| {
            if attempt.0 == next_attempt {
                Ok(())
            } else {
                Err("it is not the next attempt")
            }
        };
        match &event.kind {
            EventKind::StateEntered { state, input } => self.enter(event, *state, input)?,
            EventKind::StateExited {
                output,
                assigned,
                went,
            } => {
                self.exit(output, assigned, *went)?;
            }
            EventKind::StateResumed => match self.phase {
                Phase::Resuming(None) => self.phase = Phase::Entered,
                _ => return Err("the state is not redriven"),
            },
            EventKind::StateFailed(error) => match self.phase {
                Phase::Entered | Phase::Succeeded { .. } => self.fail(error.clone(), false),
                _ => return Err("the state is not being evaluated"),
            },
            EventKind::RetryArmed {
                retrier,
                attempt,
                until,
            } => {
                fresh(*attempt)?;
                let (Phase::Failing(_), Some(visit)) = (&self.phase, &mut self.visit) else {
                    return Err("the state has not failed");
                };
                *visit.retrier_counts.entry(*retrier).or_insert(0) += 1;
                visit.retries += 1;
                self.phase = Phase::Backoff {
                    attempt: *attempt,
                    until: *until,
                };
            }
            EventKind::RetryBegun => match self.phase {
                Phase::Backoff { .. } => self.phase = Phase::Entered,
                _ => return Err("the state is not in a retry delay"),
            },
            EventKind::WaitArmed { attempt, until } => match self.phase {
                Phase::Entered => {
                    fresh(*attempt)?;
                    self.phase = Phase::Waiting {
                        attempt: *attempt,
                        until: *until,
                    };
                }
                _ => return Err("the state is not at its beginning"),
            },
            EventKind::TaskScheduled {
                attempt,
                parameters,
                timeout_seconds,
                heartbeat_seconds,
                ..
            } => {
                fresh(*attempt)?;
                if !matches!(self.phase, Phase::Entered) {
                    return Err("the state is not at its beginning");
                }
                self.phase = Phase::Running(Running {
                    attempt: *attempt,
                    parameters: parameters.clone(),
                    scheduled_at: event.at,
                    started: false,
                    submitted: false,
                    recoveries: 0,
                    timeout_at: timeout_seconds.map(|s| event.at.plus_seconds(s)),
                    heartbeat_at: None,
                    timeout_seconds: *timeout_seconds,
                    heartbeat_seconds: *heartbeat_seconds,
                });
            }
            EventKind::TaskStarted { attempt, .. }
            | EventKind::TaskSubmitted { attempt, .. }
            | EventKind::TaskRecovered { attempt }
            | EventKind::HeartbeatRecorded { attempt, .. }
            | EventKind::TaskSucceeded { attempt, .. }
            | EventKind::TaskFailed { attempt, .. }
            | EventKind::TaskTimedOut { attempt, .. } => self.task_event(event, *attempt)?,
            EventKind::ParallelSucceeded => {
                self.collect(false)?;
                return Ok(false);
            }
            EventKind::MapSucceeded => {
                self.collect(true)?;
                return Ok(false);
            }
            EventKind::ParallelFailed | EventKind::MapFailed => match self.phase {
                Phase::Failing(_) => {}
                _ => return Err("no child has failed"),
            },
            EventKind::EvaluationFailed { .. } => match self.phase {
                Phase::Entered
                | Phase::Succeeded { .. }
                | Phase::Failing(_)
                | Phase::Waiting { .. }
                | Phase::Children(_) => {}
                _ => return Err("the state is not being evaluated"),
            },
            EventKind::StateAborted
            | EventKind::IterationAborted { .. }
            | EventKind::IterationFailed { .. } => return Ok(false),
            _ => return Err("it does not concern a single frame"),
        }
        Ok(true)
    }

    fn enter(
        &mut self,
        event: &Event,
        state: asl::StateId,
        input: &expr::Data,
    ) -> Result<(), &'static str> {
        match &self.phase {
            Phase::Entering {
                state: expected, ..
            } if *expected == state => {}
            Phase::Resuming(None) if self.visit.as_ref().is_some_and(|it| it.state == state) => {}
            _ => return Err("the frame is not about to enter this state"),
        }
        self.visit = Some(Visit {
            state,
            input: input.clone(),
            entered_at: event.at,
            entered_id: event.history.map_or(0, |link| link.id),
            retrier_counts: BTreeMap::new(),
            retries: 0,
            entered_previous: event.history.map_or(0, |link| link.previous),
        });
        self.phase = Phase::Entered;
        Ok(())
    }

    fn exit(
        &mut self,
        output: &expr::Data,
        assigned: &[(std::sync::Arc<str>, expr::Data)],
        went: Went,
    ) -> Result<(), &'static str> {
        match self.phase {
            Phase::Entered
            | Phase::Succeeded { .. }
            | Phase::Failing(_)
            | Phase::Waiting { .. } => {}
            _ => return Err("the state is not done"),
        }
        self.variables.extend(assigned.iter().cloned());
        self.visit = None;
        self.phase = match went {
            Went::Next(state) => Phase::Entering {
                state,
                input: output.clone(),
            },
            Went::End => Phase::Ended {
                output: output.clone(),
            },
        };
        Ok(())
    }

    fn task_event(&mut self, event: &Event, attempt: AttemptId) -> Result<(), &'static str> {
        let Phase::Running(running) = &mut self.phase else {
            return Err("no task is running");
        };
        if running.attempt != attempt {
            return Err("another attempt is running");
        }
        match &event.kind {
            EventKind::TaskStarted { .. } => {
                if running.started {
                    return Err("the task has started already");
                }
                running.started = true;
                running.timeout_at = running.timeout_seconds.map(|s| event.at.plus_seconds(s));
                running.heartbeat_at = running.heartbeat_seconds.map(|s| event.at.plus_seconds(s));
            }
            EventKind::TaskSubmitted { .. } => running.submitted = true,
            EventKind::TaskRecovered { .. } => running.recoveries += 1,
            EventKind::HeartbeatRecorded { until, .. } => running.heartbeat_at = Some(*until),
            EventKind::TaskSucceeded { output, .. } => {
                self.phase = Phase::Succeeded {
                    result: output.clone(),
                };
            }
            EventKind::TaskFailed { error, .. } => self.fail(error.clone(), true),
            EventKind::TaskTimedOut { heartbeat, .. } => {
                self.phase = Phase::Failing(Failing {
                    error: ErrorOutput {
                        error: Some(limits::TIMEOUT.into()),
                        cause: None,
                    },
                    is_heartbeat: *heartbeat,
                    from_child: false,
                    from_task: true,
                    timed_out: true,
                    children: None,
                });
            }
            _ => {}
        }
        Ok(())
    }

    fn fail(&mut self, error: ErrorOutput, from_task: bool) {
        self.phase = Phase::Failing(Failing {
            error,
            is_heartbeat: false,
            from_child: false,
            from_task,
            timed_out: false,
            children: None,
        });
    }

    /// All children are done: their results, in order, are the raw result.
    fn collect(&mut self, is_map: bool) -> Result<(), &'static str> {
        let Phase::Children(children) = &self.phase else {
            return Err("the state has no children");
        };
        if children.map.is_some() != is_map {
            return Err("the state is of another type");
        }
        let results: Option<Vec<Value>> = children
            .results
            .iter()
            .map(|result| result.as_ref().map(|data| data.value().clone()))
            .collect();
        match results {
            Some(results) => {
                self.phase = Phase::Succeeded {
                    result: Value::Array(results).into(),
                };
                Ok(())
            }
            None => Err("a child is not done"),
        }
    }
}
