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

/// Express executions that are over and still kept in memory. Source: as many as a person looks
/// through; their history is their log.
pub const EXPRESS_ENDED_MAX: usize = 1_000;

/// Payload and bookkeeping of the Express executions that are over and still kept (bytes, estimated).
/// Source: a sixteenth of a 1 GiB host.
pub const EXPRESS_ENDED_BYTES_MAX: usize = 64 * 1024 * 1024;

/// State machines of one installation. Source: AWS quota.
pub const STATE_MACHINES_MAX: usize = 10_000;

/// Versions of one state machine. Source: AWS quota.
pub const VERSIONS_PER_MACHINE_MAX: u64 = 1_000;

/// Aliases of one state machine. Source: AWS quota.
pub const ALIASES_PER_MACHINE_MAX: u64 = 100;

/// Tags of one resource of Step Functions. Source: AWS quota.
pub const TAGS_PER_RESOURCE_MAX: usize = 50;

/// How often a change of a catalogue is decided anew because others wrote meanwhile, before its caller is told
/// so. Source: more than the requests that a busy host serves at once for one machine.
pub const CHANGE_ATTEMPTS_MAX: usize = 256;

/// Parsed definitions kept for the next start. Source: a day's machines of a busy installation.
pub const CACHED_REVISIONS_MAX: usize = 1_024;

/// Text of the definitions that are kept parsed (bytes); parsed they take some times as much.
/// Source: with a factor of 10 a third of a 1 GiB host.
pub const CACHED_DEFINITION_BYTES_MAX: usize = 32 * 1024 * 1024;

/// How long a revision is kept after it was retired, whatever the lists say (µs): a start that has just
/// found it may not be listed yet. Source: longer than any request takes.
pub const RETIRED_REVISION_KEPT_US: u64 = 3_600 * 1_000_000;

/// Retired revisions that one sweep looks at. Source: keeps a sweep to some 10 ms.
pub const RETIRED_PER_SWEEP: usize = 1_000;

/// Client tokens of redrives that are kept for an execution. Source: AWS API reference.
pub const REDRIVE_TOKENS_MAX: usize = 10;

/// For how long a client token of a redrive is known (s). Source: AWS API reference.
pub const REDRIVE_TOKEN_SECONDS_MAX: u64 = 15 * 60;

/// Executions whose client tokens are forgotten with one redrive. Source: more than one, so that they
/// become fewer.
pub const REDRIVES_FORGOTTEN_AT_ONCE: usize = 16;
