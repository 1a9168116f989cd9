//! Every limit of the wire shapes, with its unit and source.

/// Length of the name of a state machine, execution or activity (characters). Source: AWS API model.
pub const NAME_CHARS_MAX: usize = 80;

/// Length of an ARN (characters). Source: AWS API model.
pub const ARN_CHARS_MAX: usize = 256;

/// Length of a definition (characters). Source: AWS API model.
pub const DEFINITION_CHARS_MAX: usize = 1_048_576;

/// Length of the description of a version or an alias (characters). Source: AWS API model.
pub const DESCRIPTION_CHARS_MAX: usize = 256;

/// Length of the ARN of a version where it is named on its own (characters). Source: AWS API model.
pub const LONG_ARN_CHARS_MAX: usize = 2_000;

/// Versions that an alias leads to. Source: AWS API model.
pub const ROUTES_MAX: usize = 2;

/// Length of a tag's key (characters). Source: AWS API model.
pub const TAG_KEY_CHARS_MAX: usize = 128;

/// Length of a tag's value (characters). Source: AWS API model.
pub const TAG_VALUE_CHARS_MAX: usize = 256;

/// Length of a `nextToken` (characters). Source: AWS API model.
pub const PAGE_TOKEN_CHARS_MAX: usize = 1_024;

/// How long a `nextToken` is good (s). Source: AWS API reference.
pub const PAGE_TOKEN_SECONDS_MAX: u64 = 86_400;

/// Entries of a page when the client does not say. Source: AWS API reference.
pub const PAGE_SIZE: i64 = 100;

/// Entries of a page. Source: AWS API model.
pub const PAGE_SIZE_MAX: i64 = 1_000;

/// How much of a value an error message repeats (characters). Ours: enough to know it again.
pub const QUOTED_CHARS_MAX: usize = 1_024;
