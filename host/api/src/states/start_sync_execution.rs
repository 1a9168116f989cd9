//! StartSyncExecution: starts an Express execution and waits for its end. A client that goes away
//! leaves the execution running.

use engine::{EventKind, ExecutionArn, Outcome, Status, Timestamp};
use runtime::{Runtime, StartRequest};
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
    let request = asked.request(&machine);
    let mut started = runtime.start(request.clone()).await.map_err(start_error)?;
    let Some((status, outcome)) = started.watch.ended().await else {
        return Err(ApiError::internal("the service is shutting down"));
    };
    // What is over is kept for a while only: on a busy host it may be forgotten by now.
    let stored = runtime.describe(&started.execution)?;
    let stopped_at = stored.and_then(|view| view.index.stopped_at);
    let ended = Ended {
        stopped_at: stopped_at.unwrap_or_else(|| call.services.clock.now()),
        memory_bytes: memory_peak_bytes(runtime, &started.execution)?,
        machine_arn: call.services.machines.arn(&request.machine_name),
        execution: started.execution,
        started_at: started.started_at,
        status,
        outcome,
    };
    Ok(answer(&ended, &request, with_data).into())
}

/// An execution that is over.
struct Ended {
    execution: ExecutionArn,
    machine_arn: String,
    started_at: Timestamp,
    stopped_at: Timestamp,
    status: Status,
    outcome: Outcome,
    memory_bytes: u64,
}

fn answer(ended: &Ended, request: &StartRequest, with_data: bool) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    let arn = ended.execution.as_str();
    put("executionArn", arn.into());
    put("stateMachineArn", ended.machine_arn.as_str().into());
    // arn:P:states:R:A:express:MACHINE:NAME:RUN
    put("name", arn.split(':').nth(7).unwrap_or_default().into());
    put("startDate", epoch_seconds(ended.started_at));
    put("stopDate", epoch_seconds(ended.stopped_at));
    put("status", ended.status.as_str().into());
    match &ended.outcome {
        Outcome::Output(output) if with_data => {
            put("output", output.text().into());
        }
        Outcome::Error(error) if with_data && ended.status != Status::TimedOut => {
            for (name, text) in [("error", &error.error), ("cause", &error.cause)] {
                if let Some(text) = text {
                    put(name, (&**text).into());
                }
            }
        }
        Outcome::Output(_) | Outcome::Error(_) => {}
    }
    if with_data {
        put("input", request.input.text().into());
        put("inputDetails", included());
        // Also of an execution that failed (recorded from AWS).
        put("outputDetails", included());
    }
    if let Some(trace) = &request.trace_header {
        put("traceHeader", (&**trace).into());
    }
    let ran_us = ended.stopped_at.micros_since(ended.started_at);
    put("billingDetails", billing(ran_us, ended.memory_bytes));
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
