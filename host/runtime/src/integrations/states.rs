//! `states:startExecution` (ASL.md §7.3): an execution as a task, started only (request-response, or
//! with a token), or waited for (`.sync`, `.sync:2`).

use std::sync::Arc;

use asl::Pattern;
use engine::{ErrorOutput, Outcome, Status, Usage};
use expr::Data;
use serde_json::{Map, Value, json};
use shard::RunTask;

use super::{Progress, attempt_uuid, failed, metadata, unavailable};
use crate::message::{Child, ChildEnd, ChildRequest};
use crate::shell::Shell;

pub(super) async fn start_execution(
    shell: &Arc<Shell>,
    task: &RunTask,
    pattern: Pattern,
) -> Progress {
    let request = match request_of(task) {
        Ok(request) => request,
        Err(error) => return failed(error),
    };
    let Some(started) = shell.messages.start_execution(request) else {
        return unavailable(task);
    };
    let child = match started.await {
        Ok(child) => child,
        Err(error) => return failed(error),
    };
    let output = answer_of(task, &child);
    match pattern {
        Pattern::RequestResponse => Progress::Ended {
            result: Ok(output),
            usage: Usage::default(),
        },
        Pattern::WaitForTaskToken => Progress::Submitted {
            output,
            message: None,
        },
        Pattern::Sync | Pattern::Sync2 => {
            let end = shell.messages.child_end(child.execution.clone());
            let execution = child.execution.clone();
            Progress::Pending {
                output,
                end: Box::pin(async move { result_of(&execution.0, end.await?, pattern) }),
                child: child.execution,
            }
        }
    }
}

fn request_of(task: &RunTask) -> Result<ChildRequest, ErrorOutput> {
    let parameters = task.call.parameters.value();
    let text = |name: &str| match parameters.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => Err(invalid(&format!("{name} must be a string, not {other}"))),
    };
    let Some(machine_arn) = text("StateMachineArn")? else {
        return Err(invalid(
            "The request must contain the parameter StateMachineArn.",
        ));
    };
    let input = match parameters.get("Input") {
        None | Some(Value::Null) => String::from("{}"),
        Some(Value::String(text)) => text.clone(),
        // Anything but text is sent as its compact JSON.
        Some(other) => other.to_string(),
    };
    Ok(ChildRequest {
        machine_arn,
        name: text("Name")?,
        default_name: attempt_uuid(&task.call),
        input,
        trace_header: text("TraceHeader")?,
        scheduled_at: task.call.scheduled_at,
    })
}

fn invalid(cause: &str) -> ErrorOutput {
    ErrorOutput::new("StepFunctions.ValidationException", cause)
}

/// What `StartExecution` answers, as the integration shows it.
fn answer_of(task: &RunTask, child: &Child) -> Data {
    let mut output = json!({ "ExecutionArn": child.execution.as_str() });
    metadata::add(&mut output, &task.call.idempotency_key);
    if let Some(members) = output.as_object_mut() {
        members.insert("StartDate".into(), child.started_at.to_iso_millis().into());
    }
    output.into()
}

/// What `.sync` makes of the end of a child: members in the order of their names, payloads as text
/// (`.sync`) or as what they are (`.sync:2`).
fn result_of(execution: &str, end: ChildEnd, pattern: Pattern) -> Result<Data, ErrorOutput> {
    let payload = |text: &str| match pattern {
        Pattern::Sync2 => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        _ => Value::from(text),
    };
    let included = json!({ "Included": true });
    let mut members = Map::new();
    if let Outcome::Error(error) = &end.outcome {
        if let Some(cause) = &error.cause {
            members.insert("Cause".into(), (&**cause).into());
        }
        if let Some(name) = &error.error {
            members.insert("Error".into(), (&**name).into());
        }
    }
    members.insert("ExecutionArn".into(), execution.into());
    let input = match end.status {
        Status::Succeeded => payload(&end.input),
        _ => Value::from(&*end.input),
    };
    members.insert("Input".into(), input);
    members.insert("InputDetails".into(), included.clone());
    members.insert("Name".into(), (&*end.name).into());
    if let Outcome::Output(output) = &end.outcome {
        members.insert("Output".into(), payload(output.text()));
        members.insert("OutputDetails".into(), included);
    }
    members.insert("StartDate".into(), (end.started_at.0 / 1_000).into());
    members.insert("StateMachineArn".into(), (&*end.machine_arn).into());
    members.insert("Status".into(), end.status.as_str().into());
    members.insert("StopDate".into(), (end.stopped_at.0 / 1_000).into());
    let described = Value::Object(members);
    match end.status {
        Status::Succeeded => Ok(described.into()),
        _ => Err(ErrorOutput::new("States.TaskFailed", described.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use engine::Timestamp;

    use super::*;

    fn end(status: Status, outcome: Outcome) -> ChildEnd {
        ChildEnd {
            name: "one".into(),
            machine_arn: "arn:machine".into(),
            input: "{\"n\":1}".into(),
            status,
            outcome,
            started_at: Timestamp(1_000),
            stopped_at: Timestamp(2_000),
        }
    }

    #[test]
    fn sync_gives_payloads_as_text_and_sync_2_as_they_are() {
        let output = || Outcome::Output(Data::parse("[1]").unwrap());
        let text = result_of("arn", end(Status::Succeeded, output()), Pattern::Sync).unwrap();
        assert_eq!(text.value()["Output"], json!("[1]"));
        let data = result_of("arn", end(Status::Succeeded, output()), Pattern::Sync2).unwrap();
        assert_eq!(data.value()["Output"], json!([1]));
        assert_eq!(data.value()["Input"], json!({ "n": 1 }));
    }

    #[test]
    fn a_child_that_failed_fails_the_task_with_its_description() {
        let outcome = Outcome::Error(ErrorOutput::new("Broken", "no reason"));
        let error = result_of("arn", end(Status::Failed, outcome), Pattern::Sync).unwrap_err();
        assert_eq!(error.error.as_deref(), Some("States.TaskFailed"));
        let cause: Value = serde_json::from_str(error.cause.as_deref().unwrap()).unwrap();
        assert_eq!(cause["Error"], json!("Broken"));
        assert_eq!(cause["Status"], json!("FAILED"));
    }
}
