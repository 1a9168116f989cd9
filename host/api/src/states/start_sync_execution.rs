//! StartSyncExecution: starts an Express execution and waits for its end. A client that goes away
//! leaves the execution running.

use engine::{EventKind, ExecutionArn, Outcome, Status};
use runtime::{ExecutionView, Runtime};
use serde_json::{Map, Value, json};

use super::execution_wire::{included, wants_data};
use super::machine_arn::machine_resource;
use super::start::{Asked, is_express, start_error, type_not_supported};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::{BILLED_MEMORY_STEP_BYTES, BILLED_TIME_STEP_MS, EVENTS_PER_READ};
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "StartSyncExecution",
    route: None,
    resource: machine_resource,
    run: run!(start),
};

async fn start(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let with_data = wants_data(&mut members);
    let asked = Asked::read(members, &call)?;
    let machine = asked.machine(&call)?;
    if !is_express(&machine) {
        return Err(type_not_supported());
    }
    let runtime = &call.services.runtime;
    let mut started = runtime
        .start(asked.request(machine))
        .await
        .map_err(start_error)?;
    let ended = started.watch.ended().await;
    if ended.is_none() {
        return Err(ApiError::internal("the service is shutting down"));
    }
    let view = runtime.describe(&started.execution)?;
    let view = view.ok_or_else(|| ApiError::internal("the execution was forgotten"))?;
    let memory_bytes = memory_peak_bytes(runtime, &started.execution)?;
    Ok(answer(&view, with_data, memory_bytes).into())
}

fn answer(view: &ExecutionView, with_data: bool, memory_bytes: u64) -> Value {
    let ExecutionView { header, index, .. } = view;
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    let stopped_at = index.stopped_at.unwrap_or(index.started_at);
    put("executionArn", header.arn.as_str().into());
    put("stateMachineArn", (&*index.machine_arn).into());
    put("name", (&*index.name).into());
    put("startDate", epoch_seconds(index.started_at));
    put("stopDate", epoch_seconds(stopped_at));
    put("status", index.status.as_str().into());
    match &view.outcome {
        Some(Outcome::Output(output)) if with_data => {
            put("output", output.text().into());
        }
        Some(Outcome::Error(error)) if with_data && index.status != Status::TimedOut => {
            for (name, text) in [("error", &error.error), ("cause", &error.cause)] {
                if let Some(text) = text {
                    put(name, (&**text).into());
                }
            }
        }
        _ => {}
    }
    if with_data {
        put("input", header.input.text().into());
        put("inputDetails", included());
        // Also of an execution that failed (recorded from AWS).
        put("outputDetails", included());
    }
    if let Some(trace) = &header.trace_header {
        put("traceHeader", (&**trace).into());
    }
    let ran_us = stopped_at.micros_since(index.started_at);
    put("billingDetails", billing(ran_us, memory_bytes));
    members.into()
}

/// Time in steps of 100 ms, memory in steps of 64 MB, of each one at least.
fn billing(ran_us: u64, memory_bytes: u64) -> Value {
    let steps = ran_us.div_ceil(BILLED_TIME_STEP_MS * 1_000).max(1);
    let memory_steps = memory_bytes.div_ceil(BILLED_MEMORY_STEP_BYTES).max(1);
    let step_mb = BILLED_MEMORY_STEP_BYTES / 1_048_576;
    json!({
        "billedDurationInMilliseconds": steps * BILLED_TIME_STEP_MS,
        "billedMemoryUsedInMB": memory_steps * step_mb,
    })
}

/// The most memory that a task of the execution held.
fn memory_peak_bytes(runtime: &Runtime, execution: &ExecutionArn) -> Result<u64, ApiError> {
    let (mut after, mut peak) = (0, 0);
    loop {
        let events = runtime.events(execution, after, EVENTS_PER_READ)?;
        let Some(last) = events.last() else {
            return Ok(peak);
        };
        after = last.seq;
        for event in &events {
            if let EventKind::TaskSucceeded { usage, .. } | EventKind::TaskFailed { usage, .. } =
                &event.kind
            {
                peak = peak.max(usage.memory_peak_bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_billed_is_rounded_up_to_whole_steps() {
        let of = |ran_us, memory| {
            let billed = billing(ran_us, memory);
            let member = |name: &str| billed[name].as_u64().unwrap();
            (
                member("billedDurationInMilliseconds"),
                member("billedMemoryUsedInMB"),
            )
        };
        assert_eq!(of(0, 0), (100, 64));
        assert_eq!(of(100_000, 64 * 1_048_576), (100, 64));
        assert_eq!(of(100_001, 64 * 1_048_576 + 1), (200, 128));
    }
}
