//! One run of a function, whoever calls it: through the door, into the sandbox, into the log.

use std::sync::Arc;

use sandbox::{Call, Function, Report};

use super::Functions;
use super::error::{FunctionError, Throttle};
use super::log;
use super::resolve::Entry;
use crate::logs::LogEvent;

/// A run that came to its end.
pub(super) struct Ran {
    pub(super) report: Report,
    /// Its log, for who wants to see the end of it.
    pub(super) lines: Vec<LogEvent>,
}

/// Which runs are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Logged {
    /// All of them.
    Always,
    /// Those that have something to say: a task that logged or failed. Three lines around nothing, for each
    /// of the thousands of tasks a second, would cost more than the tasks; their history has it all.
    WhenItSaysSomething,
}

impl Functions {
    /// Runs. `call` is made when the machine code is there and the guest may run: its times count from
    /// then on.
    ///
    /// # Errors
    /// [`FunctionError::Throttled`], [`FunctionError::Cancelled`], and [`FunctionError::Invalid`] or
    /// [`FunctionError::Internal`] for a component that cannot be compiled any more.
    pub(super) async fn run(
        &self,
        entry: &Arc<Entry>,
        request_id: &str,
        logged: Logged,
        is_cancelled: &(dyn Fn() -> bool + Send + Sync),
        call: impl FnOnce(&Function, &Entry) -> Call,
    ) -> Result<Ran, FunctionError> {
        let function = self.compiled(&entry.name, &entry.digest).await?;
        let (reserved, megabytes) = (entry.reserved, entry.memory_megabytes);
        let door = &self.0.admission;
        let permit = door
            .enter(&entry.name, reserved, megabytes, is_cancelled)
            .await?;
        let started_at = self.0.clock.now();
        let report = self
            .0
            .sandbox
            .invoke(&function, call(&function, entry))
            .await;
        drop(permit);
        if matches!(report.outcome, Err(sandbox::Fault::Overloaded)) {
            return Err(FunctionError::Throttled(Throttle::Concurrent));
        }
        if logged == Logged::WhenItSaysSomething && says_nothing(&report) {
            let lines = Vec::new();
            return Ok(Ran { report, lines });
        }
        let lines = log::lines(entry, request_id, &report, started_at);
        let stream = log::stream(entry, &self.0.instance, started_at);
        self.0.logs.append(&entry.log_group, &stream, lines.clone());
        Ok(Ran { report, lines })
    }
}

fn says_nothing(report: &Report) -> bool {
    report.outcome.is_ok() && report.log.lines.is_empty() && report.log.dropped_bytes == 0
}
