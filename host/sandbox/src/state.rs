//! What the host keeps beside one instance: the data of its store.

use std::sync::Arc;

use sha2::{Digest, Sha256};
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use crate::capture::{Capture, Stream};
use crate::limiter::Limiter;
use crate::stdio::Stdio;
use crate::watch::Watch;
use crate::{Limits, TaskInfo, limits};

/// Lives and dies with the store of one invocation.
pub(crate) struct State {
    pub(crate) info: TaskInfo,
    pub(crate) watch: Watch,
    pub(crate) capture: Capture,
    pub(crate) limiter: Limiter,
    environment: Arc<[(String, String)]>,
    table: ResourceTable,
    /// Made when the guest first calls a WASI function: most never do.
    wasi: Option<Box<WasiCtx>>,
}

impl State {
    pub(crate) fn new(
        info: TaskInfo,
        environment: Arc<[(String, String)]>,
        limits: &Limits,
        watch: Watch,
    ) -> State {
        let capture = Capture::new(limits, watch.clone(), info.started_at_ms);
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits::HANDLES);
        State {
            info,
            watch,
            capture,
            limiter: Limiter::new(limits),
            environment,
            table,
            wasi: None,
        }
    }

    /// Milliseconds until the first of the two timeouts, the function's and the state's.
    pub(crate) fn remaining_ms(&self) -> u64 {
        let until_deadline = self
            .info
            .deadline_ms
            .saturating_sub(self.info.started_at_ms)
            .saturating_sub(self.watch.stopwatch().elapsed_ms());
        self.watch.remaining_ms().min(until_deadline)
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let State {
            info,
            capture,
            environment,
            wasi,
            table,
            ..
        } = self;
        let ctx = wasi.get_or_insert_with(|| Box::new(inert(info, capture, environment)));
        WasiCtxView { ctx, table }
    }
}

/// The environment that the call brings, never the host's; no arguments, an empty stdin; output goes to
/// the log. Clocks and randomness work and reach nothing.
fn inert(info: &TaskInfo, capture: &Capture, environment: &[(String, String)]) -> WasiCtx {
    let stdio = |stream| Stdio {
        stream,
        capture: capture.clone(),
    };
    WasiCtx::builder()
        .envs(environment)
        .stdout(stdio(Stream::Stdout))
        .stderr(stdio(Stream::Stderr))
        .insecure_random_seed(seed(&info.idempotency_key))
        .max_random_size(limits::RANDOM_BYTES)
        .allow_tcp(false)
        .allow_udp(false)
        .build()
}

/// The seed of a guest's hash maps: the same over all retries of a state entry,
/// so that the same input uses the same fuel, and not to be guessed by whoever
/// chooses the input.
fn seed(idempotency_key: &str) -> u128 {
    let digest = Sha256::digest(idempotency_key.as_bytes());
    digest
        .iter()
        .take(16)
        .fold(0, |seed, byte| seed << 8 | u128::from(*byte))
}
