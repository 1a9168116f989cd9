//! What executions reach on a server: queues, workers of activities, other executions, and whoever
//! follows them.

use std::sync::{Arc, OnceLock};

use engine::{AttemptId, ErrorOutput, Event, ExecutionArn};
use expr::Data;
use serde_json::Value;

use crate::activities::{Activities, ActivityTask};
use crate::integrations::queued;
use crate::machines::{MachineError, Machines, Resolved};
use crate::message::{Answered, Child, ChildEnd, ChildRequest, Message, MessageSink};
use crate::queues::Queues;
use crate::request::{StartError, StartRequest};
use crate::runtime::{Runtime, WeakRuntime};

/// Follows what executions do.
pub trait Publisher: Send + Sync + 'static {
    /// These events are durable. Called in order and under a lock: must only hand them over.
    fn published(&self, execution: &ExecutionArn, events: &Arc<[Event]>);
}

/// The outside of a server's executions.
pub(crate) struct Outside {
    pub(crate) activities: Arc<Activities>,
    pub(crate) queues: Arc<Queues>,
    pub(crate) machines: Machines,
    pub(crate) runtime: OnceLock<WeakRuntime>,
    pub(crate) publisher: OnceLock<Arc<dyn Publisher>>,
}

impl Outside {
    fn runtime(&self) -> Option<Runtime> {
        self.runtime.get()?.upgrade()
    }
}

impl MessageSink for Outside {
    fn deliver(&self, _message: Message) {
        // The token of `lambda:invoke.waitForTaskToken` is in the event of the function, and nobody
        // else is told of it.
    }

    fn offer(&self, message: Message) -> Result<(), ErrorOutput> {
        let exists = self.activities.exists(&message.queue);
        if !exists.map_err(|error| ErrorOutput::new("States.Runtime", error.to_string()))? {
            let cause = format!("The activity {} does not exist.", message.queue);
            return Err(ErrorOutput::new("States.Runtime", cause));
        }
        let input = Data::parse(message.body.as_str()).unwrap_or_else(|_| Data::empty_object());
        let task = ActivityTask {
            activity: message.queue,
            execution: message.execution,
            attempt: message.attempt,
            token: message.token.unwrap_or_default(),
            input,
        };
        self.activities
            .offer(task)
            .map_err(|full| ErrorOutput::new("States.Runtime", full.to_string()))
    }

    fn withdraw(&self, execution: &ExecutionArn, attempt: AttemptId) {
        self.activities.withdraw(execution, attempt);
    }

    fn send(&self, message: &Message, request: &Value) -> Option<Answered<Value>> {
        let queues = self.queues.clone();
        let (queue, request) = queued::request_of(message, request);
        Some(Box::pin(async move {
            let request = request?;
            match queues.send(&queue, request).await {
                Ok(sent) => Ok(queued::answer_of(sent)),
                Err(error) => Err(queued::error_of(&error)),
            }
        }))
    }

    fn start_execution(&self, request: ChildRequest) -> Option<Answered<Child>> {
        let runtime = self.runtime()?;
        let machines = self.machines.clone();
        Some(Box::pin(async move {
            start_child(&runtime, &machines, request).await
        }))
    }

    fn child_end(&self, execution: ExecutionArn) -> Answered<ChildEnd> {
        let runtime = self.runtime();
        Box::pin(async move {
            let Some(runtime) = runtime else {
                // The host shuts down; whoever waits is cancelled, and asks again after the restart.
                return std::future::pending().await;
            };
            match runtime.ended(&execution).await {
                Ok(Some(view)) => Ok(ChildEnd {
                    name: view.header.name,
                    machine_arn: view.header.machine_arn,
                    input: view.header.input.text().into(),
                    status: view.index.status,
                    stopped_at: view.index.stopped_at.unwrap_or(view.index.started_at),
                    started_at: view.index.started_at,
                    outcome: view
                        .outcome
                        .unwrap_or(engine::Outcome::Error(ErrorOutput::default())),
                }),
                Ok(None) if runtime.is_shut_down() => std::future::pending().await,
                Ok(None) => Err(failed(
                    "ExecutionDoesNotExist",
                    &format!("Execution Does Not Exist: '{execution}'"),
                )),
                Err(error) => Err(failed("InternalServerError", &error.to_string())),
            }
        })
    }

    fn abandon_child(&self, execution: ExecutionArn) {
        let Some(runtime) = self.runtime() else {
            return;
        };
        let handle = runtime.guests().clone();
        handle.spawn(async move {
            // One that is over already needs no end.
            let _ = runtime.stop(&execution, ErrorOutput::default()).await;
        });
    }

    fn published(&self, execution: &ExecutionArn, events: &Arc<[Event]>) {
        if let Some(publisher) = self.publisher.get() {
            publisher.published(execution, events);
        }
    }
}

async fn start_child(
    runtime: &Runtime,
    machines: &Machines,
    request: ChildRequest,
) -> Result<Child, ErrorOutput> {
    let resolved = machines
        .resolve(&request.machine_arn, runtime.random())
        .map_err(|error| failed(code_of(&error), &error.to_string()))?;
    let input = Data::parse(request.input.as_str())
        .map_err(|error| failed("InvalidExecutionInput", &error.to_string()))?;
    let name = request.name.unwrap_or(request.default_name);
    let start = StartRequest::of(
        &resolved,
        Some(name),
        input,
        request.trace_header.as_deref(),
    );
    let input = start.input.clone();
    match runtime.start(start).await {
        Ok(started) => Ok(Child {
            execution: started.execution,
            started_at: started.started_at,
        }),
        Err(StartError::AlreadyExists(execution)) => {
            let found = runtime
                .describe(&execution)
                .map_err(|error| failed("InternalServerError", &error.to_string()))?;
            // StartExecution is idempotent while the execution runs; and one that began after this
            // attempt was scheduled is what the attempt started before a restart.
            let ours = found.filter(|view| {
                let runs = view.outcome.is_none();
                let same = view.header.input == input;
                same && (runs || view.index.started_at >= request.scheduled_at)
            });
            match ours {
                Some(view) => Ok(Child {
                    execution,
                    started_at: view.index.started_at,
                }),
                None => Err(failed(
                    "ExecutionAlreadyExists",
                    &format!("Execution Already Exists: '{execution}'"),
                )),
            }
        }
        Err(error @ StartError::LimitExceeded) => {
            Err(failed("ExecutionLimitExceeded", &error.to_string()))
        }
        Err(error @ StartError::InputTooLarge { .. }) => {
            Err(failed("InvalidExecutionInput", &error.to_string()))
        }
        Err(error @ StartError::Internal(_)) => {
            Err(failed("InternalServerError", &error.to_string()))
        }
    }
}

/// An error of Step Functions as its own integration shows it.
fn failed(code: &str, message: &str) -> ErrorOutput {
    ErrorOutput::new(
        format!("StepFunctions.{code}Exception"),
        format!(
            "{message} (Service: AWSStepFunctions; Status Code: 400; Error Code: {code}; Request ID: \
             -; Proxy: null)"
        ),
    )
}

fn code_of(error: &MachineError) -> &'static str {
    match error {
        MachineError::NotFound(_) => "StateMachineDoesNotExist",
        MachineError::Deleting(_) => "StateMachineDeleting",
        MachineError::InvalidArn(_) | MachineError::Labelled(_) => "InvalidArn",
        _ => "InternalServerError",
    }
}

impl StartRequest {
    /// The start of what an ARN stands for.
    pub fn of(
        resolved: &Resolved,
        name: Option<String>,
        input: Data,
        trace_header: Option<&str>,
    ) -> StartRequest {
        let revision = &resolved.revision;
        StartRequest {
            machine: revision.machine.clone(),
            machine_name: revision.machine_name.to_string(),
            revision: revision.revision_id.clone(),
            role_arn: revision.role_arn.clone(),
            name,
            input,
            workflow: revision.kind,
            version_arn: resolved.version_arn.as_deref().map(Arc::from),
            alias_arn: resolved.alias_arn.as_deref().map(Arc::from),
            trace_header: trace_header.map(Arc::from),
        }
    }
}
