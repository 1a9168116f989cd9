//! Every limit of the runtime, with its unit and reason.

/// Events read from the store at once.
pub const EVENTS_PER_READ: usize = 1_000;

/// Tasks of one execution that run one after the other on a guest thread before it gives way to
/// other executions.
pub const TASKS_BEFORE_YIELD: u32 = 16;

/// Heartbeats closer together than this are one (ms): no `HeartbeatSeconds` is shorter than 1 s.
pub const HEARTBEAT_INTERVAL_MS: i64 = 50;

/// Length of the id of an access key (characters). Source: AWS has 16 to 128; more than 20 are not made.
pub const KEY_ID_CHARS_MIN: usize = 16;

/// See [`KEY_ID_CHARS_MIN`].
pub const KEY_ID_CHARS_MAX: usize = 32;

/// Length of a user's name (characters). Source: AWS's IAM.
pub const KEY_NAME_CHARS_MAX: usize = 64;

/// Length of a pattern for actions or resources (bytes). Source: AWS's longest ARN, 2,048.
pub const KEY_PATTERN_CHARS_MAX: usize = 2_048;

/// Actions, or resources, of one statement. Ours: all are looked through for each request.
pub const KEY_PATTERNS_MAX: usize = 256;

/// A key file (bytes). Ours: AWS allows policies of 2,048 characters to a user.
pub const KEY_FILE_BYTES_MAX: u64 = 262_144;
