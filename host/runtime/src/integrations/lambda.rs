//! `lambda:invoke` (ASL.md §4.5): `Payload` is the event, and the result is wrapped.

use std::sync::Arc;

use asl::{Pattern, Resource};
use expr::Data;
use serde_json::{Value, json};
use shard::RunTask;

use super::{Progress, function, metadata};
use crate::host::Monitor;
use crate::message::{Hold, Message};
use crate::shell::Shell;

pub(super) async fn invoke(
    shell: &Arc<Shell>,
    task: &RunTask,
    monitor: Arc<dyn Monitor>,
) -> Progress {
    let payload = payload_of(task.call.parameters.value());
    let report = function::invoke(shell, task, payload.clone(), monitor).await;
    let version = report.version.as_deref().unwrap_or("$LATEST");
    let result = report
        .result
        .map(|output| wrapped(task, version, output.value()));
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

fn wrapped(task: &RunTask, version: &str, payload: &Value) -> Data {
    let mut result = json!({ "ExecutedVersion": version, "Payload": payload });
    metadata::add(&mut result, &task.call.idempotency_key);
    if let Some(members) = result.as_object_mut() {
        members.insert("StatusCode".into(), 200.into());
    }
    result.into()
}
