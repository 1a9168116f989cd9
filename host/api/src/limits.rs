//! Every limit of the wire shapes, with its unit and source.

use crate::wire::Rate;

/// Length of the name of a state machine, execution or activity (characters). Source: AWS API model.
pub const NAME_CHARS_MAX: usize = 80;

/// Length of an ARN (characters). Source: AWS API model.
pub const ARN_CHARS_MAX: usize = 256;

/// Entries of an SQS batch. Source: SQS quotas.
pub const BATCH_ENTRIES_MAX: usize = 10;

/// Length of the id of an entry of an SQS batch (characters). Source: SQS API reference.
pub const BATCH_ID_CHARS_MAX: usize = 80;

/// Messages of an SQS batch together (bytes). Source: SQS quotas.
pub const BATCH_BYTES_MAX: u64 = 1_048_576;

/// Queues on a page of a list. Source: SQS API reference.
pub const QUEUES_PER_PAGE_MAX: usize = 1_000;

/// Length of a payload (characters); in bytes it is bounded by [`engine::limits::PAYLOAD_BYTES_MAX`].
/// Source: AWS API model.
pub const PAYLOAD_CHARS_MAX: usize = 262_144;

/// Length of a task token (characters). Source: AWS API model.
pub const TASK_TOKEN_CHARS_MAX: usize = 2_048;

/// Length of X-Ray's trace header (characters). Source: AWS API model.
pub const TRACE_HEADER_CHARS_MAX: usize = 256;

/// Length of the client token of a redrive (characters). Source: AWS API model.
pub const CLIENT_TOKEN_CHARS_MAX: usize = 64;

/// Length of a page token of ListExecutions (characters). Source: AWS API model.
pub const LIST_TOKEN_CHARS_MAX: usize = 3_096;

/// Connections at once. Ours: what one process serves with the usual 1,024 file descriptors, some of them
/// kept for the store. One more is answered 503 and closed.
pub const CONNECTIONS_MAX: usize = 900;

/// Head of a request, its request line included (bytes). Source: AWS's services take 8 to 16 KiB; a
/// `X-Amz-Client-Context` of Lambda's alone may have 3,583 bytes.
pub const HEAD_BYTES_MAX: usize = 32 * 1_024;

/// Headers of a request. Source: hyper's own limit, with which it needs no heap; 431 beyond.
pub const HEADERS_MAX: usize = 100;

/// From the opening of a connection, or from the last answer on it, until the head of the next request is
/// there (ms): idle and slow clients alike. Ours: longer than the pauses of a client at work; one
/// that finds its connection closed opens another.
pub const HEAD_WAIT_MS: u64 = 30_000;

/// From the head of a request until all of its body is there (ms). Ours: a component of 50 MiB at 1 MB/s.
pub const BODY_WAIT_MS: u64 = 70_000;

/// A client that does not read its answer (ms from one byte taken to the next). Ours.
pub const WRITE_WAIT_MS: u64 = 30_000;

/// Requests under way when the server is told to stop have so long (ms). Ours: shorter than the 10 s
/// after which containers are killed.
pub const DRAIN_MS: u64 = 5_000;

/// Pause after the operating system gave no connection (ms): out of descriptors, most likely. Ours.
pub const ACCEPT_PAUSE_MS: u64 = 50;

/// Body of a request (bytes). Ours: the largest of Step Functions and SQS is a definition or message of
/// 1 MiB (AWS service quota), which as a JSON string of nothing but escapes is three times as long
/// and a little more.
pub const BODY_BYTES_MAX: usize = 4 * 1_048_576;

/// Body of a request that carries code (bytes). Source: AWS's own limit of CreateFunction, a zip of
/// 50 MiB in base64.
pub const CODE_BODY_BYTES_MAX: usize = 69_905_067;

/// Body of a request that carries a payload (bytes). Source: Lambda's 6 MiB, and room for the
/// operation to refuse what is longer in Lambda's words.
pub const PAYLOAD_BODY_BYTES_MAX: usize = 6 * 1_048_576 + 65_536;

/// Bodies of all requests under way (bytes). Ours: three of the largest. A request whose body has no room
/// waits for it as long as for the body itself.
pub const BODIES_BYTES_MAX: usize = 256 * 1_048_576;

/// What is read and thrown away of a body that is too long (bytes), so that a client which sends all
/// of it before it listens gets its answer. Ours.
pub const REFUSED_BODY_BYTES_MAX: usize = 8 * 1_048_576;

/// How far the clock of a client may be from ours (s). Source: AWS.
pub const CLOCK_SKEW_S: i64 = 15 * 60;

/// Headers that are signed. Ours: there are no more headers.
pub const SIGNED_HEADERS_MAX: usize = HEADERS_MAX;

/// Derived signing keys that are kept. Ours: one for each key, service and day in use, ~300 bytes each.
pub const SIGNING_KEYS_MAX: usize = 1_024;

/// How fast one key may start executions. Source: ASL.md §10, 6,000 a second for Express; Standard has 1,300
/// at once and 300 a second there, which is a price list's limit and not a machine's.
pub const RATE_START: Rate = Rate {
    burst: 12_000,
    per_second: 6_000,
};

/// How fast one key may send what has to be compiled, or run while the client waits. Source: ASL.md §10, 1 a
/// second for TestState and 10 for ValidateStateMachineDefinition; ours is one machine's alone.
pub const RATE_COMPILE: Rate = Rate {
    burst: 500,
    per_second: 50,
};

/// How fast one key may ask for anything else. Ours: more than one machine answers.
pub const RATE_OTHER: Rate = Rate {
    burst: 20_000,
    per_second: 10_000,
};

/// Token buckets that are kept, for each key and class of operations. Ours: ~100 bytes each.
pub const BUCKETS_MAX: usize = 4_096;

/// Length of a definition (characters). Source: AWS API model.
pub const DEFINITION_CHARS_MAX: usize = 1_048_576;

/// Length of the description of a version or an alias (characters). Source: AWS API model.
pub const DESCRIPTION_CHARS_MAX: usize = 256;

/// Length of the ARN of a map run, or of a version where it is named on its own (characters). Source: AWS API model.
pub const LONG_ARN_CHARS_MAX: usize = 2_000;

/// Versions that an alias leads to. Source: AWS API model.
pub const ROUTES_MAX: usize = 2;

/// Length of a tag's key (characters). Source: AWS API model.
pub const TAG_KEY_CHARS_MAX: usize = 128;

/// Length of a tag's value (characters). Source: AWS API model.
pub const TAG_VALUE_CHARS_MAX: usize = 256;

/// Length of a `nextToken` (characters). Source: AWS API model.
pub const PAGE_TOKEN_CHARS_MAX: usize = 1_024;

/// How long a `nextToken` is good (s). Source: AWS API reference.
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

/// The step in which the time of an Express execution is billed (ms). Source: AWS pricing.
pub const BILLED_TIME_STEP_MS: u64 = 100;

/// The step in which the memory of an Express execution is billed (bytes). Source: AWS pricing.
pub const BILLED_MEMORY_STEP_BYTES: u64 = 64 * 1_048_576;

/// How much of a value an error message repeats (characters). Ours: enough to know it again.
pub const QUOTED_CHARS_MAX: usize = 1_024;

/// Entries on a page of Lambda's lists. Source: AWS.
pub const LAMBDA_ITEMS_DEFAULT: usize = 50;

/// Largest `MaxItems` of Lambda's lists. Source: AWS API model.
pub const LAMBDA_ITEMS_MAX: usize = 10_000;

/// Name of a log group or stream (characters). Source: CloudWatch Logs API model.
pub const LOG_NAME_CHARS_MAX: usize = 512;

/// Name or ARN of a log group (characters). Source: CloudWatch Logs API model.
pub const LOG_IDENTIFIER_CHARS_MAX: usize = 2_048;

/// A filter pattern (characters). Source: CloudWatch Logs API model.
pub const LOG_PATTERN_CHARS_MAX: usize = 1_024;

/// Log groups on a page. Source: CloudWatch Logs API model.
pub const LOG_GROUPS_PER_PAGE_MAX: usize = 50;

/// Log streams on a page. Source: CloudWatch Logs API model.
pub const LOG_STREAMS_PER_PAGE_MAX: usize = 50;

/// Reads of logs at once; others wait. Each may look through much. Ours: half of the store's connections that read.
pub const LOG_READS_MAX: usize = 2;

/// Log events on a page, or put at once. Source: CloudWatch Logs API model.
pub const LOG_EVENTS_PER_PAGE_MAX: usize = 10_000;

/// Length of an error name (characters). Source: AWS API model.
pub const ERROR_CHARS_MAX: usize = 256;

/// Length of a cause (characters). Source: AWS API model.
pub const CAUSE_CHARS_MAX: usize = 32_768;

/// Most diagnostics that ValidateStateMachineDefinition lists, and how many it lists unless told
/// otherwise. Source: AWS API model.
pub const DIAGNOSTICS_MAX: i64 = 100;

/// Commits of executions that wait to be logged; what does not fit is read from the store later. Source: our
/// own.
pub const LOG_PUBLISHED_MAX: usize = 10_000;

/// Executions whose place in their history is kept for logging; others are read again. Source: our own.
pub const LOG_FOLLOWED_MAX: usize = 10_000;
