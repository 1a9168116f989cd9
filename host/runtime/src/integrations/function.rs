//! A plain function ARN: the whole input is the event, the output is the result (ASL.md §4.5).

use std::sync::Arc;

use engine::{ErrorOutput, Usage};
use expr::Data;
use shard::RunTask;

use super::Progress;
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
    let attempt = Attempt {
        execution: task.execution.clone(),
        execution_name: task.execution_name.clone(),
        machine_arn: task.machine_arn.clone(),
        state_name: call.state_name.clone(),
        resource: call.resource.clone(),
        retry_count: call.retry_count,
        idempotency_key: call.idempotency_key.clone(),
        token: call.token.clone(),
        started_at: call.scheduled_at,
        deadline: call.deadline,
    };
    let invocation = Invocation {
        input,
        attempt,
        monitor,
    };
    match shell.host.invoke(name, invocation) {
        Some(outcome) => {
            let mut report = outcome.await;
            if !report.log.is_empty() {
                let lines = std::mem::take(&mut report.log);
                shell.messages.log(&task.execution, &call.state_name, lines);
            }
            report
        }
        None => missing(call.resource.arn(), name),
    }
}

fn missing(resource: &str, name: &str) -> TaskReport {
    let arn = if resource.contains(":function:") {
        resource
    } else {
        name
    };
    let error = ErrorOutput::new(
        "Lambda.ResourceNotFoundException",
        format!(
            "Function not found: {arn}:$LATEST (Service: AWSLambda; Status Code: 404; Error Code: \
             ResourceNotFoundException; Request ID: -; Proxy: null)"
        ),
    );
    TaskReport {
        result: Err(error),
        usage: Usage::default(),
        log: Vec::new(),
    }
}
