//! The least that an invocation can cost on this engine, for benches only.
//!
//! A store with all limits, a fresh instance, the typed call, the result
//! lifted, everything dropped: what [`crate::Sandbox::invoke`] does, without
//! watching the guest from outside, without captured log and without a report.

use std::sync::{Arc, LazyLock};

use crate::compile::Function;
use crate::state::State;
use crate::watch::Watch;
use crate::{Limits, Monitor, TaskInfo, invoke};

/// Runs one invocation and gives the output bytes, or nothing if there are none.
pub async fn call(function: &Function, input: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    let info = NOBODY.clone();
    let watch = Watch::start(limits.timeout_ms, SILENCE.clone());
    let mut store = invoke::store(
        function,
        State::new(info, Arc::default(), limits, watch),
        limits,
    )
    .ok()?;
    invoke::run(function.pre(), &mut store, input)
        .await
        .ok()?
        .ok()
}

static SILENCE: LazyLock<Arc<dyn Monitor>> = LazyLock::new(|| Arc::new(Silence));

static NOBODY: LazyLock<TaskInfo> = LazyLock::new(|| {
    let nothing: Arc<str> = Arc::from("");
    TaskInfo {
        execution_arn: nothing.clone(),
        execution_name: nothing.clone(),
        state_machine_arn: nothing.clone(),
        state_name: nothing.clone(),
        task_arn: nothing.clone(),
        attempt: 0,
        idempotency_key: nothing,
        task_token: None,
        started_at_ms: 0,
        deadline_ms: u64::MAX,
        trace_parent: None,
    }
});

struct Silence;

impl Monitor for Silence {
    fn heartbeat(&self, _details: Option<String>) -> bool {
        true
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}
