//! Events as AWS would show them (ASL.md §9), for comparing with expectations and recordings.

use std::collections::BTreeMap;
use std::sync::Arc;

use asl::{Resource, StateId, StateKind, StateMachine};
use engine::{ErrorOutput, Event, EventKind, FrameId, Timestamp};
use expr::Data;
use serde_json::{Map, Value, json};

/// The region that a simulated host is in.
const REGION: &str = "us-east-1";

/// Characters of details that a line shows.
const DETAILS_CHARS_MAX: usize = 240;

/// One event of AWS's history.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// `id`.
    pub id: u64,
    /// `previousEventId`.
    pub previous: u64,
    /// `timestamp`.
    pub at: Timestamp,
    /// `type`.
    pub type_name: String,
    /// The member that holds the details, and the details; `None`: the type has none.
    pub details: Option<(&'static str, Value)>,
}

impl Told {
    /// As GetExecutionHistory writes it, without the timestamp.
    pub fn to_json(&self) -> Value {
        let mut event = json!({
            "id": self.id,
            "previousEventId": self.previous,
            "type": self.type_name,
        });
        if let (Some(members), Some((member, details))) = (event.as_object_mut(), &self.details) {
            members.insert((*member).to_owned(), details.clone());
        }
        event
    }
}

/// The visible events, in order.
pub fn tell(events: &[Event], machine: &StateMachine) -> Vec<Told> {
    let mut teller = Teller {
        machine,
        frames: BTreeMap::new(),
        next_frame: 0,
    };
    events
        .iter()
        .filter_map(|event| teller.tell(event))
        .collect()
}

/// A line for each event: `id<previous Type {details}`, with `@12.5s` where time has passed since the
/// line before, `tokens` shown as `<token>` and long details cut.
pub fn lines(told: &[Told], tokens: &[Arc<str>]) -> String {
    let mut text = String::new();
    let begin = told.first().map_or(Timestamp(0), |first| first.at);
    let mut last = begin;
    for one in told {
        text.push_str(&format!("{}<{} {}", one.id, one.previous, one.type_name));
        if one.at != last {
            text.push_str(&format!(" @{}", seconds(one.at.micros_since(begin))));
            last = one.at;
        }
        if let Some((_, details)) = &one.details {
            text.push(' ');
            text.push_str(&short(details, tokens));
        }
        text.push('\n');
    }
    text
}

fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    format!("{}s", text.trim_end_matches('0').trim_end_matches('.'))
}

fn short(details: &Value, tokens: &[Arc<str>]) -> String {
    let kept: Map<String, Value> = details
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| !key.ends_with("Details") && *key != "roleArn" && *key != "region")
        .map(|(key, value)| (key.clone(), unquoted(key, value)))
        .collect();
    let mut text = Value::Object(kept).to_string();
    for token in tokens {
        text = text.replace(&**token, "<token>");
    }
    match text.char_indices().nth(DETAILS_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Payloads are JSON text in the API; a line reads better with what they say.
fn unquoted(key: &str, value: &Value) -> Value {
    match (key, value.as_str()) {
        ("input" | "output" | "parameters", Some(text)) => {
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        }
        _ => value.clone(),
    }
}

struct Teller<'a> {
    machine: &'a StateMachine,
    frames: BTreeMap<FrameId, Frame>,
    next_frame: u64,
}

#[derive(Clone, Copy)]
struct Frame {
    parent: Option<FrameId>,
    state: Option<StateId>,
}

impl Teller<'_> {
    fn tell(&mut self, event: &Event) -> Option<Told> {
        self.follow(event);
        let state = self.frames.get(&event.frame).and_then(|frame| frame.state);
        let type_name = engine::history::type_name(event, self.machine, state)?;
        let link = event.history?;
        Some(Told {
            id: link.id,
            previous: link.previous,
            at: event.at,
            type_name,
            details: self.details(event, state),
        })
    }

    fn follow(&mut self, event: &Event) {
        match &event.kind {
            EventKind::ExecutionStarted { .. } => self.add(None),
            EventKind::ParallelStarted { branches, .. } => {
                for _ in branches {
                    self.add(Some(event.frame));
                }
            }
            EventKind::IterationStarted { .. } => self.add(Some(event.frame)),
            EventKind::StateEntered { state, .. } => {
                if let Some(frame) = self.frames.get_mut(&event.frame) {
                    frame.state = Some(*state);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, parent: Option<FrameId>) {
        let state = None;
        self.frames
            .insert(FrameId(self.next_frame), Frame { parent, state });
        self.next_frame += 1;
    }

    fn name(&self, state: Option<StateId>) -> String {
        state
            .and_then(|id| self.machine.state(id))
            .map_or_else(String::new, |state| state.name.to_string())
    }

    fn resource(&self, state: Option<StateId>) -> Option<&Resource> {
        match &self.machine.state(state?)?.kind {
            StateKind::Task(task) => Some(&task.resource),
            _ => None,
        }
    }

    /// Name of the Map that an iteration belongs to.
    fn map_name(&self, frame: FrameId) -> String {
        let parent = self.frames.get(&frame).and_then(|frame| frame.parent);
        let owner = parent.and_then(|parent| self.frames.get(&parent));
        self.name(owner.and_then(|owner| owner.state))
    }

    fn details(&self, event: &Event, state: Option<StateId>) -> Option<(&'static str, Value)> {
        Some(match &event.kind {
            EventKind::ExecutionStarted { header, .. } => {
                let mut details = with_data("input", &header.input);
                put(&mut details, "roleArn", (*header.role_arn).into());
                ("executionStartedEventDetails", details)
            }
            EventKind::ExecutionSucceeded { output } => (
                "executionSucceededEventDetails",
                with_data("output", output),
            ),
            EventKind::ExecutionFailed(error) => ("executionFailedEventDetails", failure(error)),
            EventKind::ExecutionTimedOut(error) => {
                ("executionTimedOutEventDetails", failure(error))
            }
            EventKind::ExecutionAborted(error) => ("executionAbortedEventDetails", failure(error)),
            EventKind::EvaluationFailed { error, location } => {
                let mut details = failure(error);
                put(&mut details, "state", self.name(state).into());
                if let Some(location) = location {
                    put(&mut details, "location", (**location).into());
                }
                ("evaluationFailedEventDetails", details)
            }
            EventKind::StateEntered { input, .. } => {
                let mut details = with_data("input", input);
                put(&mut details, "name", self.name(state).into());
                ("stateEnteredEventDetails", details)
            }
            EventKind::StateExited {
                output, assigned, ..
            } => {
                let mut details = with_data("output", output);
                put(&mut details, "name", self.name(state).into());
                if !assigned.is_empty() {
                    let variables: Map<String, Value> = assigned
                        .iter()
                        .map(|(name, value)| (name.to_string(), value.text().into()))
                        .collect();
                    put(&mut details, "assignedVariables", variables.into());
                    let whole = json!({ "truncated": false });
                    put(&mut details, "assignedVariablesDetails", whole);
                }
                ("stateExitedEventDetails", details)
            }
            EventKind::ExecutionRedriven { redrive_count } => (
                "executionRedrivenEventDetails",
                json!({ "redriveCount": redrive_count }),
            ),
            EventKind::MapStarted { length, .. }
            | EventKind::ChildrenResumed {
                length: Some(length),
            } => ("mapStateStartedEventDetails", json!({ "length": length })),
            EventKind::IterationStarted { index, .. } => (
                "mapIterationStartedEventDetails",
                json!({ "name": self.name(state), "index": index }),
            ),
            EventKind::IterationSucceeded { index } => (
                "mapIterationSucceededEventDetails",
                json!({ "name": self.map_name(event.frame), "index": index }),
            ),
            EventKind::IterationFailed { index } => (
                "mapIterationFailedEventDetails",
                json!({ "name": self.map_name(event.frame), "index": index }),
            ),
            EventKind::IterationAborted { index } => (
                "mapIterationAbortedEventDetails",
                json!({ "name": self.map_name(event.frame), "index": index }),
            ),
            _ => {
                return self
                    .resource(state)
                    .and_then(|resource| task_details(event, resource));
            }
        })
    }
}

/// The details of an event of a task. A function, an activity and an integration have their own.
fn task_details(event: &Event, resource: &Resource) -> Option<(&'static str, Value)> {
    let pick = |function, activity, integration| match resource {
        Resource::Function { .. } => function,
        Resource::Activity { .. } => activity,
        Resource::Integration { .. } => integration,
    };
    let (member, mut details) = match &event.kind {
        EventKind::TaskScheduled {
            parameters,
            timeout_seconds,
            heartbeat_seconds,
            role_arn,
            ..
        } => {
            let mut details = scheduled(resource, parameters);
            if let Some(seconds) = timeout_seconds {
                put(&mut details, "timeoutInSeconds", (*seconds).into());
            }
            if let (Some(seconds), false) = (
                heartbeat_seconds,
                matches!(resource, Resource::Function { .. }),
            ) {
                put(&mut details, "heartbeatInSeconds", (*seconds).into());
            }
            if let Some(role) = role_arn {
                put(
                    &mut details,
                    "taskCredentials",
                    json!({ "roleArn": &**role }),
                );
            }
            let member = pick(
                "lambdaFunctionScheduledEventDetails",
                "activityScheduledEventDetails",
                "taskScheduledEventDetails",
            );
            (member, details)
        }
        EventKind::TaskStarted { worker, .. } => {
            let mut details = json!({});
            if let Some(worker) = worker {
                put(&mut details, "workerName", (**worker).into());
            }
            let member = pick("", "activityStartedEventDetails", "taskStartedEventDetails");
            (member, details)
        }
        EventKind::TaskSubmitted { output, .. } => {
            ("taskSubmittedEventDetails", with_data("output", output))
        }
        EventKind::TaskSucceeded { output, .. } => {
            let member = pick(
                "lambdaFunctionSucceededEventDetails",
                "activitySucceededEventDetails",
                "taskSucceededEventDetails",
            );
            (member, with_data("output", output))
        }
        EventKind::TaskFailed { error, .. } => {
            let member = pick(
                "lambdaFunctionFailedEventDetails",
                "activityFailedEventDetails",
                "taskFailedEventDetails",
            );
            (member, failure(error))
        }
        EventKind::TaskTimedOut { .. } => {
            let member = pick(
                "lambdaFunctionTimedOutEventDetails",
                "activityTimedOutEventDetails",
                "taskTimedOutEventDetails",
            );
            (member, json!({ "error": engine::limits::TIMEOUT }))
        }
        _ => return None,
    };
    if let Resource::Integration {
        service,
        action,
        pattern,
        ..
    } = resource
    {
        put(&mut details, "resourceType", (**service).into());
        let resource = format!("{action}{}", pattern.suffix());
        put(&mut details, "resource", resource.into());
    }
    (!member.is_empty()).then_some((member, details))
}

fn scheduled(resource: &Resource, parameters: &Data) -> Value {
    match resource {
        Resource::Integration { .. } => {
            json!({ "region": REGION, "parameters": parameters.text() })
        }
        Resource::Function { arn, .. } | Resource::Activity { arn, .. } => {
            let mut details = with_data("input", parameters);
            put(&mut details, "resource", (**arn).into());
            details
        }
    }
}

fn with_data(key: &str, data: &Data) -> Value {
    let mut details = json!({});
    put(&mut details, key, data.text().into());
    put(
        &mut details,
        &format!("{key}Details"),
        json!({ "truncated": false }),
    );
    details
}

fn failure(error: &ErrorOutput) -> Value {
    let mut details = json!({});
    let texts = [("error", &error.error), ("cause", &error.cause)];
    for (key, text) in texts {
        if let Some(text) = text {
            put(&mut details, key, (**text).into());
        }
    }
    details
}

fn put(details: &mut Value, key: &str, value: Value) {
    if let Some(members) = details.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
}
