//! A plain function ARN: the whole input is the event, the output is the result (ASL.md §4.5).

use std::sync::Arc;

use asl::Resource;
use engine::{ErrorOutput, TaskCall, Usage};
use expr::Data;
use serde_json::Value;
use shard::RunTask;

use super::Progress;
use crate::functions::FunctionReference;
use crate::host::{Attempt, Invocation, Monitor, TaskReport};
use crate::shell::Shell;

pub(super) async fn run(shell: &Arc<Shell>, task: &RunTask, monitor: Arc<dyn Monitor>) -> Progress {
    let report = invoke(shell, task, task.call.parameters.clone(), monitor).await;
    Progress::Ended {
        result: report.result,
        usage: report.usage,
    }
}

/// Runs the function that a call names.
pub(super) async fn invoke(
    shell: &Arc<Shell>,
    task: &RunTask,
    input: Data,
    monitor: Arc<dyn Monitor>,
) -> TaskReport {
    let call = &task.call;
    let name = call.function.as_deref().unwrap_or_default();
    let invocation = invocation(task, input, monitor);
    match shell.host.invoke(name, invocation) {
        Some(outcome) => {
            let mut report = outcome.await;
            if !report.log.is_empty() {
                let lines = std::mem::take(&mut report.log);
                shell.messages.log(&task.execution, &call.state_name, lines);
            }
            report
        }
        None => missing(call),
    }
}

/// The attempt of a task as its function's.
pub(super) fn invocation(task: &RunTask, input: Data, monitor: Arc<dyn Monitor>) -> Invocation {
    let call = &task.call;
    let attempt = Attempt {
        execution: task.execution.clone(),
        execution_name: task.execution_name.clone(),
        machine_arn: task.machine_arn.clone(),
        state_name: call.state_name.clone(),
        resource: call.resource.clone(),
        qualifier: qualifier_of(call),
        retry_count: call.retry_count,
        idempotency_key: call.idempotency_key.clone(),
        token: call.token.clone(),
        started_at: call.scheduled_at,
        deadline: call.deadline,
    };
    let log_type = call.parameters.value().get("LogType");
    let is_plain = matches!(call.resource, Resource::Function { .. });
    Invocation {
        input,
        attempt,
        monitor,
        with_log_tail: !is_plain && log_type.and_then(Value::as_str) == Some("Tail"),
    }
}

/// The version or alias that a call asks for: in the ARN of the state, in `Qualifier`, or behind the name
/// of the function.
fn qualifier_of(call: &TaskCall) -> Option<Arc<str>> {
    if let Resource::Function { qualifier, .. } = &call.resource {
        return qualifier.clone();
    }
    let parameters = call.parameters.value();
    if let Some(qualifier) = parameters.get("Qualifier").and_then(Value::as_str) {
        return Some(qualifier.into());
    }
    let name = parameters.get("FunctionName")?.as_str()?;
    Some(FunctionReference::parse(name)?.qualifier?.into())
}

fn missing(call: &TaskCall) -> TaskReport {
    let function = match &call.resource {
        Resource::Function { arn, qualifier, .. } if qualifier.is_some() => arn.to_string(),
        Resource::Function { arn, .. } => format!("{arn}:$LATEST"),
        Resource::Integration { .. } | Resource::Activity { .. } => format!(
            "{}:{}",
            call.function.as_deref().unwrap_or_default(),
            qualifier_of(call).as_deref().unwrap_or("$LATEST")
        ),
    };
    let error = ErrorOutput::new(
        "Lambda.ResourceNotFoundException",
        format!(
            "Function not found: {function} (Service: AWSLambda; Status Code: 404; Error Code: \
             ResourceNotFoundException; Request ID: -; Proxy: null)"
        ),
    );
    TaskReport {
        result: Err(error),
        usage: Usage::default(),
        log: Vec::new(),
        version: None,
        log_tail: None,
    }
}
