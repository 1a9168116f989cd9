//! JSON from the command line: the input of an execution, or an answer. A file, the text itself, or
//! standard input.
//!
//! The text is kept byte for byte, without the white space around it: what an execution gets is what
//! the user wrote, numbers included.

use std::io::Read as _;
use std::path::Path;

use expr::Data;
use source::{Diagnostic, Format, Span};

use crate::exit::Failure;
use crate::limits::{FILE_BYTES_MAX, PAYLOAD_BYTES_MAX};
use crate::sources::{SourceFile, read_bounded, shown};
use crate::terminal::clean;

/// What JSON takes for white space.
const WHITE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The input that `--input` names: `-` is standard input, then an existing file, then JSON itself.
/// Without it the default file, or else `{}`.
///
/// # Errors
/// What cannot be read, is no JSON (with its place) or is larger than [`PAYLOAD_BYTES_MAX`].
pub(crate) fn read(input: Option<&str>, default: Option<&Path>) -> Result<Data, Failure> {
    match (input, default) {
        (Some("-"), _) => read_stdin(),
        (Some(given), _) => read_given("--input", given),
        (None, Some(path)) => read_file(path),
        (None, None) => Ok(Data::empty_object()),
    }
}

/// The JSON in a file.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_file(path: &Path) -> Result<Data, Failure> {
    let bytes = read_bounded(path, FILE_BYTES_MAX)?;
    document(&shown(path), bytes)
}

/// JSON that stands on the command line, behind the option `what`.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_text(what: &str, text: &str) -> Result<Data, Failure> {
    document(what, text.as_bytes().to_vec())
}

fn read_stdin() -> Result<Data, Failure> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .take(FILE_BYTES_MAX)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::usage(format!("cannot read standard input: {error}")))?;
    document("<stdin>", bytes)
}

/// A file that is there, else JSON. What is neither was probably meant to be a file.
fn read_given(what: &str, given: &str) -> Result<Data, Failure> {
    let path = Path::new(given);
    if path.exists() {
        return read_file(path);
    }
    let is_json = given.trim_start_matches(WHITE).starts_with(['{', '[', '"']);
    if is_json || serde_json::from_str::<serde_json::Value>(given).is_ok() {
        return read_text(what, given);
    }
    let text = format!(
        "{what} {}: there is no such file, and this is no JSON",
        clean(given)
    );
    Err(Failure::usage(text).with_help(format!(
        "{what} takes a file, JSON, or - for standard input"
    )))
}

fn document(name: &str, bytes: Vec<u8>) -> Result<Data, Failure> {
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::usage(format!("{} is not text in UTF-8", clean(name))))?;
    let mut file = SourceFile::new(name, text, None);
    file.format = Format::Json;
    let kept = file.text.trim_matches(WHITE);
    if kept.len() > PAYLOAD_BYTES_MAX {
        // Of standard input no more than this much was read.
        let size = match u64::try_from(kept.len()) {
            Ok(size) if size < FILE_BYTES_MAX => format!("has {size} bytes"),
            _ => "is too large".to_owned(),
        };
        let text = format!(
            "{} {size}; the limit of a state's input and output is {} bytes",
            clean(name),
            with_commas(PAYLOAD_BYTES_MAX)
        );
        return Err(Failure::usage(text));
    }
    Data::parse(kept).map_err(|error| not_json(&file, &error))
}

/// Where the text stops being JSON. The parser with places decides, unless it has nothing to say.
fn not_json(file: &SourceFile, error: &serde_json::Error) -> Failure {
    let diagnostic = source::parse(&file.text, Format::Json)
        .err()
        .unwrap_or_else(|| {
            Diagnostic::error(source::code::SYNTAX, error.to_string())
                .with_span(place_of(&file.text, error))
        });
    let text = format!(
        "{} is not JSON\n\n{}",
        clean(&file.name),
        file.render(&[diagnostic]).trim_end()
    );
    Failure::usage(text)
}

/// serde_json counts lines from 1 and columns in bytes from 1, behind the white space that was cut.
fn place_of(text: &str, error: &serde_json::Error) -> Span {
    let start = text.len() - text.trim_start_matches(WHITE).len();
    let kept = text.get(start..).unwrap_or_default();
    let lines_before = error.line().saturating_sub(1);
    let line_start: usize = kept
        .split_inclusive('\n')
        .take(lines_before)
        .map(str::len)
        .sum();
    Span::at(start + line_start + error.column().saturating_sub(1))
}

/// `262144` → `262,144`.
fn with_commas(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(failure: &Failure) -> String {
        anstream::adapter::strip_str(&failure.text).to_string()
    }

    #[test]
    fn without_an_input_the_folder_decides_and_then_it_is_empty() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("default.json");
        std::fs::write(&file, "\u{feff} {\"total\": 1.50}\n").unwrap();
        assert_eq!(read(None, Some(&file)).unwrap().text(), "{\"total\": 1.50}");
        assert_eq!(read(None, None).unwrap().text(), "{}");
    }

    #[test]
    fn a_file_that_is_there_goes_before_json() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("7");
        std::fs::write(&file, "[1]").unwrap();
        assert_eq!(read(file.to_str(), None).unwrap().text(), "[1]");
        for text in ["{ \"a\": 1 }", "[]", "\"x\"", "7", "-1.0", "null", "true"] {
            assert_eq!(read(Some(text), None).unwrap().text(), text);
        }
    }

    #[test]
    fn bad_json_is_shown_with_its_place() {
        let failure = read(Some("\n{\"a\": 1,\n \"b\": }"), None).unwrap_err();
        let text = shown(&failure);
        assert!(
            text.starts_with("--input is not JSON\n\nerror[INVALID_JSON_DESCRIPTION]: "),
            "{text}"
        );
        assert!(text.contains("--> --input:3:7\n"), "{text}");
        assert!(text.contains("^"), "{text}");
    }

    #[test]
    fn what_only_serde_refuses_has_a_place_too() {
        let deep = format!("\n {}1{}", "[".repeat(128), "]".repeat(128));
        let text = shown(&read(Some(&deep), None).unwrap_err());
        assert!(text.contains("--> --input:2:"), "{text}");
    }

    #[test]
    fn what_is_neither_file_nor_json_is_told_both() {
        let failure = read(Some("inputs/nope.json"), None).unwrap_err();
        let text = "--input inputs/nope.json: there is no such file, and this is no JSON";
        assert_eq!(failure.text, text);
        assert!(failure.help.unwrap().contains("- for standard input"));
    }

    #[test]
    fn the_limit_counts_the_text_without_the_white_space_around_it() {
        let fits = format!("\"{}\"", "x".repeat(PAYLOAD_BYTES_MAX - 2));
        assert!(read_text("--input", &format!("\n{fits}\n")).is_ok());
        let failure = read_text("--input", &format!("{fits} 1")).unwrap_err();
        assert_eq!(
            failure.text,
            "--input has 262146 bytes; the limit of a state's input and output is 262,144 bytes"
        );
    }
}
