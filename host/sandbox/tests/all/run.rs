//! Runs a guest in the sandbox that all tests share.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use stepwell_sandbox::{
    Call, Config, Fault, Function, Grants, Limits, LogLine, Monitor, Report, Sandbox, TaskInfo,
};

use crate::guest::Guest;

pub(crate) static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| {
    Sandbox::new(Config {
        small_slots: 32,
        large_slots: 8,
        epoch_tick_ms: 2,
        ..Config::default()
    })
    .unwrap()
});

/// A monitor that remembers what it saw.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) cancelled: AtomicBool,
    pub(crate) beats: Mutex<Vec<Option<String>>>,
    pub(crate) lines: Mutex<Vec<LogLine>>,
}

impl Monitor for Recorder {
    fn heartbeat(&self, details: Option<String>) -> bool {
        self.beats.lock().unwrap().push(details);
        !self.is_cancelled()
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn log(&self, line: &LogLine) {
        self.lines.lock().unwrap().push(line.clone());
    }
}

pub(crate) fn function(guest: &Guest) -> Function {
    SANDBOX
        .compile("test", &guest.build(), &Grants::default())
        .unwrap()
}

pub(crate) fn info() -> TaskInfo {
    TaskInfo {
        execution_arn: "arn:execution".into(),
        execution_name: "name".into(),
        state_machine_arn: "arn:machine".into(),
        state_name: "Charge".into(),
        task_arn: "arn:task".into(),
        attempt: 3,
        idempotency_key: "key-1".into(),
        task_token: Some("token".into()),
        started_at_ms: 1_000_000,
        deadline_ms: 1_060_000,
        trace_parent: None,
    }
}

pub(crate) fn call(input: &str, limits: Limits) -> Call {
    Call {
        input: input.into(),
        info: info(),
        environment: Arc::default(),
        limits,
        monitor: Arc::new(Recorder::default()),
    }
}

pub(crate) async fn run_with(guest: &Guest, input: &str, limits: Limits) -> Report {
    SANDBOX.invoke(&function(guest), call(input, limits)).await
}

pub(crate) async fn run(guest: &Guest, input: &str) -> Report {
    run_with(guest, input, Limits::default()).await
}

/// The fault of a guest that must not succeed.
pub(crate) async fn fault(guest: &Guest, limits: Limits) -> Fault {
    run_with(guest, "{}", limits).await.outcome.unwrap_err()
}
