//! Every limit of the wire shapes, with its unit and source.

/// Length of the name of a state machine, execution or activity (characters). Source: AWS API model.
pub const NAME_CHARS_MAX: usize = 80;

/// Length of an ARN (characters). Source: AWS API model.
pub const ARN_CHARS_MAX: usize = 256;

/// Length of a definition (characters). Source: AWS API model.
pub const DEFINITION_CHARS_MAX: usize = 1_048_576;

/// Length of an input, output, result or set of variables (characters). Source: AWS API model.
pub const PAYLOAD_CHARS_MAX: usize = 262_144;

/// Length of an error name (characters). Source: AWS API model.
pub const ERROR_CHARS_MAX: usize = 256;

/// Length of a cause (characters). Source: AWS API model.
pub const CAUSE_CHARS_MAX: usize = 32_768;

/// Most diagnostics that ValidateStateMachineDefinition lists, and how many it lists unless told
/// otherwise. Source: AWS API model.
pub const DIAGNOSTICS_MAX: i64 = 100;
