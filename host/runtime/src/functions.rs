//! Functions in the sandbox: compiled components with their limits, by name. Translates between the
//! words of the sandbox and those of Lambda (DESIGN D11).

use std::collections::BTreeMap;
use std::sync::Arc;

use asl::Resource;
use engine::{ErrorOutput, Usage};
use expr::Data;
use sandbox::{CompileError, Fault, Function, Grants, Limits, Sandbox};
use serde_json::json;
use shard::FunctionFacts;

use crate::host::{HostFuture, Invocation, LogLine, Monitor, TaskHost, TaskReport};

/// A function to be made.
#[derive(Clone, Debug)]
pub struct FunctionSpec {
    /// Its name.
    pub name: String,
    /// The component.
    pub wasm: Vec<u8>,
    /// What it may use.
    pub limits: Limits,
    /// What it may reach.
    pub grants: Grants,
    /// It may be entered again after a crash.
    pub is_idempotent: bool,
}

/// Runs functions in a sandbox.
pub struct SandboxHost {
    sandbox: Sandbox,
    functions: BTreeMap<Arc<str>, Entry>,
    facts: Arc<BTreeMap<Arc<str>, FunctionFacts>>,
}

struct Entry {
    function: Function,
    limits: Limits,
}

impl SandboxHost {
    /// Compiles and checks all functions.
    ///
    /// # Errors
    /// The first one that is refused; the message names it.
    pub fn new(sandbox: Sandbox, specs: Vec<FunctionSpec>) -> Result<SandboxHost, CompileError> {
        let mut functions = BTreeMap::new();
        let mut all_facts = BTreeMap::new();
        for spec in specs {
            let function = sandbox.compile(&spec.name, &spec.wasm, &spec.grants)?;
            let facts = FunctionFacts {
                is_sealed: function.is_sealed(),
                is_idempotent: spec.is_idempotent,
            };
            let entry = Entry {
                function,
                limits: spec.limits,
            };
            let name: Arc<str> = spec.name.into();
            all_facts.insert(name.clone(), facts);
            functions.insert(name, entry);
        }
        Ok(SandboxHost {
            sandbox,
            functions,
            facts: Arc::new(all_facts),
        })
    }
}

impl TaskHost for SandboxHost {
    fn functions(&self) -> Arc<BTreeMap<Arc<str>, FunctionFacts>> {
        self.facts.clone()
    }

    fn invoke(&self, function: &str, invocation: Invocation) -> Option<HostFuture> {
        let entry = self.functions.get(function)?;
        let (sandbox, function, limits) =
            (self.sandbox.clone(), entry.function.clone(), entry.limits);
        Some(Box::pin(async move {
            let request = invocation.attempt.idempotency_key.clone();
            let resource = invocation.attempt.resource.clone();
            let report = sandbox
                .invoke(&function, call_of(&function, invocation, limits))
                .await;
            translate(report, &request, &resource)
        }))
    }
}

fn call_of(function: &Function, invocation: Invocation, limits: Limits) -> sandbox::Call {
    let attempt = invocation.attempt;
    sandbox::Call {
        input: invocation.input.text().into(),
        info: sandbox::TaskInfo {
            execution_arn: attempt.execution.0,
            execution_name: attempt.execution_name,
            state_machine_arn: attempt.machine_arn,
            state_name: attempt.state_name,
            task_arn: format!("{}@{}", attempt.resource.arn(), function.digest()).into(),
            attempt: u32::try_from(attempt.retry_count).unwrap_or(u32::MAX),
            idempotency_key: attempt.idempotency_key,
            task_token: attempt.token,
            started_at_ms: millis(attempt.started_at),
            deadline_ms: attempt.deadline.map_or(u64::MAX, millis),
            trace_parent: None,
        },
        limits,
        monitor: Arc::new(Adapter(invocation.monitor)),
    }
}

fn millis(at: engine::Timestamp) -> u64 {
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

fn translate(report: sandbox::Report, request_id: &str, resource: &Resource) -> TaskReport {
    let result = match report.outcome {
        // Not parsed: the values would take many times the memory that the guest was given.
        Ok(text) if text.len() > engine::limits::PAYLOAD_BYTES_MAX => {
            Err(ErrorOutput::result_too_large(resource))
        }
        Ok(text) => Data::parse(text).map_err(|error| {
            lambda_error(
                "Runtime.MarshalError",
                &format!("The task returned bytes that are not JSON: {error}"),
                request_id,
            )
        }),
        Err(Fault::Failed { name, cause }) => Err(lambda_error(&name, &cause, request_id)),
        Err(fault) => Err(lambda_error(
            fault.error_name(),
            &format!("RequestId: {request_id} Error: {}", fault.message()),
            request_id,
        )),
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
    }
}

/// Error and Cause as Step Functions reports a failed function: the cause is Lambda's error JSON.
fn lambda_error(name: &str, message: &str, request_id: &str) -> ErrorOutput {
    let cause = json!({
        "errorMessage": message,
        "errorType": name,
        "requestId": request_id,
        "stackTrace": [],
    });
    ErrorOutput::new(name, cause.to_string())
}
