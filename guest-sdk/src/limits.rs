//! Every limit of the SDK, with its unit and where it comes from. The host holds the same ones; here
//! they only keep a task from sending what would be cut anyway.

/// Bytes of an error's name. From the task world (`wit/task.wit`).
pub const ERROR_NAME_BYTES_MAX: usize = 256;

/// Bytes of an error's cause. From the task world; AWS's limit of `Cause` is 32,768 characters.
pub const ERROR_CAUSE_BYTES_MAX: usize = 32 * 1024;

/// Levels of arrays and objects that an input may be nested. Measured: reading a level of
/// `serde_json::Value` takes 600 bytes of the 64 KiB stack that components are built with; more levels
/// would end in a trap that nobody can read. serde_json's own limit, 127, is for larger stacks.
pub const INPUT_DEPTH_MAX: usize = 80;
