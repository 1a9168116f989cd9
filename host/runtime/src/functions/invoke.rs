//! Invoke: called by a client, waited for or not.

use std::sync::Arc;

use sandbox::{Call, Monitor, TaskInfo};
use serde::de::IgnoredAny;

use super::Functions;
use super::error::FunctionError;
use super::events::NewEvent;
use super::log;
use super::resolve::Entry;
use super::run::Logged;
use super::translate::{Failure, millis};
use crate::limits::{EVENT_PAYLOAD_BYTES_MAX, INVOKE_PAYLOAD_BYTES_MAX};

/// An invocation by a client.
#[derive(Clone, Debug)]
pub struct Invoke {
    /// The function.
    pub name: String,
    /// Version or alias; `None`: `$LATEST`.
    pub qualifier: Option<String>,
    /// The event: JSON, or nothing.
    pub payload: Vec<u8>,
    /// Names the invocation in its log.
    pub request_id: Arc<str>,
}

/// An invocation that came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoked {
    /// `$LATEST` or a number.
    pub version: Arc<str>,
    /// The output, or the error JSON.
    pub payload: String,
    /// Whether it is the error.
    pub is_failure: bool,
    /// The end of its log.
    pub log_tail: String,
}

impl Functions {
    /// RequestResponse: runs, and gives what came of it.
    ///
    /// # Errors
    /// [`FunctionError`]; that the function failed is none.
    pub async fn invoke(&self, invoke: Invoke) -> Result<Invoked, FunctionError> {
        let payload = payload_of(invoke.payload, INVOKE_PAYLOAD_BYTES_MAX, "InvokeFunction")?;
        let qualifier = invoke.qualifier.as_deref();
        let entry = self.resolve(&invoke.name, qualifier, &invoke.request_id)?;
        let this = self.clone();
        let request_id = invoke.request_id;
        let work = async move { this.invoke_entry(&entry, payload, &request_id).await };
        let ended = self.on_guests(work).await;
        ended.unwrap_or_else(|| Err(FunctionError::Internal("the host is shut down".to_owned())))
    }

    /// Event: keeps it, and runs it later. When it returns, the event is durable.
    ///
    /// # Errors
    /// [`FunctionError`].
    pub async fn invoke_later(&self, invoke: Invoke) -> Result<(), FunctionError> {
        let payload = payload_of(invoke.payload, EVENT_PAYLOAD_BYTES_MAX, "InvokeAsync")?;
        let qualifier = invoke.qualifier.as_deref();
        // Told at once what could not be found later; which version runs is decided then.
        self.resolve(&invoke.name, qualifier, &invoke.request_id)?;
        self.enqueue(NewEvent {
            function: invoke.name,
            qualifier: invoke.qualifier,
            payload,
            request_id: invoke.request_id,
            received_at: self.0.clock.now(),
        })
        .await
    }

    /// DryRun: whether it could be invoked.
    ///
    /// # Errors
    /// [`FunctionError::NotFound`], [`FunctionError::Internal`].
    pub fn invoke_dry(&self, invoke: &Invoke) -> Result<(), FunctionError> {
        let qualifier = invoke.qualifier.as_deref();
        self.resolve(&invoke.name, qualifier, &invoke.request_id)
            .map(drop)
    }

    pub(super) async fn invoke_entry(
        &self,
        entry: &Arc<Entry>,
        payload: Arc<str>,
        request_id: &Arc<str>,
    ) -> Result<Invoked, FunctionError> {
        let clock = self.0.clock.clone();
        let ran = self
            .run(
                entry,
                request_id,
                Logged::Always,
                &|| false,
                |function, entry| Call {
                    input: payload,
                    info: TaskInfo {
                        task_arn: format!("{}@{}", self.arn(&entry.name), function.digest()).into(),
                        ..nobody(request_id, millis(clock.now()))
                    },
                    environment: entry.environment.clone(),
                    limits: entry.limits,
                    monitor: Arc::new(Unwatched),
                },
            )
            .await?;
        let failure = match ran.report.outcome {
            Ok(output) => match serde_json::from_str::<IgnoredAny>(&output) {
                Ok(_) => Ok(output),
                Err(error) => Err(Failure::not_json(&error)),
            },
            Err(fault) => Err(Failure::of(&fault, request_id)),
        };
        let is_failure = failure.is_err();
        Ok(Invoked {
            version: entry.version.clone(),
            payload: failure.unwrap_or_else(|failure| failure.payload(request_id)),
            is_failure,
            log_tail: log::tail(&ran.lines),
        })
    }
}

/// The event as text; nothing is the empty object.
fn payload_of(
    payload: Vec<u8>,
    limit_bytes: usize,
    operation: &'static str,
) -> Result<Arc<str>, FunctionError> {
    if payload.len() > limit_bytes {
        return Err(FunctionError::TooLarge {
            limit_bytes,
            operation,
        });
    }
    if payload.is_empty() {
        return Ok("{}".into());
    }
    let text = String::from_utf8(payload)
        .map_err(|_| FunctionError::NotJson("it is not UTF-8".to_owned()))?;
    serde_json::from_str::<IgnoredAny>(&text)
        .map_err(|error| FunctionError::NotJson(error.to_string()))?;
    Ok(text.into())
}

/// No execution: the guest is called by a client.
fn nobody(request_id: &Arc<str>, started_at_ms: u64) -> TaskInfo {
    let nothing: Arc<str> = "".into();
    TaskInfo {
        execution_arn: nothing.clone(),
        execution_name: nothing.clone(),
        state_machine_arn: nothing.clone(),
        state_name: nothing.clone(),
        task_arn: nothing,
        attempt: 0,
        idempotency_key: request_id.clone(),
        task_token: None,
        started_at_ms,
        deadline_ms: u64::MAX,
        trace_parent: None,
    }
}

/// Nobody listens to beats, and who goes away drops the future.
struct Unwatched;

impl Monitor for Unwatched {
    fn heartbeat(&self, _details: Option<String>) -> bool {
        true
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}
