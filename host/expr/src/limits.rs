//! Every limit of expressions, with its unit and its source.

/// Steps that one evaluation may take: values visited, compared and copied. The largest payload has at
/// most 131,072 values (256 KiB of one-digit numbers); to select and to copy them all takes about 1.2
/// million. Ours.
pub const EVALUATION_STEPS_MAX: u64 = 2_000_000;

/// Steps for each value that is copied into a result. A value takes 72 bytes in memory, so
/// [`EVALUATION_STEPS_MAX`] bounds a result to about 36 MB. Ours.
pub const COPY_STEPS_PER_VALUE: u64 = 4;

/// Bytes of text (strings and keys) that one evaluation may produce, counted as they are produced. AWS
/// refuses every payload above 262,144 bytes; 16 of them leave room for intermediate values. Ours.
pub const EVALUATION_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Bytes of text compared in one step. Ours.
pub const COMPARED_BYTES_PER_STEP: usize = 64;

/// Levels of arrays and objects in one another. The JSON parser (`serde_json`) refuses level 128, so a
/// value nested deeper could be written and never be read again.
pub const VALUE_LEVELS_MAX: usize = 127;

/// Length of the text of a path or of an intrinsic call, bytes. Ours.
pub const EXPRESSION_TEXT_BYTES_MAX: usize = 65_536;

/// Segments of one path, those of its filters included. Ours.
pub const PATH_SEGMENTS_MAX: usize = 256;

/// Nesting of parentheses, negations and filters in one path, levels. Ours.
pub const FILTER_LEVELS_MAX: usize = 16;

/// Nesting of intrinsic calls, levels (ASL.md 5.1).
pub const INTRINSIC_LEVELS_MAX: usize = 10;

/// Input of `States.Base64Encode` and `States.Base64Decode`, characters (ASL.md 5.2).
pub const BASE64_CHARS_MAX: usize = 10_000;

/// Input of `States.Hash`, characters (ASL.md 5.2).
pub const HASH_CHARS_MAX: usize = 10_000;

/// Elements made by `States.ArrayRange` (ASL.md 5.2).
pub const ARRAY_RANGE_ELEMENTS_MAX: usize = 1_000;

/// Length of the input text that an error quotes, bytes. A cause has at most 32,768 characters (ASL.md 10).
pub const QUOTED_INPUT_BYTES_MAX: usize = 32_768;
