//! Codes of diagnostics: the service's names, and ours in its manner.

/// The text is not JSON or YAML.
pub const INVALID_JSON_DESCRIPTION: &str = "INVALID_JSON_DESCRIPTION";
/// The text is empty.
pub const MISSING_DESCRIPTION: &str = "MISSING_DESCRIPTION";
/// A field is missing, unknown, of the wrong type or out of range.
pub const SCHEMA_VALIDATION_FAILED: &str = "SCHEMA_VALIDATION_FAILED";
/// No state of the top level ends the execution.
pub const MISSING_END_STATE: &str = "MISSING_END_STATE";
/// A transition names no state of its scope, or a state is the target of none.
pub const MISSING_TRANSITION_TARGET: &str = "MISSING_TRANSITION_TARGET";
/// Two states have one name.
pub const DUPLICATE_STATE_NAME: &str = "DUPLICATE_STATE_NAME";
/// The name of a state is empty or too long.
pub const INVALID_STATE_NAME: &str = "INVALID_STATE_NAME";
/// Parallel and Map are nested too deeply.
pub const TOO_DEEPLY_NESTED: &str = "TOO_DEEPLY_NESTED";
/// `Assign` to a variable whose name is no identifier.
pub const INVALID_VARIABLE_NAME: &str = "INVALID_VARIABLE_NAME";
/// `Assign` to `states`.
pub const RESERVED_VARIABLE_NAME: &str = "RESERVED_VARIABLE_NAME";

/// The text of an expression is no JSONata.
pub const INVALID_JSONATA_EXPRESSION: &str = "INVALID_JSONATA_EXPRESSION";
/// A JSONata expression reads what is not there for it to read.
pub const UNSUPPORTED_JSONATA_EXPRESSION: &str = "UNSUPPORTED_JSONATA_EXPRESSION";

/// A warning of the service's: a payload field looks like a path and its name lacks `.$`.
pub const NO_DOLLAR: &str = "NO_DOLLAR";
/// A warning of the service's: a value looks like a path and its field takes none.
pub const NO_PATH: &str = "NO_PATH";
/// A warning of the service's: a path in `Result`, where it is not evaluated.
pub const PASS_RESULT_IS_STATIC: &str = "PASS_RESULT_IS_STATIC";

/// Ours: the definition is good and asks for what this version does not have yet.
pub const NOT_AVAILABLE: &str = "NOT_AVAILABLE";
/// Ours, a warning: a retrier or catcher that no error can reach.
pub const UNREACHABLE_HANDLER: &str = "UNREACHABLE_HANDLER";
/// Ours, a warning: an error name in `ErrorEquals` that cannot match.
pub const ERROR_NEVER_MATCHES: &str = "ERROR_NEVER_MATCHES";
/// Ours, a warning: a variable that no state assigns.
pub const UNASSIGNED_VARIABLE: &str = "UNASSIGNED_VARIABLE";
/// Ours, a warning shown on demand: a Task without a time limit.
pub const NO_TIMEOUT: &str = "NO_TIMEOUT";
