//! Every limit of the wire shapes, with its unit and source.

/// Length of the name of a state machine, execution or activity (characters). Source: AWS API model.
pub const NAME_CHARS_MAX: usize = 80;

/// Length of an ARN (characters). Source: AWS API model.
pub const ARN_CHARS_MAX: usize = 256;

/// Length of the ARN of a map run (characters). Source: AWS API model.
pub const LONG_ARN_CHARS_MAX: usize = 2_000;

/// Length of a payload (characters); in bytes it is bounded by [`engine::limits::PAYLOAD_BYTES_MAX`].
/// Source: AWS API model.
pub const PAYLOAD_CHARS_MAX: usize = 262_144;

/// Length of a task token (characters). Source: AWS API model.
pub const TASK_TOKEN_CHARS_MAX: usize = 2_048;

/// Length of X-Ray's trace header (characters). Source: AWS API model.
pub const TRACE_HEADER_CHARS_MAX: usize = 256;

/// Length of the client token of a redrive (characters). Source: AWS API model.
pub const CLIENT_TOKEN_CHARS_MAX: usize = 64;

/// Length of a page token (characters). Source: AWS API model.
pub const PAGE_TOKEN_CHARS_MAX: usize = 1_024;

/// Length of a page token of ListExecutions (characters). Source: AWS API model.
pub const LIST_TOKEN_CHARS_MAX: usize = 3_096;

/// For how long a page token is taken (s). Source: AWS API reference.
pub const PAGE_TOKEN_SECONDS_MAX: u64 = 86_400;

/// Entries of a page when the client does not say. Source: AWS API reference.
pub const PAGE_SIZE: i64 = 100;

/// Entries of a page. Source: AWS API model.
pub const PAGE_SIZE_MAX: i64 = 1_000;

/// Payload of a page of a history (bytes): a page ends with the event that reaches it. Ours: sixteen of
/// the largest payloads, so that an answer stays within what clients read in one piece.
pub const HISTORY_PAGE_BYTES_MAX: usize = 16 * 262_144;

/// Events that are read at once. Ours: the runtime gives no more.
pub const EVENTS_PER_READ: usize = runtime::limits::EVENTS_PER_READ;

/// For how long after its end an execution can be redriven (s): 14 days. Source: AWS quota.
pub const REDRIVE_SECONDS_MAX: u64 = 14 * 86_400;

/// The step in which the time of an Express execution is billed (ms). Source: AWS pricing.
pub const BILLED_TIME_STEP_MS: u64 = 100;

/// The step in which the memory of an Express execution is billed (bytes). Source: AWS pricing.
pub const BILLED_MEMORY_STEP_BYTES: u64 = 64 * 1_048_576;
