//! `lambda:invoke` (ASL.md §4.5): `Payload` is the event, and the result is wrapped.

use std::sync::Arc;

use asl::{Pattern, Resource};
use expr::Data;
use serde_json::{Value, json};
use shard::RunTask;

use super::{Progress, function, metadata};
use crate::host::Monitor;
use crate::shell::Shell;

pub(super) async fn invoke(
    shell: &Arc<Shell>,
    task: &RunTask,
    monitor: Arc<dyn Monitor>,
) -> Progress {
    let parameters = task.call.parameters.value();
    let payload = parameters
        .get("Payload")
        .cloned()
        .unwrap_or_else(|| json!({}));
    let report = function::invoke(shell, task, payload.into(), monitor).await;
    let result = report.result.map(|output| wrapped(task, output.value()));
    match result {
        Ok(output) if waits(task) => Progress::Submitted {
            output,
            message: None,
        },
        result => Progress::Ended {
            result,
            usage: report.usage,
        },
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

fn wrapped(task: &RunTask, payload: &Value) -> Data {
    let mut result = json!({ "ExecutedVersion": "$LATEST", "Payload": payload });
    metadata::add(&mut result, &task.call.idempotency_key);
    if let Some(members) = result.as_object_mut() {
        members.insert("StatusCode".into(), 200.into());
    }
    result.into()
}
