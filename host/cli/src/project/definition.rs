//! A definition: its text, what the parser made of it, and what it calls.

use std::path::Path;

use asl::StateMachine;
use serde_json::Value;
use source::{Diagnostic, Format, Span};

use super::calls::{self, Call};
use super::target::folder_of;
use crate::diagnostics::Report;
use crate::exit::Failure;
use crate::sources::SourceFile;

/// The name of a machine whose file has no name that could be one.
const NAMELESS: &str = "definition";

/// A definition that was read.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// The name that its file suggests, legal in an ARN.
    pub(crate) name: String,
    /// Its text with every problem, in the order of the text.
    pub(crate) report: Report,
    /// `Some` exactly when no problem is an error.
    pub(crate) machine: Option<StateMachine>,
    /// The functions that it calls; empty if it has errors.
    pub(crate) calls: Vec<Call>,
}

impl Definition {
    /// Reads a file.
    pub(crate) fn read(path: &Path, options: asl::Options) -> Result<Definition, Failure> {
        let file = SourceFile::read(path)?;
        let text = file.text.clone();
        Ok(parse(machine_name(path), file, &text, options))
    }

    /// A definition that stands in a template, whose problems are shown there.
    pub(crate) fn inline(
        name: &str,
        file: &SourceFile,
        value: &Value,
        span: Span,
        options: asl::Options,
    ) -> Definition {
        let text = blanked(&file.text, span);
        let is_same = source::parse(&text, file.format).is_ok_and(|root| root.to_value() == *value);
        if is_same {
            return parse(name.to_owned(), file.clone(), &text, options);
        }
        // An alias of YAML reaches out of the definition: show the value by itself.
        let text = format!("{value:#}");
        let file = SourceFile {
            name: format!("{} (definition of {name})", file.name),
            text: text.clone(),
            format: Format::Json,
        };
        parse(name.to_owned(), file, &text, options)
    }
}

/// `text` is what the parser gets; its offsets are those of the file's text.
fn parse(name: String, file: SourceFile, text: &str, options: asl::Options) -> Definition {
    let parsed = asl::parse_with(text, file.format, options);
    let calls = match &parsed.machine {
        Some(_) => source::parse(text, file.format)
            .map(|root| calls::find(&root))
            .unwrap_or_default(),
        None => Vec::new(),
    };
    Definition {
        name,
        report: Report {
            file,
            diagnostics: parsed.diagnostics,
        },
        machine: parsed.machine,
        calls,
    }
}

/// The text up to the end of the span, everything before it turned into spaces and line ends: what
/// is left is in the same place as before.
fn blanked(text: &str, span: Span) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    let mut blank: String = before
        .bytes()
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect();
    blank.push_str(span.of(text));
    blank
}

/// `orders.asl.json` → `orders`; `orders/definition.asl.json` → `orders`. What may not stand in a name
/// becomes `-`.
fn machine_name(file: &Path) -> String {
    let stem = stem(file);
    if stem != NAMELESS {
        return legal(&stem);
    }
    let folder = folder_of(file).canonicalize().unwrap_or_default();
    legal(&folder.file_name().unwrap_or_default().to_string_lossy())
}

fn stem(file: &Path) -> String {
    let mut name = &*file.file_name().unwrap_or_default().to_string_lossy();
    for end in [".json", ".yaml", ".yml", ".asl"] {
        name = name.strip_suffix(end).unwrap_or(name);
    }
    name.to_owned()
}

fn legal(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| {
            if api::names::check_name(c.encode_utf8(&mut [0; 4])).is_ok() {
                c
            } else {
                '-'
            }
        })
        .take(api::limits::NAME_CHARS_MAX)
        .collect();
    match name.is_empty() {
        true => NAMELESS.to_owned(),
        false => name,
    }
}

/// The problem of a definition that a template names and that cannot be read.
pub(super) fn unreadable(machine: &template::StateMachine, reason: &str) -> Diagnostic {
    let message = format!("The definition of `{}` cannot be read", machine.name);
    Diagnostic::error(super::template_file::DEFINITION_NOT_FOUND, message)
        .with_span(machine.span)
        .with_label("`DefinitionUri` is a path, relative to the template")
        .with_help(reason)
        .with_location(format!(
            "/Resources/{}/Properties/DefinitionUri",
            machine.logical_id
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_named_after_its_file() {
        let name = |path: &str| machine_name(Path::new(path));
        assert_eq!(
            name("a/order-from-the-wild.asl.json"),
            "order-from-the-wild"
        );
        assert_eq!(name("my order.v2.yaml"), "my-order.v2");
        assert_eq!(name(".json"), "definition");
        assert_eq!(name(&format!("{}.asl", "x".repeat(90))), "x".repeat(80));
    }

    #[test]
    fn a_file_without_a_name_of_its_own_takes_that_of_its_folder() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("nightly batch");
        std::fs::create_dir(&folder).unwrap();
        assert_eq!(
            machine_name(&folder.join("definition.asl.yaml")),
            "nightly-batch"
        );
    }

    #[test]
    fn what_is_left_of_a_blanked_text_stays_in_its_place() {
        let text = "é: 1\nD:\n  StartAt: A\nrest: 2\n";
        let start = text.find("StartAt").unwrap();
        let span = Span::new(start, start + "StartAt: A".len());
        let blank = blanked(text, span);
        assert_eq!(blank, "     \n  \n  StartAt: A");
        assert_eq!(blank.find("StartAt"), Some(start));
    }
}
