//! Every limit of the SDK, with its unit and where it comes from. The host holds the same ones; here
//! they only keep a task from sending what would be cut anyway.

/// Bytes of an error's name. From the task world (`wit/task.wit`).
pub const ERROR_NAME_BYTES_MAX: usize = 256;

/// Bytes of an error's cause. From the task world; AWS's limit of `Cause` is 32,768 characters.
pub const ERROR_CAUSE_BYTES_MAX: usize = 32 * 1024;

/// Levels of nesting that an input may have when the place of a wrong value in it is looked for.
/// serde_json's own recursion limit.
pub(crate) const INPUT_DEPTH_MAX: usize = 128;
