//! Every limit of the wire shapes, with its unit and source.

/// Length of the name of a state machine, execution or activity (characters). Source: AWS API model.
pub const NAME_CHARS_MAX: usize = 80;

/// Length of an ARN (characters). Source: AWS API model.
pub const ARN_CHARS_MAX: usize = 256;
