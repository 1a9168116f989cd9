//! Functions as the tasks of executions call them.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{ErrorOutput, Usage};
use shard::FunctionFacts;

use super::error::FunctionError;
use super::events::NewEvent;
use super::resolve::Entry;
use super::run::Logged;
use super::translate::{call_of, task_report};
use super::{Functions, log};
use crate::host::{HostFuture, Invocation, TaskHost, TaskReport};
use crate::lock::locked;
use crate::message::Answered;

impl TaskHost for Functions {
    fn functions(&self) -> Arc<BTreeMap<Arc<str>, FunctionFacts>> {
        locked(&self.0.index).clone()
    }

    fn invoke(&self, function: &str, invocation: Invocation) -> Option<HostFuture> {
        let attempt = &invocation.attempt;
        // An attempt that is entered again after a crash gets the version that it had.
        let draw = format!("{}:{}", attempt.idempotency_key, attempt.retry_count);
        match self.resolve(function, attempt.qualifier.as_deref(), &draw) {
            Ok(entry) => {
                let this = self.clone();
                Some(Box::pin(
                    async move { this.run_task(&entry, invocation).await },
                ))
            }
            Err(FunctionError::NotFound(_)) => None,
            Err(error) => Some(Box::pin(std::future::ready(refused(&error)))),
        }
    }

    fn invoke_later(&self, function: &str, invocation: &Invocation) -> Option<Answered<()>> {
        let attempt = &invocation.attempt;
        let qualifier = attempt.qualifier.as_deref();
        match self.resolve(function, qualifier, &attempt.idempotency_key) {
            Ok(_) => {}
            Err(FunctionError::NotFound(_)) => return None,
            Err(error) => return Some(Box::pin(std::future::ready(Err(error_output(&error))))),
        }
        let this = self.clone();
        let event = NewEvent {
            function: function.to_owned(),
            qualifier: qualifier.map(str::to_owned),
            payload: invocation.input.text().into(),
            request_id: format!("{}-{}", attempt.idempotency_key, attempt.retry_count).into(),
            // The same when the attempt is entered again, and so is the key of the event.
            received_at: attempt.started_at,
        };
        Some(Box::pin(async move {
            let kept = this.enqueue(event).await;
            kept.map_err(|error| error_output(&error))
        }))
    }
}

impl Functions {
    async fn run_task(&self, entry: &Arc<Entry>, invocation: Invocation) -> TaskReport {
        let request_id = invocation.attempt.idempotency_key.clone();
        let resource = invocation.attempt.resource.clone();
        let with_log_tail = invocation.with_log_tail;
        let monitor = invocation.monitor.clone();
        let is_cancelled = move || monitor.is_cancelled();
        let logged = match with_log_tail {
            true => Logged::Always,
            false => Logged::WhenItSaysSomething,
        };
        let call = |function: &_, entry: &Entry| {
            let environment = entry.environment.clone();
            call_of(function, invocation, environment, entry.limits)
        };
        let ran = self
            .run(entry, &request_id, logged, &is_cancelled, call)
            .await;
        match ran {
            Ok(ran) => {
                let version = Some(entry.version.clone());
                let mut report = task_report(ran.report, &request_id, &resource, version);
                report.log_tail = with_log_tail.then(|| log::tail(&ran.lines));
                report
            }
            Err(error) => refused(&error),
        }
    }
}

/// What an execution is told when its task did not run.
fn refused(error: &FunctionError) -> TaskReport {
    TaskReport {
        result: Err(error_output(error)),
        usage: Usage::default(),
        log: Vec::new(),
        version: None,
        log_tail: None,
    }
}

fn error_output(error: &FunctionError) -> ErrorOutput {
    let (name, status, code) = match error {
        FunctionError::Throttled(_) => (
            "Lambda.TooManyRequestsException",
            429,
            "TooManyRequestsException",
        ),
        FunctionError::NotFound(_) => (
            "Lambda.ResourceNotFoundException",
            404,
            "ResourceNotFoundException",
        ),
        // It was compiled when it was uploaded; this host cannot any more.
        FunctionError::Invalid(_) => ("Runtime.ImportModuleError", 400, "InvalidRuntimeException"),
        FunctionError::Cancelled => ("States.TaskFailed", 400, "Cancelled"),
        FunctionError::TooLarge { .. } => (
            "Lambda.RequestTooLargeException",
            413,
            "RequestTooLargeException",
        ),
        FunctionError::Conflict(_)
        | FunctionError::RevisionChanged
        | FunctionError::CodeStorageExceeded { .. }
        | FunctionError::NotJson(_)
        | FunctionError::Internal(_) => ("Lambda.ServiceException", 500, "ServiceException"),
    };
    let cause = format!(
        "{error} (Service: AWSLambda; Status Code: {status}; Error Code: {code}; Request ID: -; Proxy: null)"
    );
    ErrorOutput::new(name, cause)
}
