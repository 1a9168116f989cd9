//! Task (ASL.md §1.2, §7): evaluates what is sent, hands it out, and waits for the one outcome.

use std::sync::Arc;

use asl::{Number, Pattern, Resource, StateKind, Task};
use expr::Data;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::flow::{Broken, within_limit};
use super::query::{Extra, Subject};
use super::scope::View;
use super::{Decider, Here, Stage, Step};
use crate::apply::IllegalEvent;
use crate::effect::{Effect, TaskCall, TimerKey};
use crate::event::{ErrorOutput, EventKind};
use crate::ids::{AttemptId, FrameId};
use crate::state::Phase;
use crate::token::TokenTarget;

/// What a Task state comes to before it is handed out.
struct Prepared {
    parameters: Data,
    timeout_seconds: Option<u64>,
    heartbeat_seconds: Option<u64>,
    role_arn: Option<Arc<str>>,
}

impl Decider<'_> {
    pub(super) fn begin_task(&mut self, here: &Here<'_>, task: &Task) -> Step {
        let attempt = AttemptId(self.execution.next_attempt);
        let token = self.token(task, attempt);
        match self.prepare(here, task, token.as_deref()) {
            Ok(prepared) => self.hand_out(here, task, attempt, prepared),
            Err(broken) => self.break_retryable(here, broken),
        }
    }

    /// A token for whoever will answer; `None` where the answer comes from this host.
    fn token(&self, task: &Task, attempt: AttemptId) -> Option<Arc<str>> {
        let waits = match &task.resource {
            Resource::Function { .. } => false,
            Resource::Integration { pattern, .. } => *pattern == Pattern::WaitForTaskToken,
            Resource::Activity { .. } => true,
        };
        let header = self.execution.header()?;
        let target = || TokenTarget {
            execution: header.arn.clone(),
            started_at: header.started_at,
            attempt,
        };
        waits.then(|| self.environment.tokens.mint(&target()).into())
    }

    fn prepare(
        &mut self,
        here: &Here<'_>,
        task: &Task,
        token: Option<&str>,
    ) -> Result<Prepared, Broken> {
        let input = self.effective_input(here)?;
        let parameters: Data = match &task.flow.parameters {
            None => input.clone(),
            Some(payload) => {
                let is_callback = matches!(task.resource, Resource::Integration { .. });
                let extra = Extra {
                    token: token.filter(|_| is_callback),
                    item: None,
                };
                let seen = (Subject::Entry, extra);
                self.payload(here, "Arguments", payload, &input, seen)?
                    .into()
            }
        };
        let stage = match here.is_jsonata() {
            true => Stage::AfterArguments,
            false => Stage::AfterParameters,
        };
        self.observe(stage, &parameters);
        let role_arn = match &task.credentials {
            None => None,
            Some(payload) => {
                let seen = (Subject::Entry, Extra::default());
                let credentials = self.payload(here, "Credentials", payload, &input, seen)?;
                credentials
                    .get("RoleArn")
                    .and_then(Value::as_str)
                    .map(Arc::from)
            }
        };
        let timeout_seconds = self.seconds(
            here,
            "TimeoutSeconds",
            task.timeout_seconds.as_ref(),
            &input,
        )?;
        let heartbeat_seconds = match (&task.resource, &task.heartbeat_seconds) {
            // Nobody beats in a request that is only answered, and AWS does not even look at the path.
            (
                Resource::Integration {
                    pattern: Pattern::RequestResponse,
                    ..
                },
                Some(Number::Path(_)),
            ) => None,
            (_, heartbeat) => self.seconds(here, "HeartbeatSeconds", heartbeat.as_ref(), &input)?,
        };
        let parameters = within_limit(here, parameters)?;
        Ok(Prepared {
            parameters,
            timeout_seconds,
            heartbeat_seconds,
            role_arn,
        })
    }

    fn seconds(
        &mut self,
        here: &Here<'_>,
        field: &str,
        number: Option<&Number>,
        input: &Data,
    ) -> Result<Option<u64>, Broken> {
        let path = match number {
            None => return Ok(None),
            Some(Number::Literal(seconds)) => return Ok(Some(*seconds)),
            Some(Number::Path(path)) => path,
            Some(Number::Jsonata(expression)) => {
                return self.queried_integer(here, field, expression, 1).map(Some);
            }
        };
        let field = &format!("{field}Path");
        let read = |value: &Value| match value.as_u64() {
            Some(seconds) if seconds > 0 => Ok(seconds),
            _ => Err(format!(
                "The {field} parameter cannot be parsed as a positive integer: {} == {value}",
                path.text()
            )),
        };
        match self.reference(here, path, input, read) {
            Some(Ok(seconds)) => Ok(Some(seconds)),
            Some(Err(cause)) => Err(here.runtime_error(&cause)),
            None => {
                let view = View::new(self.execution, here);
                Err(here.broken(&path.not_found(view.scope(input))))
            }
        }
    }

    fn hand_out(
        &mut self,
        here: &Here<'_>,
        task: &Task,
        attempt: AttemptId,
        prepared: Prepared,
    ) -> Step {
        self.emit(
            here.id,
            EventKind::TaskScheduled {
                attempt,
                parameters: prepared.parameters,
                timeout_seconds: prepared.timeout_seconds,
                heartbeat_seconds: prepared.heartbeat_seconds,
                role_arn: prepared.role_arn,
            },
        )?;
        if !matches!(task.resource, Resource::Activity { .. }) {
            self.emit(
                here.id,
                EventKind::TaskStarted {
                    attempt,
                    worker: None,
                },
            )?;
        }
        self.arm_task_timers(here.id);
        if let Some(call) = self.task_call(here.id)? {
            self.decision.effects.push(Effect::Run(Box::new(call)));
        }
        Ok(())
    }

    /// The task that a frame has out, from the state alone: the same when it is handed out and when it
    /// is recovered. `None`: it has none.
    pub(super) fn task_call(&self, id: FrameId) -> Result<Option<TaskCall>, IllegalEvent> {
        let Some(Phase::Running(running)) = self.execution.frame(id).map(|frame| &frame.phase)
        else {
            return Ok(None);
        };
        let here = self.here(id)?;
        let StateKind::Task(task) = &here.state.kind else {
            return Err(self.defect("a state of this type runs no task"));
        };
        Ok(Some(TaskCall {
            attempt: running.attempt,
            state_name: here.state.name.clone(),
            function: function_of(&task.resource, &running.parameters),
            resource: task.resource.clone(),
            parameters: running.parameters.clone(),
            retry_count: here.visit.retries,
            idempotency_key: self.idempotency_key(&here)?,
            token: self.token(task, running.attempt),
            deadline: running.timeout_at,
            scheduled_at: running.scheduled_at,
            recoveries: running.recoveries,
        }))
    }

    /// Arms what the running task of a frame has to be watched by.
    pub(super) fn arm_task_timers(&mut self, id: FrameId) {
        let Some(Phase::Running(running)) = self.execution.frame(id).map(|frame| &frame.phase)
        else {
            return;
        };
        let (attempt, timeout, heartbeat) =
            (running.attempt, running.timeout_at, running.heartbeat_at);
        let timers = [
            (TimerKey::Timeout(attempt), timeout),
            (TimerKey::Heartbeat(attempt), heartbeat),
        ];
        for (key, at) in timers {
            if let Some(at) = at {
                self.decision.effects.push(Effect::Arm(key, at));
            }
        }
    }

    /// Fixed per state entry, so that a retry is recognised by whoever it is sent to.
    fn idempotency_key(&self, here: &Here<'_>) -> Result<Arc<str>, IllegalEvent> {
        let Some(header) = self.execution.header() else {
            return Err(self.defect("a task runs in an execution that has not started"));
        };
        let mut hash = Sha256::new();
        hash.update(header.arn.as_str());
        hash.update(header.started_at.0.to_be_bytes());
        hash.update(here.visit.entered_id.to_be_bytes());
        let digest = hash.finalize();
        let mut key = String::with_capacity(32);
        for byte in digest.iter().take(16) {
            key.push_str(&format!("{byte:02x}"));
        }
        Ok(key.into())
    }

    /// The error of a task whose result is over the payload limit (ASL.md §1.7).
    pub(super) fn result_too_large(&self, id: FrameId) -> Result<ErrorOutput, IllegalEvent> {
        let here = self.here(id)?;
        Ok(match &here.state.kind {
            StateKind::Task(task) => ErrorOutput::result_too_large(&task.resource),
            _ => ErrorOutput::too_large(&here.state.name),
        })
    }
}

/// The name of the function that a call runs: from the ARN of the state, or from `FunctionName`.
fn function_of(resource: &Resource, parameters: &Data) -> Option<Arc<str>> {
    match resource {
        Resource::Function { name, .. } => Some(name.clone()),
        Resource::Integration {
            service, action, ..
        } if &**service == "lambda" && &**action == "invoke" => {
            let name = parameters.value().get("FunctionName")?.as_str()?;
            let name = name
                .rsplit_once(":function:")
                .map_or(name, |(_, name)| name);
            Some(name.split(':').next().unwrap_or(name).into())
        }
        Resource::Integration { .. } | Resource::Activity { .. } => None,
    }
}
