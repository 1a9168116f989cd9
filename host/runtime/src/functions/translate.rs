//! Between the words of the sandbox and those of Lambda (DESIGN D11), in one place for every way in
//! which a function is called.

use std::sync::Arc;

use engine::{ErrorOutput, Usage};
use expr::Data;
use sandbox::{Fault, Function, Limits, Report, TaskInfo};
use serde_json::json;

use crate::host::{Attempt, Invocation, LogLine, Monitor, TaskReport};

/// The call of a sandbox that an attempt of a Task comes to.
pub(super) fn call_of(
    function: &Function,
    invocation: Invocation,
    environment: Arc<[(String, String)]>,
    limits: Limits,
) -> sandbox::Call {
    let task_arn = format!(
        "{}@{}",
        invocation.attempt.resource.arn(),
        function.digest()
    );
    sandbox::Call {
        input: invocation.input.text().into(),
        info: info_of(invocation.attempt, task_arn.into()),
        environment,
        limits,
        monitor: Arc::new(Adapter(invocation.monitor)),
    }
}

fn info_of(attempt: Attempt, task_arn: Arc<str>) -> TaskInfo {
    TaskInfo {
        execution_arn: attempt.execution.0,
        execution_name: attempt.execution_name,
        state_machine_arn: attempt.machine_arn,
        state_name: attempt.state_name,
        task_arn,
        attempt: u32::try_from(attempt.retry_count).unwrap_or(u32::MAX),
        idempotency_key: attempt.idempotency_key,
        task_token: attempt.token,
        started_at_ms: millis(attempt.started_at),
        deadline_ms: attempt.deadline.map_or(u64::MAX, millis),
        trace_parent: None,
    }
}

pub(super) fn millis(at: engine::Timestamp) -> u64 {
    u64::try_from(at.0 / 1_000).unwrap_or(0)
}

struct Adapter(Arc<dyn Monitor>);

impl sandbox::Monitor for Adapter {
    fn heartbeat(&self, _details: Option<String>) -> bool {
        self.0.heartbeat()
    }

    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// What an execution is told of a run.
pub(super) fn task_report(
    report: Report,
    request_id: &str,
    resource: &asl::Resource,
    version: Option<Arc<str>>,
) -> TaskReport {
    let result = match report.outcome {
        // Not parsed: the values would take many times the memory that the guest was given.
        Ok(text) if text.len() > engine::limits::PAYLOAD_BYTES_MAX => {
            Err(ErrorOutput::result_too_large(resource))
        }
        Ok(text) => Data::parse(text).map_err(|error| Failure::not_json(&error).output(request_id)),
        Err(fault) => Err(Failure::of(&fault, request_id).output(request_id)),
    };
    TaskReport {
        result,
        usage: Usage {
            fuel: report.usage.fuel,
            memory_peak_bytes: report.usage.memory_peak_bytes,
            duration_us: report.usage.duration_us,
        },
        log: report
            .log
            .lines
            .into_iter()
            .map(|line| LogLine {
                level: line.level.name(),
                message: line.message,
                fields: line.fields,
            })
            .collect(),
        version,
        log_tail: None,
    }
}

/// How a function failed, in Lambda's words.
pub(super) struct Failure {
    /// `errorType`.
    pub(super) name: String,
    /// `errorMessage`.
    pub(super) message: String,
}

impl Failure {
    /// Of a guest that has no output.
    pub(super) fn of(fault: &Fault, request_id: &str) -> Failure {
        let message = match fault {
            Fault::Failed { cause, .. } => cause.clone(),
            fault => format!("RequestId: {request_id} Error: {}", fault.message()),
        };
        Failure {
            name: fault.error_name().to_owned(),
            message,
        }
    }

    /// Of a guest whose output is none.
    pub(super) fn not_json(error: &serde_json::Error) -> Failure {
        Failure {
            name: "Runtime.MarshalError".to_owned(),
            message: format!("The task returned bytes that are not JSON: {error}"),
        }
    }

    /// The error JSON that Lambda answers.
    pub(super) fn payload(&self, request_id: &str) -> String {
        json!({
            "errorMessage": self.message,
            "errorType": self.name,
            "requestId": request_id,
            "stackTrace": [],
        })
        .to_string()
    }

    /// Error and Cause as Step Functions reports a failed function: the cause is the error JSON.
    pub(super) fn output(&self, request_id: &str) -> ErrorOutput {
        ErrorOutput::new(self.name.clone(), self.payload(request_id))
    }
}
