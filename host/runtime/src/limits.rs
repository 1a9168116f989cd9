//! Every limit of the runtime, with its unit and reason.

/// Events read from the store at once.
pub const EVENTS_PER_READ: usize = 1_000;

/// Tasks of one execution that run one after the other on a guest thread before it gives way to
/// other executions.
pub const TASKS_BEFORE_YIELD: u32 = 16;

/// Heartbeats closer together than this are one (ms): no `HeartbeatSeconds` is shorter than 1 s.
pub const HEARTBEAT_INTERVAL_MS: i64 = 50;

/// Activities of an installation. Source: AWS service quota.
pub const ACTIVITIES_MAX: usize = 10_000;

/// Workers that poll one activity at once. Source: AWS service quota.
pub const ACTIVITY_POLLERS_MAX: usize = 1_000;

/// How long a poll for a task is held (ms). Source: AWS API reference.
pub const ACTIVITY_POLL_MS: u64 = 60_000;

/// Tasks that wait in the line of one activity. Ours: their inputs are shared with their executions, so
/// that a place takes about 1 KiB.
pub const ACTIVITY_TASKS_MAX: usize = 100_000;

/// Tasks that wait in all lines together. Source: AWS's quota of open executions.
pub const ACTIVITY_TASKS_ALL_MAX: usize = 1_000_000;
