//! What an invocation gives back: an outcome, what was used, and the log.

use crate::Fault;
use crate::log::CapturedLog;

/// The end of one invocation. Usage and log are there whatever the outcome.
#[derive(Clone, Debug)]
pub struct Report {
    /// The output, JSON text as the guest wrote it: checked to be UTF-8 and
    /// within the limit, not parsed. Or why there is none.
    pub outcome: Result<String, Fault>,
    /// What it cost.
    pub usage: Usage,
    /// What the guest logged and printed.
    pub log: CapturedLog,
}

/// What one invocation used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Units of fuel.
    pub fuel: u64,
    /// Bytes of linear memory at its largest. Wasm memory does not shrink.
    pub memory_peak_bytes: u64,
    /// Microseconds from entering `invoke` to its end, waiting included.
    pub duration_us: u64,
}
