//! Every limit of the store, with its unit and reason.

/// Ended executions that the memory store keeps; the oldest are forgotten first. Source: what a person
/// scrolls through, with room to spare.
pub const ENDED_EXECUTIONS_MAX: usize = 10_000;

/// Payload and bookkeeping of the ended executions that the memory store keeps (bytes, estimated).
/// Source: a quarter of a 1 GiB host.
pub const ENDED_BYTES_MAX: usize = 256 * 1024 * 1024;

/// What an event takes beside its payload (bytes, estimated from the size of the record).
pub const EVENT_BYTES: usize = 256;

/// Rows that one read gives at the most: events, timers or executions.
pub const READ_ROWS_MAX: usize = 10_000;
