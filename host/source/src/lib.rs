//! Text of a definition or template to a tree that remembers where everything stood, and the
//! diagnostics that point into that text.
//!
//! The one idea: JSON and YAML become the same [`Node`], in which every value and every key has the
//! byte range it came from, so that whoever checks the tree can put a caret under the culprit.
//! This crate knows no states language and no template; it does no I/O and never panics, whatever
//! the text.
//!
//! Begin reading at [`parse`] and [`Node`]; [`render`] turns [`Diagnostic`]s into text for people.

#![expect(
    clippy::result_large_err,
    reason = "a text fails once, and its diagnostic is what the caller wants to hold"
)]

mod diagnostic;
mod json;
pub mod limits;
mod nearest;
mod node;
mod number;
mod render;
mod span;
mod yaml;

pub use diagnostic::{Diagnostic, Severity};
pub use nearest::nearest;
pub use node::{Kind, Member, Node};
pub use render::render;
pub use span::{LineColumn, Span, position};

/// The notation of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON as RFC 8259 has it: no comments, no trailing commas.
    Json,
    /// YAML 1.2 with the core schema.
    Yaml,
}

impl Format {
    /// Tells the notation from the end of the file's name or, when that does not say, from the
    /// first character of the text: `{` or `[` is JSON.
    pub fn guess(file_name: Option<&str>, text: &str) -> Format {
        let name = file_name.unwrap_or_default().to_ascii_lowercase();
        if name.ends_with(".json") || name.ends_with(".asl") {
            return Format::Json;
        }
        if name.ends_with(".yaml") || name.ends_with(".yml") {
            return Format::Yaml;
        }
        match text
            .trim_start_matches('\u{feff}')
            .trim_start()
            .chars()
            .next()
        {
            Some('{' | '[') | None => Format::Json,
            Some(_) => Format::Yaml,
        }
    }
}

/// Reads a text into a tree.
///
/// A key that stands twice in one object is kept twice: telling is the caller's matter, who knows
/// how grave it is.
///
/// # Errors
/// The first place where the text is not of the notation, with its span; also a text longer than
/// [`limits::TEXT_BYTES_MAX`], nested deeper than [`limits::DEPTH_MAX`], a number beyond the range of
/// a double, and YAML whose aliases would grow beyond [`limits::ALIAS_WEIGHT_MAX`].
pub fn parse(text: &str, format: Format) -> Result<Node, Diagnostic> {
    if text.len() > limits::TEXT_BYTES_MAX {
        return Err(Diagnostic::error(
            code::SYNTAX,
            format!(
                "The text is {} bytes long; the limit is {} bytes",
                text.len(),
                limits::TEXT_BYTES_MAX
            ),
        ));
    }
    match format {
        Format::Json => json::parse(text),
        Format::Yaml => yaml::parse(text),
    }
}

/// Codes of the diagnostics that this crate makes.
pub mod code {
    /// The text is not JSON or YAML; the service uses this code for either.
    pub const SYNTAX: &str = "INVALID_JSON_DESCRIPTION";
}
