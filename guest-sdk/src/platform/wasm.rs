//! In a component: the functions of the task world, and the export that the macro makes.
//!
//! Each function is called from one place only, so that a task which never asks for its deadline,
//! never logs or never beats does not import that interface.

use crate::Context;
use crate::context::Info;
use crate::error::ErrorOutput;
use crate::log::Level;

pub use bindings::exports::stepwell::task::handler::{Guest, TaskError};
use bindings::stepwell::task::{context, heartbeat, log as host_log};

/// Generated from the task world. Its items are not documented one by one: `wit/task.wit` is their
/// documentation.
#[allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::restriction
)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "wit",
        world: "task",
        pub_export_macro: true,
        default_bindings_module: "stepwell_task::__private::bindings",
        export_macro_name: "export_task",
    });
}

/// The host of the one attempt that this instance lives for.
#[derive(Debug, Default)]
pub(crate) struct Host;

impl Host {
    pub(crate) fn info(&self) -> Info {
        let info = context::info();
        Info {
            execution_arn: info.execution_arn,
            execution_name: info.execution_name,
            state_machine_arn: info.state_machine_arn,
            state_name: info.state_name,
            task_arn: info.task_arn,
            attempt: info.attempt,
            idempotency_key: info.idempotency_key,
            task_token: info.task_token,
            started_at_ms: info.started_at_ms,
            deadline_ms: info.deadline_ms,
            trace_parent: info.trace_parent,
        }
    }

    pub(crate) fn remaining_ms(&self) -> u64 {
        context::remaining_ms()
    }

    pub(crate) fn remaining_fuel(&self) -> u64 {
        context::remaining_fuel()
    }

    pub(crate) fn beat(&self, details: Option<&str>) -> bool {
        matches!(heartbeat::beat(details), heartbeat::Signal::Proceed)
    }

    pub(crate) fn log(&self, level: Level, message: &str, fields: &str) {
        log(level, message, fields);
    }
}

pub(crate) fn log(level: Level, message: &str, fields: &str) {
    let level = match level {
        Level::Trace => host_log::Level::Trace,
        Level::Debug => host_log::Level::Debug,
        Level::Info => host_log::Level::Info,
        Level::Warn => host_log::Level::Warn,
        Level::Error => host_log::Level::Error,
    };
    host_log::log(level, message, fields);
}

/// What the macro's export calls: the context of this attempt, the task, its outcome in the words
/// of the task world.
///
/// # Errors
/// The task's.
pub fn export(
    task: impl FnOnce(&Context) -> Result<Vec<u8>, ErrorOutput>,
) -> Result<Vec<u8>, TaskError> {
    crate::panics::tell_on_stderr();
    let outcome = task(&Context::new(Host));
    outcome.map_err(|output| TaskError {
        name: output.error,
        cause: output.cause,
    })
}
