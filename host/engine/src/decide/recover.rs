//! Recovery (DESIGN D3, D4): what a host that died still owed. Everything is derived from the state; the
//! attempt, its idempotency key and its token stay what they were, so that whoever is asked twice can
//! tell.
//!
//! | attempt | is |
//! |---|---|
//! | an activity that nobody took yet | offered again |
//! | an activity that a worker has; a callback whose request was answered | waited for |
//! | a function that must not be entered twice | failed: nobody knows what it did |
//! | any other function | counted and run again; failed after [`limits::HOST_DEATHS_MAX`] deaths |
//! | any other integration | run again: they are idempotent by attempt |

use std::collections::BTreeSet;
use std::sync::Arc;

use asl::{Pattern, Resource};

use super::{Decider, Step};
use crate::effect::{Effect, TaskCall};
use crate::event::{ErrorOutput, EventKind, Usage};
use crate::ids::{AttemptId, FrameId};
use crate::limits;
use crate::state::{Phase, Running, Status};

impl Decider<'_> {
    pub(super) fn recover(&mut self, once_only: &BTreeSet<Arc<str>>) -> Step {
        let waiting: Vec<(AttemptId, FrameId)> = self
            .execution
            .attempts
            .iter()
            .map(|(attempt, frame)| (*attempt, *frame))
            .collect();
        for (attempt, id) in waiting {
            if self.execution.status != Status::Running {
                return Ok(());
            }
            let Some(Phase::Running(running)) = self.execution.frame(id).map(|frame| &frame.phase)
            else {
                continue;
            };
            let running = running.clone();
            let Some(call) = self.task_call(id)? else {
                continue;
            };
            if is_waited_for(&call.resource, &running) {
                continue;
            }
            self.run_again(attempt, id, call, once_only)?;
        }
        Ok(())
    }

    fn run_again(
        &mut self,
        attempt: AttemptId,
        id: FrameId,
        call: TaskCall,
        once_only: &BTreeSet<Arc<str>>,
    ) -> Step {
        let call = match &call.function {
            None => call,
            Some(name) => {
                if once_only.contains(name) {
                    return self.lost(
                        attempt,
                        "The host stopped while the function was running; what it did is unknown.",
                    );
                }
                if call.recoveries + 1 >= limits::HOST_DEATHS_MAX {
                    return self.lost(
                        attempt,
                        "The host stopped each time while the function was running.",
                    );
                }
                self.emit(id, EventKind::TaskRecovered { attempt })?;
                TaskCall {
                    recoveries: call.recoveries + 1,
                    ..call
                }
            }
        };
        self.decision.effects.push(Effect::Run(Box::new(call)));
        Ok(())
    }

    fn lost(&mut self, attempt: AttemptId, cause: &str) -> Step {
        let error = ErrorOutput::new("Lambda.ServiceException", cause);
        self.task_ended(attempt, Err(error), Usage::default())
    }
}

/// Somebody outside has it in hand, and nothing is owed but its timers.
fn is_waited_for(resource: &Resource, running: &Running) -> bool {
    match resource {
        Resource::Function { .. } => false,
        Resource::Activity { .. } => running.started,
        Resource::Integration { pattern, .. } => {
            *pattern == Pattern::WaitForTaskToken && running.submitted
        }
    }
}
