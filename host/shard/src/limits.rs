//! Every limit of a shard, with its unit and reason.

/// Events an execution may be ahead of what is durable (D3). Then its inputs wait.
pub const EVENTS_AHEAD_MAX: usize = 1_000;

/// Payload an execution may be ahead of what is durable (bytes): four inputs of the largest size and
/// their outputs, twice.
pub const BYTES_AHEAD_MAX: usize = 16 * 262_144;

/// Executions of one shard in memory. Source: a quarter of what a 1 GiB host holds at 1 KiB each.
pub const EXECUTIONS_MAX: usize = 250_000;

/// Inputs that wait for one execution before heartbeats are dropped. Everything else that waits is
/// bounded by the tasks and timers the execution has outside; clients are told to come back later.
pub const MAILBOX_MAX: usize = 10_000;

/// Timers worked off in one call, those of one execution and moment counted once; the rest follows in the next one.
pub const TIMERS_PER_WAKE: usize = 1_000;

/// A snapshot is written after so many events without one (D1).
pub const EVENTS_PER_SNAPSHOT: u64 = 1_000;
