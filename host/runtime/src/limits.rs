//! Every limit of the runtime, with its unit and reason.

/// Events read from the store at once.
pub const EVENTS_PER_READ: usize = 1_000;

/// Tasks of one execution that run one after the other on a guest thread before it gives way to
/// other executions.
pub const TASKS_BEFORE_YIELD: u32 = 16;

/// Heartbeats closer together than this are one (ms): no `HeartbeatSeconds` is shorter than 1 s.
pub const HEARTBEAT_INTERVAL_MS: i64 = 50;

/// Express executions that are over and still kept in memory. Source: as many as a person looks
/// through; their history is their log.
pub const EXPRESS_ENDED_MAX: usize = 1_000;

/// Payload and bookkeeping of the Express executions that are over and still kept (bytes, estimated).
/// Source: a sixteenth of a 1 GiB host.
pub const EXPRESS_ENDED_BYTES_MAX: usize = 64 * 1024 * 1024;
