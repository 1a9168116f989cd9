//! Every limit of the engine, with its unit and source.

/// Payload of a state or task (bytes of UTF-8 JSON). Source: AWS service quota.
pub const PAYLOAD_BYTES_MAX: usize = 262_144;

/// Results of the branches or iterations of one state together (bytes of JSON), before `ResultSelector`
/// has seen them. Ours: four payloads; it bounds what putting them together may take of the host.
pub const RESULTS_BYTES_MAX: usize = 4 * PAYLOAD_BYTES_MAX;

/// Events in AWS's history of one execution. Source: AWS service quota.
pub const HISTORY_EVENTS_MAX: u64 = 25_000;

/// Events that the history of an execution may hold for a redrive. Source: AWS service quota ("fewer than
/// 24,999").
pub const REDRIVABLE_EVENTS_MAX: u64 = 24_999;

/// Iterations of an inline Map that run at once. Source: AWS service quota.
pub const INLINE_CONCURRENCY_MAX: u64 = 40;

/// Children of one Parallel or inline Map. Each is an event at least, so that the history is full
/// before this is reached; it bounds what one event may allocate.
pub const CHILDREN_MAX: usize = 1 << 18;

/// Length of an error name (characters). Source: AWS API model.
pub const ERROR_CHARS_MAX: usize = 256;

/// Length of a cause (characters). Source: AWS API model.
pub const CAUSE_CHARS_MAX: usize = 32_768;

/// Longest delay before a retry, and longest Wait (s): `i32::MAX`. Source: recorded from AWS
/// (a Wait of 24,856 days fails).
pub const DELAY_SECONDS_MAX: u64 = 2_147_483_647;

/// Steps that one input may take before the decision ends with "continue" (DESIGN D2): a step is
/// one state entered, tried or left.
pub const STEPS_PER_INPUT: u32 = 1_000;

/// Steps that the expressions of one input may take together before the decision ends with "continue":
/// those of one evaluation. The evaluations of the step that uses them up come on top. Ours.
pub const EXPRESSION_STEPS_PER_INPUT: u64 = expr::limits::EVALUATION_STEPS_MAX;

/// The same for the text that they produce (bytes). Ours.
pub const EXPRESSION_BYTES_PER_INPUT: u64 = expr::limits::EVALUATION_BYTES_MAX;

/// Variables that one `Assign` may give values to, together (bytes of JSON). Source: AWS service quota.
pub const ASSIGN_BYTES_MAX: usize = 262_144;

/// Variables of one execution together (bytes of JSON): 10 MiB. Source: AWS service quota.
pub const VARIABLES_BYTES_MAX: usize = 10 * 1024 * 1024;

/// A heartbeat is recorded when it moves the deadline by so much (µs), or by this share of
/// `HeartbeatSeconds` if that is less. It bounds what a client that beats all the time may make the
/// history of events grow by; a deadline may be earlier by as much. Ours.
pub const HEARTBEAT_STEP_US: u64 = 1_000_000;

/// See [`HEARTBEAT_STEP_US`].
pub const HEARTBEAT_STEPS: u64 = 10;

/// The longest an execution may run (s): one year. Source: AWS service quota.
pub const STANDARD_SECONDS_MAX: u64 = 31_536_000;

/// The longest an Express execution may run (s). Source: AWS service quota.
pub const EXPRESS_SECONDS_MAX: u64 = 300;

/// So many hosts may die while they run an attempt; then it has failed (DESIGN D3).
pub const HOST_DEATHS_MAX: u32 = 2;

/// Error name of every timeout.
pub const TIMEOUT: &str = "States.Timeout";

/// The longest delay before a retry (s): one year, the longest a Standard execution lives.
pub const RETRY_DELAY_SECONDS_MAX: u64 = 31_536_000;

/// Steps that one state takes at the most in a test of it: entered, begun, its result, its failure, its
/// handlers, and room. Ours: a guard against a defect of the engine, which cannot be reached otherwise.
pub const TEST_STEPS_MAX: u32 = 32;
