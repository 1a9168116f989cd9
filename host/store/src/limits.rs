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

/// A value in one row, before repetitions are taken out (bytes). Source: SQLite keeps blobs of up to
/// 1,000,000,000 bytes; a quarter of a 1 GiB host is what reading one may take. A snapshot that is larger is
/// not kept: the one before it and the events since give the same state.
pub const VALUE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// Events in one row (bytes, before repetitions are taken out); more are spread over several rows, but for
/// an event that is larger alone. Source: what a read of one event may have to decode, kept to a few
/// milliseconds.
pub const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Connections that read at the same time. Source: reads are short; more would wait for the disk.
pub const READERS_MAX: usize = 4;

/// Statements that a connection keeps compiled. Source: there are fewer than this.
pub const STATEMENTS_MAX: usize = 64;

/// How long a statement waits for a lock of SQLite's (ms). Source: nobody else writes the file; a backup
/// tool may hold it for moments.
pub const BUSY_TIMEOUT_MS: u64 = 2_000;

/// Pages of write-ahead log that start a checkpoint (4 KiB each). Source: 16 MiB, so that the log stays in
/// the page cache and a checkpoint comes once in some thousand commits.
pub const CHECKPOINT_PAGES: u32 = 4_000;

/// Write-ahead log that is left on disk after a checkpoint (bytes). Source: four checkpoints' worth.
pub const LOG_BYTES_MAX: u32 = 64 * 1024 * 1024;

/// Rows that one transaction deletes before it ends, an execution at a time. Source: some tens of
/// milliseconds, for which commits wait.
pub const FORGET_ROWS: usize = 10_000;

/// Executions that one transaction forgets, at the most. Source: with the rows of a small execution, about as
/// many rows as above.
pub const FORGET_EXECUTIONS: usize = 1_000;

/// The oldest SQLite that is trusted with the data: 3.51.3. Source: DESIGN D6.
pub const SQLITE_VERSION_MIN: i32 = 3_051_003;
