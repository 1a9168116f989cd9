//! One invocation: a store, an instance, a call, a report.

use wasmtime::{Store, UpdateDeadline};

use crate::bindings::TaskPre;
use crate::bindings::stepwell::task::types::TaskError;
use crate::compile::Function;
use crate::state::State;
use crate::verdict::{self, Stage};
use crate::watch::{Watch, supervise};
use crate::{Call, Fault, Limits, Report, Usage, limits};

pub(crate) async fn invoke(function: &Function, call: Call) -> Report {
    let Call {
        input,
        info,
        environment,
        limits,
        monitor,
    } = call;
    let watch = Watch::start(limits.timeout_ms, monitor);
    let state = State::new(info, environment, &limits, watch.clone());
    let mut store = match store(function, state, &limits) {
        Ok(store) => store,
        Err(error) => return unstarted(&error, &watch, &limits),
    };
    let ended = supervise(run(function.pre(), &mut store, input.as_bytes()), &watch).await;

    let (log, stderr) = store.data().capture.finish();
    let outcome = match ended {
        Ok(Ok(returned)) => verdict::returned(returned, &limits),
        Ok(Err((stage, error))) => Err(verdict::ended(&error, stage, &limits, stderr)),
        Err(interrupt) => Err(verdict::interrupted(interrupt, &limits)),
    };
    let usage = Usage {
        fuel: limits.fuel.saturating_sub(store.get_fuel().unwrap_or(0)),
        memory_peak_bytes: store.data().limiter.memory_bytes(),
        duration_us: watch.stopwatch().elapsed_us(),
    };
    // Gives the slot back, whatever the outcome was.
    drop(store);
    Report {
        outcome,
        usage,
        log,
    }
}

/// A store with every limit set.
pub(crate) fn store(
    function: &Function,
    state: State,
    limits: &Limits,
) -> wasmtime::Result<Store<State>> {
    let mut store = Store::try_new(function.pre().engine(), state)?;
    store.limiter(|state| &mut state.limiter);
    store.set_fuel(limits.fuel)?;
    store.set_hostcall_fuel(hostcall_bytes(limits));
    store.set_max_component_handles(limits::HANDLES);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|store| match store.data().watch.interrupt() {
        Some(interrupt) => Err(wasmtime::Error::new(interrupt)),
        None => Ok(UpdateDeadline::Yield(1)),
    });
    Ok(store)
}

/// Instantiates and calls. The error says how far it came.
pub(crate) async fn run(
    pre: &TaskPre<State>,
    store: &mut Store<State>,
    input: &[u8],
) -> Result<Result<Vec<u8>, TaskError>, (Stage, wasmtime::Error)> {
    let task = pre
        .instantiate_async(&mut *store)
        .await
        .map_err(|error| (Stage::Instantiating, error))?;
    task.stepwell_task_handler()
        .call_handle(&mut *store, input)
        .await
        .map_err(|error| (Stage::Calling, error))
}

/// Bytes that one host call, or the output, may copy out of the guest.
fn hostcall_bytes(limits: &Limits) -> usize {
    let bytes = limits.output_bytes.saturating_add(limits::HOSTCALL_BYTES);
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

/// The host has no memory for another store.
fn unstarted(error: &wasmtime::Error, watch: &Watch, limits: &Limits) -> Report {
    let fault = verdict::ended(error, Stage::Instantiating, limits, String::new());
    Report {
        outcome: Err(match fault {
            Fault::Link { .. } => Fault::Overloaded,
            other => other,
        }),
        usage: Usage {
            duration_us: watch.stopwatch().elapsed_us(),
            ..Usage::default()
        },
        log: crate::CapturedLog::default(),
    }
}
