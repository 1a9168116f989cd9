//! The functions of the task world that a guest may call.
//!
//! Strings are read in the guest's memory and only what is kept is copied. That
//! they have the types of the WIT is checked when a component is linked.

use wasmtime::StoreContextMut;
use wasmtime::component::{Linker, WasmStr};

use crate::bindings::stepwell::task::{heartbeat::Signal, log, types};
use crate::capture::cut;
use crate::log::Level;
use crate::state::State;
use crate::{TaskInfo, limits};

/// Adds context, log and heartbeat.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut context = linker.instance("stepwell:task/context@0.1.0")?;
    context.func_wrap("info", |store: StoreContextMut<'_, State>, (): ()| {
        Ok((record(&store.data().info),))
    })?;
    context.func_wrap(
        "remaining-ms",
        |store: StoreContextMut<'_, State>, (): ()| Ok((store.data().remaining_ms(),)),
    )?;
    context.func_wrap(
        "remaining-fuel",
        |store: StoreContextMut<'_, State>, (): ()| Ok((store.get_fuel()?,)),
    )?;
    linker
        .instance("stepwell:task/log@0.1.0")?
        .func_wrap("log", write_line)?;
    linker
        .instance("stepwell:task/heartbeat@0.1.0")?
        .func_wrap("beat", beat)?;
    Ok(())
}

fn write_line(
    store: StoreContextMut<'_, State>,
    (level, message, fields): (log::Level, WasmStr, WasmStr),
) -> wasmtime::Result<()> {
    let message = message.to_str(&store)?;
    let fields = fields.to_str(&store)?;
    store.data().capture.line(level.into(), &message, &fields);
    Ok(())
}

fn beat(
    store: StoreContextMut<'_, State>,
    (details,): (Option<WasmStr>,),
) -> wasmtime::Result<(Signal,)> {
    let details = match details {
        Some(details) => {
            let details = details.to_str(&store)?;
            Some(cut(&details, limits::HEARTBEAT_DETAILS_BYTES).to_owned())
        }
        None => None,
    };
    let proceed = store.data().watch.monitor().heartbeat(details);
    Ok((if proceed {
        Signal::Proceed
    } else {
        Signal::Cancelled
    },))
}

fn record(info: &TaskInfo) -> types::TaskInfo {
    types::TaskInfo {
        execution_arn: info.execution_arn.to_string(),
        execution_name: info.execution_name.to_string(),
        state_machine_arn: info.state_machine_arn.to_string(),
        state_name: info.state_name.to_string(),
        task_arn: info.task_arn.to_string(),
        attempt: info.attempt,
        idempotency_key: info.idempotency_key.to_string(),
        task_token: info.task_token.as_deref().map(str::to_owned),
        started_at_ms: info.started_at_ms,
        deadline_ms: info.deadline_ms,
        trace_parent: info.trace_parent.as_deref().map(str::to_owned),
    }
}

impl From<log::Level> for Level {
    fn from(level: log::Level) -> Level {
        match level {
            log::Level::Trace => Level::Trace,
            log::Level::Debug => Level::Debug,
            log::Level::Info => Level::Info,
            log::Level::Warn => Level::Warn,
            log::Level::Error => Level::Error,
        }
    }
}
