//! Every bound of this crate, with its unit and where it comes from.

/// Longest name of a state (characters): the service's.
pub const STATE_NAME_CHARACTERS_MAX: usize = 80;

/// Longest name of a variable (characters): the service's.
pub const VARIABLE_NAME_CHARACTERS_MAX: usize = 80;

/// Longest time that `TimeoutSeconds`, `HeartbeatSeconds`, `Seconds` and `IntervalSeconds` take, and
/// the most `MaxAttempts` (s, count): the service's.
pub const SECONDS_MAX: u64 = 99_999_999;

/// Largest `MaxDelaySeconds` (s, 366 days): the service's.
pub const MAX_DELAY_SECONDS_MAX: u64 = 31_622_400;

/// Smallest `BackoffRate`: the service's.
pub const BACKOFF_RATE_MIN: f64 = 1.0;

/// Deepest nesting of Parallel and Map in one another (levels). The service's own number is not
/// known; this one is as deep as the 128 levels of JSON that a definition may have let it be.
pub const SCOPE_DEPTH_MAX: usize = 24;

/// Most diagnostics of one definition; what comes after is cut off with a word. Our own.
pub const DIAGNOSTICS_MAX: usize = 1_000;

/// Most comparisons of names that one definition may cost for its "did you mean" lines; beyond it
/// there are no such lines. Our own: far below a second in the worst case.
pub const NAME_COMPARISONS_MAX: usize = 50_000;

/// Most names that a help line lists. Our own.
pub const LISTED_NAMES_MAX: usize = 12;

/// Most problems that the text of one `InvalidDefinition` names. Our own: what
/// `ValidateStateMachineDefinition` lists at the most, too.
pub const TOLD_PROBLEMS_MAX: usize = 100;

/// Most of a text that a syntax error quotes (characters): Jackson's, which the service reads with.
pub const QUOTED_SOURCE_CHARACTERS_MAX: usize = 500;

/// Most of a word that a syntax error quotes (characters): Jackson's.
pub const QUOTED_TOKEN_CHARACTERS_MAX: usize = 256;
