//! What the tasks of a simulation do, as JSON:
//!
//! ```json
//! {
//!   "tasks": {
//!     "charge": ["never", {"error": "Busy", "cause": "later"}, {"after_seconds": 2, "result": {"ok": true}}],
//!     "sqs:sendMessage": [[{"submitted": {}}, {"after_seconds": 5, "heartbeat": true}, {"after_seconds": 9, "success": 1}]]
//!   },
//!   "stop": {"after_seconds": 60, "error": "E", "cause": "C"},
//!   "redrives": 1
//! }
//! ```
//!
//! A task is named by its function, its activity, or `service:action`; the name of a state goes before
//! all of them. Each element is one attempt, in the order in which they are handed out; the last one
//! stands for all that follow. An attempt is `"never"`, a step, or steps, timed from its start.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::ErrorOutput;
use serde_json::{Map, Value};

/// What the world around an execution does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// Attempts by name of the task.
    pub tasks: BTreeMap<String, Vec<Attempt>>,
    /// StopExecution.
    pub stop: Option<Stop>,
    /// How often the execution is redriven when it has not succeeded, each time one second after its end.
    pub redrives: u32,
    /// Functions that hold an outward grant.
    pub outward: Vec<Arc<str>>,
    /// How long a commit takes (µs).
    pub commit_us: u64,
    /// Whether the machine is an Express one.
    pub express: bool,
    /// The steps that one input may take; `None`: the default.
    pub steps: Option<u32>,
}

/// What one attempt does, in order.
pub type Attempt = Vec<Step>;

/// Somebody stops the execution.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// After the start (µs).
    pub after_us: u64,
    /// What they say.
    pub error: ErrorOutput,
}

/// One thing that an attempt does.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// After the attempt was handed out (µs).
    pub after_us: u64,
    /// What.
    pub kind: StepKind,
}

/// What an attempt can do.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// Ends well. A `lambda:invoke` gets the value as its `Payload`.
    Result(Value),
    /// Ends well, with what it was given.
    Echo,
    /// Ends well, with a string of so many characters.
    ResultBytes(usize),
    /// Fails.
    Error(ErrorOutput),
    /// The request of a task that is waited for is answered.
    Submitted(Value),
    /// A worker takes the activity.
    Started(Option<Arc<str>>),
    /// SendTaskSuccess.
    Success(Value),
    /// SendTaskFailure.
    Failure(ErrorOutput),
    /// SendTaskHeartbeat.
    Heartbeat,
}

/// A script that says something else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("in the script, {place}: {problem}")]
pub struct ScriptError {
    /// Where.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

type Read<T> = Result<T, ScriptError>;

fn wrong<T>(place: &str, problem: impl Into<String>) -> Read<T> {
    Err(ScriptError {
        place: place.to_owned(),
        problem: problem.into(),
    })
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    /// [`ScriptError`] at the first thing that is not in the format.
    pub fn read(value: &Value) -> Read<Script> {
        let mut script = Script::default();
        for (key, value) in object("top level", value)? {
            match key.as_str() {
                "tasks" => {
                    for (name, attempts) in object("tasks", value)? {
                        let read = array(name, attempts)?.iter().map(|one| attempt(name, one));
                        script
                            .tasks
                            .insert(name.clone(), read.collect::<Read<_>>()?);
                    }
                }
                "stop" => {
                    let stop = object("stop", value)?;
                    script.stop = Some(Stop {
                        after_us: after("stop", stop)?,
                        error: error("stop", stop)?,
                    });
                }
                "outward" => {
                    for name in array("outward", value)? {
                        script.outward.push(text("outward", name)?);
                    }
                }
                "commit_seconds" => script.commit_us = micros("commit_seconds", value)?,
                "express" => script.express = value == &Value::Bool(true),
                "redrives" => match value.as_u64().and_then(|count| u32::try_from(count).ok()) {
                    Some(count) => script.redrives = count,
                    None => return wrong("redrives", "a number was expected"),
                },
                "steps" => match value.as_u64().and_then(|steps| u32::try_from(steps).ok()) {
                    Some(steps) => script.steps = Some(steps),
                    None => return wrong("steps", "a number of steps was expected"),
                },
                _ => return wrong(key, "there is no such key"),
            }
        }
        Ok(script)
    }
}

fn attempt(place: &str, value: &Value) -> Read<Attempt> {
    match value {
        Value::String(word) if word == "never" => Ok(Vec::new()),
        Value::Array(steps) => steps.iter().map(|one| step(place, one)).collect(),
        other => Ok(vec![step(place, other)?]),
    }
}

fn step(place: &str, value: &Value) -> Read<Step> {
    let members = object(place, value)?;
    let kind = members
        .iter()
        .find(|(key, _)| *key != "after_seconds" && *key != "cause");
    let kind = match kind.map(|(key, value)| (key.as_str(), value)) {
        Some(("result", value)) => StepKind::Result(value.clone()),
        Some(("echo", _)) => StepKind::Echo,
        Some(("result_bytes", value)) => {
            let bytes = value.as_u64().and_then(|bytes| usize::try_from(bytes).ok());
            match bytes {
                Some(bytes) => StepKind::ResultBytes(bytes),
                None => return wrong(place, "a number of bytes was expected"),
            }
        }
        Some(("error", _)) | None => StepKind::Error(error(place, members)?),
        Some(("submitted", value)) => StepKind::Submitted(value.clone()),
        Some(("started", Value::String(worker))) => StepKind::Started(Some(worker.as_str().into())),
        Some(("started", _)) => StepKind::Started(None),
        Some(("success", value)) => StepKind::Success(value.clone()),
        Some(("failure", value)) => StepKind::Failure(error(place, object(place, value)?)?),
        Some(("heartbeat", _)) => StepKind::Heartbeat,
        Some((other, _)) => return wrong(place, format!("a step cannot '{other}'")),
    };
    Ok(Step {
        after_us: after(place, members)?,
        kind,
    })
}

fn error(place: &str, members: &Map<String, Value>) -> Read<ErrorOutput> {
    let read = |key| members.get(key).map(|value| text(place, value)).transpose();
    Ok(ErrorOutput {
        error: read("error")?,
        cause: read("cause")?,
    })
}

fn after(place: &str, members: &Map<String, Value>) -> Read<u64> {
    members
        .get("after_seconds")
        .map_or(Ok(0), |value| micros(place, value))
}

fn micros(place: &str, value: &Value) -> Read<u64> {
    let duration = value
        .as_f64()
        .and_then(|seconds| std::time::Duration::try_from_secs_f64(seconds).ok())
        .and_then(|duration| u64::try_from(duration.as_micros()).ok());
    duration.map_or_else(|| wrong(place, "seconds were expected"), Ok)
}

fn object<'v>(place: &str, value: &'v Value) -> Read<&'v Map<String, Value>> {
    value
        .as_object()
        .map_or_else(|| wrong(place, "an object was expected"), Ok)
}

fn array<'v>(place: &str, value: &'v Value) -> Read<&'v Vec<Value>> {
    value
        .as_array()
        .map_or_else(|| wrong(place, "an array was expected"), Ok)
}

fn text(place: &str, value: &Value) -> Read<Arc<str>> {
    value.as_str().map_or_else(
        || wrong(place, "a string was expected"),
        |text| Ok(text.into()),
    )
}
