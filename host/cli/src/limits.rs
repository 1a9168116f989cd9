//! Every limit of the command line, with its unit and source.

/// Input of an execution and answer to a callback (bytes of UTF-8 JSON). Source: AWS service quota.
pub const PAYLOAD_BYTES_MAX: usize = engine::limits::PAYLOAD_BYTES_MAX;

/// A definition, template or input file that is read at all (bytes). Ours: four times the largest
/// definition that AWS takes; a larger file is the wrong file, and is not read into memory.
pub const FILE_BYTES_MAX: u64 = 4 * 1_048_576;

/// A component that is read at all (bytes): the sandbox refuses larger ones.
pub const COMPONENT_BYTES_MAX: u64 = sandbox::limits::COMPONENT_BYTES;

/// Messages that may wait to be looked at. Source: each is an event of the history at least, which
/// has no more than this.
pub const MESSAGES_WAITING_MAX: usize = 25_000;

/// Error text in one line of the trail (characters). Ours: more wraps twice and hides the next line.
pub const NOTE_CHARS_MAX: usize = 200;

/// Width of the column of state names, and of that of branches (characters). Ours: longer ones push
/// their line out of the columns.
pub const COLUMN_CHARS_MAX: usize = 32;
