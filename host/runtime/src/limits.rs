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

/// Functions in the catalogue. Their facts are pinned to every execution, so they are few enough to be
/// kept in memory. Source: ten times what one person keeps apart.
pub const FUNCTIONS_MAX: usize = 10_000;

/// Versions and aliases of one function, each. Source: AWS has no such limit; ours keeps a deletion, which
/// is one batch, small.
pub const QUALIFIERS_PER_FUNCTION_MAX: usize = 1_000;

/// Code of all functions and versions together (bytes; the same component counts once). Source: AWS has
/// 75 GB; a host of one's own has less.
pub const CODE_BYTES_MAX: u64 = 8 * 1024 * 1024 * 1024;

/// Entries of an uploaded zip. Source: a component and whatever lies beside it.
pub const ZIP_ENTRIES_MAX: usize = 1_000;

/// Length of the name of a function (characters). Source: AWS.
pub const FUNCTION_NAME_CHARS_MAX: usize = 64;

/// `Timeout` of a function (s). Source: AWS.
pub const FUNCTION_TIMEOUT_SECONDS_MAX: u32 = 900;

/// `MemorySize` of a function (MB). Source: AWS.
pub const FUNCTION_MEMORY_MEGABYTES_MIN: u32 = 128;

/// `MemorySize` of a function (MB). Source: AWS.
pub const FUNCTION_MEMORY_MEGABYTES_MAX: u32 = 10_240;

/// Fuel for each second of `Timeout` (units): the highest rate that was measured, so that the timeout ends
/// a function before its fuel does. See `sandbox::limits::FUEL`, which is the least that a function gets.
pub const FUEL_PER_SECOND: u64 = 25_000_000_000;

/// Names and values of the environment of a function together (bytes). Source: AWS.
pub const ENVIRONMENT_BYTES_MAX: usize = 4 * 1024;

/// Tags of a function. Source: AWS.
pub const FUNCTION_TAGS_MAX: usize = 50;

/// Functions whose configuration is kept in memory; with one more, all are read again.
pub const RESOLVED_FUNCTIONS_MAX: usize = 1_000;

/// Versions and aliases of one function whose configuration is kept in memory.
pub const RESOLVED_QUALIFIERS_MAX: usize = 100;

/// Machine code of uploaded functions that is kept in memory (bytes). Source: as the cache of the sandbox,
/// with which it shares what is in both.
pub const COMPILED_BYTES_MAX: u64 = 512 * 1024 * 1024;

/// Components that are compiled at once: each takes a core for up to seconds, and the compiler shares
/// its work among the cores as it is.
pub const COMPILATIONS_MAX: usize = 2;

/// Guests that run at once. Source: AWS's default of concurrent executions, and the slots of the sandbox.
pub const GUESTS_MAX: u32 = 1_000;

/// Concurrency that reserving has to leave for the functions without (guests). Source: AWS.
pub const UNRESERVED_GUESTS_MIN: u32 = 100;

/// `MemorySize` of the guests that run at once, together, where the memory of the machine cannot be found
/// out (MB).
pub const GUEST_MEMORY_MEGABYTES: u32 = 8 * 1024;

/// The least of it, whatever the machine has (MB): the default `MemorySize` eight times.
pub const GUEST_MEMORY_MEGABYTES_MIN: u32 = 1_024;

/// Invocations that wait until others have ended. Source: ten for each that runs.
pub const INVOCATIONS_WAITING_MAX: usize = 10_000;

/// How long they wait (ms) before they are throttled. Source: half of what the SDKs wait for an answer.
pub const INVOCATION_WAIT_MS: u64 = 30_000;

/// How often a waiting invocation looks whether it is still wanted (ms).
pub const INVOCATION_WAIT_CHECK_MS: u64 = 100;

/// Payload of an invocation that is waited for (bytes). Source: AWS.
pub const INVOKE_PAYLOAD_BYTES_MAX: usize = 6_291_456;

/// Payload of an `Event` invocation (bytes). Source: AWS.
pub const EVENT_PAYLOAD_BYTES_MAX: usize = 1_048_576;

/// `Event` invocations that wait or run.
pub const EVENTS_MAX: usize = 10_000;

/// Payloads of the `Event` invocations that wait or run (bytes).
pub const EVENTS_BYTES_MAX: usize = 256 * 1024 * 1024;

/// `Event` invocations that run at once.
pub const EVENTS_RUNNING_MAX: usize = 64;

/// How often a function that failed on an event is tried again. Source: AWS.
pub const EVENT_RETRIES_MAX: u32 = 2;

/// The wait before the first retry (s); the second waits twice as long. Source: AWS.
pub const EVENT_RETRY_SECONDS: u64 = 60;

/// The longest wait of an event that is throttled (s); the first is 1 s. Source: AWS.
pub const EVENT_THROTTLED_SECONDS_MAX: u64 = 300;

/// The age at which an event is given up (s). Source: AWS.
pub const EVENT_AGE_SECONDS_MAX: u64 = 6 * 60 * 60;

/// Events read from the store at once when it is opened: few, because each may have a megabyte.
pub const QUEUED_EVENTS_PER_READ: usize = 32;

/// Records of functions, versions or aliases read from the store at once.
pub const CATALOGUE_RECORDS_PER_READ: usize = 500;

/// The end of the log that `LogType` `Tail` gives (bytes). Source: AWS.
pub const LOG_TAIL_BYTES: usize = 4 * 1024;

/// Executions that recovery reads at once. Source: keeps a page of snapshots small.
pub const RECOVERED_PER_READ: usize = 1_000;

/// Executions that one commit forgets: others wait behind it. Source: some 10 ms of deletes.
pub const FORGOTTEN_PER_COMMIT: usize = 100;

/// How long an execution that is over is kept (days). Source: AWS, 90 days.
pub const EXECUTIONS_KEPT_DAYS: u64 = 90;

/// How often what is old is looked for (ms). Ours: retention is counted in days.
pub const SWEEP_INTERVAL_MS: u64 = 60_000;

/// How often it is looked whether the last execution of a machine that is being deleted is over (ms). Ours: clients
/// like Terraform look until the machine is gone.
pub const DELETION_INTERVAL_MS: u64 = 1_000;

/// Log groups of one installation. Source: our own; one read lists them all.
pub const LOG_GROUPS_MAX: usize = 10_000;

/// Streams of a log group. Source: our own; AWS has no limit.
pub const LOG_STREAMS_PER_GROUP_MAX: u64 = 1_000_000;

/// What one log group keeps (bytes); the oldest events go. Source: our own.
pub const LOG_GROUP_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// What all log groups keep together (bytes); the oldest events of the largest go. Source: our own.
pub const LOG_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;

/// What an event, or a stream, takes beside its text (bytes): its rows.
pub const LOG_EVENT_OVERHEAD_BYTES: u64 = 256;

/// Message of a log event (bytes); the rest is cut off. Source: CloudWatch Logs quotas.
pub const LOG_EVENT_BYTES_MAX: usize = 1_048_576;

/// Log events that wait to be written; then the oldest is dropped. Source: our own.
pub const LOG_BUFFER_EVENTS_MAX: usize = 100_000;

/// The same in bytes.
pub const LOG_BUFFER_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Streams for which dropped events are counted apart.
pub const LOG_DROPPED_STREAMS_MAX: usize = 1_000;

/// Log events of one write or removal.
pub const LOG_EVENTS_PER_WRITE: usize = 1_000;

/// How long a log event waits for others to be written with (ms).
pub const LOG_FLUSH_INTERVAL_MS: u64 = 100;

/// Time between two sweeps for log events that need not be kept any more (s).
pub const LOG_SWEEP_SECONDS: u64 = 60;

/// Log events that one read gives. Source: CloudWatch Logs API model.
pub const LOG_EVENTS_PER_READ: usize = 10_000;

/// Text of the log events that one read gives (bytes). Source: CloudWatch Logs API reference.
pub const LOG_READ_BYTES_MAX: u64 = 1_048_576;

/// Log events that one filtered read looks at; then it gives a token. Source: our own, for an answer in time.
pub const LOG_SCANNED_MAX: usize = 100_000;

/// Parentheses within each other in a filter pattern. Source: our own.
pub const LOG_PATTERN_DEPTH_MAX: usize = 64;

/// Events of one `PutLogEvents` (bytes). Source: CloudWatch Logs API reference.
pub const LOG_PUT_BYTES_MAX: u64 = 1_048_576;

/// How far apart the events of one `PutLogEvents` may be (ms): 24 hours. Source: the same.
pub const LOG_PUT_SPAN_MS: i64 = 86_400_000;

/// How far in the future an event that is put may be (ms): 2 hours. Source: the same.
pub const LOG_PUT_FUTURE_MS: i64 = 7_200_000;

/// How far in the past an event that is put may be (ms): 14 days. Source: the same.
pub const LOG_PUT_PAST_MS: i64 = 1_209_600_000;

/// For how long after its end an execution can be redriven (s): 14 days. Source: AWS quota.
pub const REDRIVE_SECONDS_MAX: u64 = 14 * 86_400;

/// The longest a test of one state may take (s). Source: AWS service quota.
pub const TEST_SECONDS_MAX: u64 = 300;

/// Executions that could not be gone on with and are told of one by one. Ours: a screen of them.
pub const LEFT_TOLD_MAX: usize = 10;
