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

/// Brackets in one another in the text of a JSONata expression, levels. The parser recurses. Ours; the service
/// evaluates no more than 100 levels.
pub const JSONATA_TEXT_LEVELS_MAX: usize = 200;

/// Levels of the tree of a JSONata expression, a chain of operators included. Ours, as above.
pub const JSONATA_TREE_LEVELS_MAX: usize = 500;

/// Levels of evaluation of a JSONata expression: what the service allows, which counts from one, measured.
pub const JSONATA_STACK_LEVELS_MAX: usize = 99;

/// Items of a sequence that a JSONata expression makes: the service's, measured.
pub const JSONATA_SEQUENCE_ITEMS_MAX: usize = 873_782;

/// The time that one JSONata expression may take, ms of a wall clock: the last guard, for what the other
/// limits let pass. Ours.
pub const JSONATA_TIMEOUT_MS: u64 = 1_000;

/// A text that a JSONata expression makes, bytes. The service takes 4 Mi characters and refuses 8 Mi, measured.
pub const JSONATA_STRING_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// What a JSONata expression may make altogether, bytes, garbage included: lists by their length, texts by
/// theirs. Ours.
pub const JSONATA_MADE_BYTES_MAX: u64 = 128 * 1024 * 1024;

/// A list item in memory, bytes.
pub const JSONATA_ITEM_BYTES: u64 = 32;

/// Values that a JSONata expression may compare and print altogether, counted as a tree: one that is used in
/// many places counts as many times. Ours.
pub const JSONATA_VALUES_WALKED_MAX: u64 = 8_000_000;

/// The text that `$split` and `$match` take apart, bytes: each makes many values of each character. Ours.
pub const JSONATA_TAKEN_APART_BYTES_MAX: usize = 262_144;

/// Bytes that `$replace` could make at the most: length of the text times length of what is put in. Ours.
pub const JSONATA_REPLACED_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The largest number that `$formatInteger` writes in Roman numerals, which have a letter for each thousand.
/// Ours.
pub const JSONATA_ROMAN_MAX: f64 = 1_000_000.0;

/// Steps that one JSONata evaluation is charged with, whatever it does: a decision of many such evaluations
/// ends early and lets others have their turn. Ours.
pub const JSONATA_STEPS_PER_EVALUATION: u64 = 20_000;

/// Steps for what has to be converted for it. Ours.
pub const JSONATA_STEPS_PER_CONVERSION: u64 = 1_000;
