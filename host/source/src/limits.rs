//! Every bound of this crate, with its unit and where it comes from.

/// Longest text that is read (bytes): the service's limit for a definition.
pub const TEXT_BYTES_MAX: usize = 1_048_576;

/// Deepest nesting of objects and arrays (levels): what `serde_json` reads by default, so that no
/// tree that passes here is refused further on.
pub const DEPTH_MAX: usize = 128;

/// Most that the aliases of one YAML text may add to its tree: bytes of keys and strings, plus
/// [`ALIAS_NODE_WEIGHT`] for each value. Our own: what a text could hold if it were written out.
pub const ALIAS_WEIGHT_MAX: usize = TEXT_BYTES_MAX;

/// What one copied value weighs beside its text (bytes); our own, about what it costs in memory.
pub const ALIAS_NODE_WEIGHT: usize = 64;

/// Longest source line that is shown whole (bytes); a longer one is cut around the caret. Our own.
pub const SHOWN_LINE_BYTES_MAX: usize = 240;

/// Most source text that one picture of a diagnostic takes in (bytes); places further apart get a
/// picture each. Our own.
pub const SHOWN_BYTES_MAX: usize = 65_536;

/// Longest word that a suggestion is looked for (bytes). Our own: the search is quadratic in it.
pub const WORD_BYTES_MAX: usize = 200;
