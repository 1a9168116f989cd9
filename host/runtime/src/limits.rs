//! Every limit of the runtime, with its unit and reason.

/// Events read from the store at once.
pub const EVENTS_PER_READ: usize = 1_000;

/// Tasks of one execution that run one after the other on a guest thread before it gives way to
/// other executions.
pub const TASKS_BEFORE_YIELD: u32 = 16;

/// Heartbeats closer together than this are one (ms): no `HeartbeatSeconds` is shorter than 1 s.
pub const HEARTBEAT_INTERVAL_MS: i64 = 50;

/// Queues of one installation. Source: our own; AWS has no limit.
pub const QUEUES_MAX: usize = 10_000;

/// Messages that one queue keeps. Source: our own, for what is kept of each in memory; AWS has no limit.
pub const MESSAGES_PER_QUEUE_MAX: usize = 1_000_000;

/// What all queues keep together (bytes). Source: our own; AWS has no limit.
pub const QUEUE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// What a message takes beside its body and attributes (bytes): rows, index, memory.
pub const MESSAGE_OVERHEAD_BYTES: u64 = 1_024;

/// Messages of a standard queue that may be in flight. Source: SQS quotas.
pub const IN_FLIGHT_MAX: usize = 120_000;

/// Messages of a FIFO queue that may be in flight. Source: SQS quotas.
pub const IN_FLIGHT_FIFO_MAX: usize = 20_000;

/// Body and attributes of a message (bytes). Source: SQS quotas.
pub const MESSAGE_BYTES_MAX: u64 = 1_048_576;

/// Attributes of a message. Source: SQS quotas.
pub const MESSAGE_ATTRIBUTES_MAX: usize = 10;

/// How long a deduplication id is remembered (s). Source: SQS.
pub const DEDUPLICATION_SECONDS: u64 = 300;

/// How long the id of a message that an execution sent is remembered (s): as long as SQS keeps a message
/// at the most.
pub const SENT_ID_SECONDS: u64 = 1_209_600;

/// Rest after a purge of a queue (s). Source: SQS.
pub const PURGE_INTERVAL_SECONDS: u64 = 60;

/// How long a message may stay invisible after it was received (s). Source: SQS.
pub const VISIBILITY_SECONDS_MAX: u64 = 43_200;

/// How long an id of a receive attempt is remembered (s). Source: SQS.
pub const RECEIVE_ATTEMPT_SECONDS: u64 = 300;

/// Ids of receive attempts that one queue remembers. Source: our own.
pub const RECEIVE_ATTEMPTS_MAX: usize = 1_000;

/// Tags of a queue or a log group. Source: AWS.
pub const TAGS_MAX: usize = 50;

/// Messages that one write removes, when many go. Source: our own, so that others get their turn.
pub const MESSAGES_PER_REMOVAL: usize = 1_000;

/// Time between two sweeps for what has expired in queues (s).
pub const QUEUE_SWEEP_SECONDS: u64 = 30;

/// Remembered ids that one sweep looks at.
pub const SENT_IDS_PER_SWEEP: usize = 10_000;
