//! `lambda:invoke` (ASL.md §4.5): `Payload` is the event, and the result is wrapped.

use std::sync::Arc;

use asl::{Pattern, Resource};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::{ErrorOutput, Usage};
use expr::Data;
use serde_json::{Value, json};
use shard::RunTask;

use super::{Progress, failed, function, metadata};
use crate::host::Monitor;
use crate::message::{Hold, Message};
use crate::shell::Shell;

pub(super) async fn invoke(
    shell: &Arc<Shell>,
    task: &RunTask,
    monitor: Arc<dyn Monitor>,
) -> Progress {
    let parameters = task.call.parameters.value();
    let payload = payload_of(parameters);
    match parameters.get("InvocationType").and_then(Value::as_str) {
        Some("Event") => {
            let invocation = function::invocation(task, payload.clone(), monitor.clone());
            let name = task.call.function.as_deref().unwrap_or_default();
            // Where no events are kept, the function runs at once; where it is missing, that says so.
            if let Some(kept) = shell.host.invoke_later(name, &invocation) {
                return later(shell, task, &payload, kept.await);
            }
        }
        None | Some("RequestResponse") => {}
        Some(other) => {
            return failed(ErrorOutput::new(
                "Lambda.InvalidParameterValueException",
                format!(
                    "The InvocationType {other} is not available here; use RequestResponse or Event."
                ),
            ));
        }
    }
    let report = function::invoke(shell, task, payload.clone(), monitor).await;
    let version = report.version.as_deref().unwrap_or("$LATEST");
    let log_tail = report.log_tail.as_deref();
    let result = report
        .result
        .map(|output| wrapped(task, version, output.value(), log_tail));
    match result {
        Ok(output) if waits(task) => Progress::Submitted {
            output,
            // Whoever answers callbacks on this host learns of the token here; on AWS only the
            // function does.
            message: Some(Box::new(message(shell, task, &payload))),
        },
        result => Progress::Ended {
            result,
            usage: report.usage,
        },
    }
}

/// The event: `{}` when there is none, and of a string the JSON that it holds, as recorded from AWS.
fn payload_of(parameters: &Value) -> Data {
    match parameters.get("Payload") {
        None | Some(Value::Null) => Data::empty_object(),
        Some(Value::String(text)) => match Data::parse(text.as_str()) {
            Ok(parsed) => parsed,
            Err(_) => Data::new(Value::String(text.clone())),
        },
        Some(other) => Data::new(other.clone()),
    }
}

fn message(shell: &Arc<Shell>, task: &RunTask, payload: &Data) -> Message {
    Message {
        execution: task.execution.clone(),
        attempt: task.call.attempt,
        state_name: task.call.state_name.clone(),
        queue: task.call.function.clone().unwrap_or_default(),
        id: task.call.idempotency_key.to_string(),
        body: payload.text().to_owned(),
        token: task.call.token.clone(),
        _hold: Hold::new(shell),
    }
}

fn waits(task: &RunTask) -> bool {
    matches!(
        task.call.resource,
        Resource::Integration {
            pattern: Pattern::WaitForTaskToken,
            ..
        }
    )
}

/// What is known once an event is kept.
fn later(
    shell: &Arc<Shell>,
    task: &RunTask,
    payload: &Data,
    kept: Result<(), ErrorOutput>,
) -> Progress {
    let result = kept.map(|()| {
        let mut result = json!({ "Payload": "" });
        metadata::add(&mut result, &task.call.idempotency_key);
        if let Some(members) = result.as_object_mut() {
            members.insert("StatusCode".into(), 202.into());
        }
        Data::from(result)
    });
    match result {
        Ok(output) if waits(task) => Progress::Submitted {
            output,
            message: Some(Box::new(message(shell, task, payload))),
        },
        result => Progress::Ended {
            result,
            usage: Usage::default(),
        },
    }
}

fn wrapped(task: &RunTask, version: &str, payload: &Value, log_tail: Option<&str>) -> Data {
    let mut result = json!({ "ExecutedVersion": version, "Payload": payload });
    if let (Some(tail), Some(members)) = (log_tail, result.as_object_mut()) {
        members.insert("LogResult".into(), STANDARD.encode(tail).into());
    }
    metadata::add(&mut result, &task.call.idempotency_key);
    if let Some(members) = result.as_object_mut() {
        members.insert("StatusCode".into(), 200.into());
    }
    result.into()
}
