//! `GetExecutionHistory`: the engine's events in AWS's shape (ASL.md §9.1-9.5).
//!
//! An event is its envelope (`timestamp`, `type`, `id`, `previousEventId`) and at most one struct of
//! details. Payloads are JSON *text* in a string; a detail that is not known is left out. Internal
//! events have no counterpart and are skipped.

use asl::{Resource, State, StateKind, StateMachine, Task};
use engine::history::type_name;
use engine::{ErrorOutput, Event, EventKind, FrameId, Header, Timestamp};
use serde_json::{Map, Value, json};

use crate::places::Places;

/// The region of an ARN that does not say one.
const REGION: &str = "us-east-1";

/// The events that AWS's history has, in order. `events` are those of one execution of `machine`, from
/// its first one on.
pub fn to_wire(events: &[Event], machine: &StateMachine) -> Vec<Value> {
    let mut history = History::new(machine);
    events
        .iter()
        .filter_map(|event| history.event(event))
        .collect()
}

/// A history in the making: the same as [`to_wire`], event by event.
pub struct History<'a> {
    machine: &'a StateMachine,
    places: Places,
    region: String,
}

/// Where a history stands, apart from its machine.
#[derive(Clone, Debug)]
pub struct Standing {
    places: Places,
    region: String,
}

impl Default for Standing {
    fn default() -> Standing {
        Standing {
            places: Places::new(),
            region: REGION.to_owned(),
        }
    }
}

impl<'a> History<'a> {
    /// The history of an execution of `machine` that nothing has happened to.
    pub fn new(machine: &'a StateMachine) -> History<'a> {
        History {
            machine,
            places: Places::new(),
            region: REGION.to_owned(),
        }
    }

    /// Goes on where a history was left.
    pub fn resume(machine: &'a StateMachine, standing: Standing) -> History<'a> {
        let Standing { places, region } = standing;
        History {
            machine,
            places,
            region,
        }
    }

    /// Leaves the history, to go on later.
    pub fn pause(self) -> Standing {
        Standing {
            places: self.places,
            region: self.region,
        }
    }

    /// The next event in AWS's shape; `None`: AWS has no event for it.
    pub fn event(&mut self, event: &Event) -> Option<Value> {
        self.follow(event);
        let wire = self.wire(event);
        self.leave(event);
        wire
    }

    /// Follows the next event without making anything of it.
    pub fn pass(&mut self, event: &Event) {
        self.follow(event);
        self.leave(event);
    }

    fn follow(&mut self, event: &Event) {
        self.places.follow(event);
        if let EventKind::ExecutionStarted { header, .. } = &event.kind {
            region_of(header).clone_into(&mut self.region);
        }
    }

    /// Nobody asks for the frame of a branch or iteration any more once it has ended.
    fn leave(&mut self, event: &Event) {
        if let EventKind::BranchSucceeded | EventKind::IterationSucceeded { .. } = event.kind {
            self.places.forget(event.frame);
        }
    }

    fn wire(&self, event: &Event) -> Option<Value> {
        let link = event.history?;
        let state = self.places.state(event.frame);
        let mut wire = Map::new();
        wire.insert("timestamp".into(), epoch_seconds(event.at));
        wire.insert("type".into(), type_name(event, self.machine, state)?.into());
        wire.insert("id".into(), link.id.into());
        wire.insert("previousEventId".into(), link.previous.into());
        let state = state.and_then(|id| self.machine.state(id));
        if let Some((member, details)) = self.details(event, state) {
            wire.insert(member, details);
        }
        Some(Value::Object(wire))
    }

    fn details(&self, event: &Event, state: Option<&State>) -> Option<(String, Value)> {
        let of = |member: &str, details: Value| Some((format!("{member}EventDetails"), details));
        let name = || state.map_or("", |state| &*state.name);
        match &event.kind {
            EventKind::ExecutionStarted { header, .. } => of("executionStarted", started(header)),
            EventKind::ExecutionSucceeded { output } => of(
                "executionSucceeded",
                payload("output", output.text()).into(),
            ),
            EventKind::ExecutionFailed(e) => of("executionFailed", error(e).into()),
            EventKind::ExecutionTimedOut(e) => of("executionTimedOut", error(e).into()),
            EventKind::ExecutionAborted(e) => of("executionAborted", error(e).into()),
            EventKind::ExecutionRedriven { redrive_count } => {
                let details = json!({ "redriveCount": redrive_count });
                of("executionRedriven", details)
            }
            EventKind::StateEntered { input, .. } => {
                let details = joined(json!({ "name": name() }), payload("input", input.text()));
                of("stateEntered", details)
            }
            EventKind::StateExited {
                output, assigned, ..
            } => {
                let variables = assigned.iter().map(|(name, value)| (&**name, value.text()));
                of("stateExited", exited(name(), output.text(), variables))
            }
            EventKind::MapStarted { length, .. }
            | EventKind::ChildrenResumed {
                length: Some(length),
            } => of("mapStateStarted", json!({ "length": length })),
            EventKind::IterationStarted { index, .. } => {
                let details = json!({ "name": name(), "index": index });
                of("mapIterationStarted", details)
            }
            EventKind::IterationSucceeded { index } => {
                of("mapIterationSucceeded", self.iteration(event.frame, *index))
            }
            EventKind::IterationFailed { index } => {
                of("mapIterationFailed", self.iteration(event.frame, *index))
            }
            EventKind::IterationAborted { index } => {
                of("mapIterationAborted", self.iteration(event.frame, *index))
            }
            EventKind::TaskScheduled { .. }
            | EventKind::TaskStarted { .. }
            | EventKind::TaskSubmitted { .. }
            | EventKind::TaskSucceeded { .. }
            | EventKind::TaskFailed { .. }
            | EventKind::TaskTimedOut { .. } => self.task_details(event, task_of(state)?),
            EventKind::EvaluationFailed { error: e, location } => {
                let mut details = error(e);
                details.insert("state".into(), name().into());
                if let Some(location) = location {
                    details.insert("location".into(), (&**location).into());
                }
                of("evaluationFailed", details.into())
            }
            EventKind::StateAborted
            | EventKind::ChildrenResumed { length: None }
            | EventKind::StateResumed
            | EventKind::StateFailed(_)
            | EventKind::ChildFailed { .. }
            | EventKind::RetryArmed { .. }
            | EventKind::RetryBegun
            | EventKind::WaitArmed { .. }
            | EventKind::TaskRecovered { .. }
            | EventKind::HeartbeatRecorded { .. }
            | EventKind::ParallelStarted { .. }
            | EventKind::ParallelSucceeded
            | EventKind::ParallelFailed
            | EventKind::MapSucceeded
            | EventKind::MapFailed
            | EventKind::BranchSucceeded => None,
        }
    }

    /// An iteration's own events stand in its frame; the name is that of the Map around it.
    fn iteration(&self, frame: FrameId, index: u64) -> Value {
        let owner = self.places.parent(frame).map(|(parent, _)| parent);
        let state = owner.and_then(|owner| self.places.state(owner));
        let state = state.and_then(|id| self.machine.state(id));
        json!({ "name": state.map_or("", |state| &*state.name), "index": index })
    }

    fn task_details(&self, event: &Event, task: &Task) -> Option<(String, Value)> {
        match &task.resource {
            Resource::Function { arn, .. } => function_details(event, arn),
            Resource::Activity { arn, .. } => activity_details(event, arn),
            Resource::Integration {
                service,
                action,
                pattern,
                ..
            } => {
                let resource = format!("{action}{}", pattern.suffix());
                self.integration_details(event, service, &resource)
            }
        }
    }

    fn integration_details(
        &self,
        event: &Event,
        service: &str,
        resource: &str,
    ) -> Option<(String, Value)> {
        let base = json!({ "resourceType": service, "resource": resource });
        let (member, more) = match &event.kind {
            EventKind::TaskScheduled {
                parameters,
                timeout_seconds,
                heartbeat_seconds,
                role_arn,
                ..
            } => {
                let mut more = Map::new();
                more.insert("region".into(), self.region.as_str().into());
                more.insert("parameters".into(), parameters.text().into());
                put(&mut more, "timeoutInSeconds", *timeout_seconds);
                put(&mut more, "heartbeatInSeconds", *heartbeat_seconds);
                put(&mut more, "taskCredentials", role_arn.as_deref().map(role));
                ("taskScheduled", more)
            }
            EventKind::TaskStarted { .. } => ("taskStarted", Map::new()),
            EventKind::TaskSubmitted { output, .. } => {
                ("taskSubmitted", payload("output", output.text()))
            }
            EventKind::TaskSucceeded { output, .. } => {
                ("taskSucceeded", payload("output", output.text()))
            }
            EventKind::TaskFailed { error: e, .. } => ("taskFailed", error(e)),
            EventKind::TaskTimedOut { .. } => ("taskTimedOut", timeout()),
            _ => return None,
        };
        Some((format!("{member}EventDetails"), joined(base, more)))
    }
}

fn function_details(event: &Event, arn: &str) -> Option<(String, Value)> {
    let (member, details) = match &event.kind {
        EventKind::TaskScheduled {
            parameters,
            timeout_seconds,
            role_arn,
            ..
        } => {
            let mut details = scheduled(arn, parameters.text());
            put(&mut details, "timeoutInSeconds", *timeout_seconds);
            let credentials = role_arn.as_deref().map(role);
            put(&mut details, "taskCredentials", credentials);
            ("lambdaFunctionScheduled", details)
        }
        EventKind::TaskSucceeded { output, .. } => {
            ("lambdaFunctionSucceeded", payload("output", output.text()))
        }
        EventKind::TaskFailed { error: e, .. } => ("lambdaFunctionFailed", error(e)),
        EventKind::TaskTimedOut { .. } => ("lambdaFunctionTimedOut", timeout()),
        _ => return None,
    };
    Some((format!("{member}EventDetails"), details.into()))
}

fn activity_details(event: &Event, arn: &str) -> Option<(String, Value)> {
    let (member, details) = match &event.kind {
        EventKind::TaskScheduled {
            parameters,
            timeout_seconds,
            heartbeat_seconds,
            ..
        } => {
            let mut details = scheduled(arn, parameters.text());
            put(&mut details, "timeoutInSeconds", *timeout_seconds);
            put(&mut details, "heartbeatInSeconds", *heartbeat_seconds);
            ("activityScheduled", details)
        }
        EventKind::TaskStarted { worker, .. } => {
            let mut details = Map::new();
            put(&mut details, "workerName", worker.as_deref());
            ("activityStarted", details)
        }
        EventKind::TaskSucceeded { output, .. } => {
            ("activitySucceeded", payload("output", output.text()))
        }
        EventKind::TaskFailed { error: e, .. } => ("activityFailed", error(e)),
        EventKind::TaskTimedOut { .. } => ("activityTimedOut", timeout()),
        _ => return None,
    };
    Some((format!("{member}EventDetails"), details.into()))
}

fn task_of(state: Option<&State>) -> Option<&Task> {
    match &state?.kind {
        StateKind::Task(task) => Some(task),
        _ => None,
    }
}

fn started(header: &Header) -> Value {
    let mut details = payload("input", header.input.text());
    details.insert("roleArn".into(), (&*header.role_arn).into());
    put(
        &mut details,
        "stateMachineAliasArn",
        header.alias_arn.as_deref(),
    );
    put(
        &mut details,
        "stateMachineVersionArn",
        header.version_arn.as_deref(),
    );
    details.into()
}

fn exited<'a>(
    name: &str,
    output: &str,
    assigned: impl Iterator<Item = (&'a str, &'a str)>,
) -> Value {
    let mut details = payload("output", output);
    let variables: Map<String, Value> = assigned
        .map(|(name, text)| (name.to_owned(), text.into()))
        .collect();
    if !variables.is_empty() {
        details.insert("assignedVariables".into(), variables.into());
        details.insert("assignedVariablesDetails".into(), not_truncated());
    }
    joined(json!({ "name": name }), details)
}

fn scheduled(arn: &str, parameters: &str) -> Map<String, Value> {
    let mut details = Map::new();
    details.insert("resource".into(), arn.into());
    details.extend(payload("input", parameters));
    details
}

fn payload(name: &str, text: &str) -> Map<String, Value> {
    let mut details = Map::new();
    details.insert(name.to_owned(), text.into());
    details.insert(format!("{name}Details"), not_truncated());
    details
}

fn not_truncated() -> Value {
    json!({ "truncated": false })
}

fn role(arn: &str) -> Value {
    json!({ "roleArn": arn })
}

fn error(error: &ErrorOutput) -> Map<String, Value> {
    let mut details = Map::new();
    put(&mut details, "error", error.error.as_deref());
    put(&mut details, "cause", error.cause.as_deref());
    details
}

fn timeout() -> Map<String, Value> {
    let mut details = Map::new();
    details.insert("error".into(), engine::limits::TIMEOUT.into());
    details
}

fn put(details: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        details.insert(name.to_owned(), value.into());
    }
}

fn joined(base: Value, more: Map<String, Value>) -> Value {
    match base {
        Value::Object(mut base) => {
            base.extend(more);
            base.into()
        }
        other => other,
    }
}

fn region_of(header: &Header) -> &str {
    let region = header.arn.as_str().split(':').nth(3);
    region.filter(|region| !region.is_empty()).unwrap_or(REGION)
}

/// A moment as AWS's JSON has it: seconds since 1970 with milliseconds as the fraction (ASL.md §8.1).
pub fn epoch_seconds(at: Timestamp) -> Value {
    // A double holds whole milliseconds exactly for the next 285,000 years.
    json!(at.0.div_euclid(1_000) as f64 / 1_000.0)
}

#[cfg(test)]
mod tests;
