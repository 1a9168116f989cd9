//! The problems of several files: shown, counted, and as JSON for programs.

use serde_json::{Value, json};
use source::{Diagnostic, Severity, Span, position};

use crate::sources::SourceFile;

/// What there is to say of one file.
#[derive(Clone, Debug)]
pub struct Report {
    /// The file.
    pub file: SourceFile,
    /// Its problems.
    pub diagnostics: Vec<Diagnostic>,
}

/// How many there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// What refuses a file.
    pub errors: usize,
    /// What is only told.
    pub warnings: usize,
}

/// One report for each file, by name, in the order of their first; each problem once and in the order
/// of the text. Several files may have been checked against one another, or one of them twice.
pub fn merge(reports: Vec<Report>) -> Vec<Report> {
    let mut merged: Vec<Report> = Vec::new();
    for report in reports {
        match merged
            .iter_mut()
            .find(|known| known.file.name == report.file.name)
        {
            Some(known) => {
                for diagnostic in report.diagnostics {
                    if !known.diagnostics.contains(&diagnostic) {
                        known.diagnostics.push(diagnostic);
                    }
                }
            }
            None => merged.push(report),
        }
    }
    for report in &mut merged {
        // Stable; what has no place comes last.
        let place = |diagnostic: &Diagnostic| diagnostic.span.map_or(usize::MAX, |span| span.start);
        report.diagnostics.sort_by_key(place);
    }
    merged
}

/// Counts the diagnostics of all files.
pub fn count(reports: &[Report]) -> Count {
    let mut count = Count::default();
    for diagnostic in reports.iter().flat_map(|report| &report.diagnostics) {
        match diagnostic.severity {
            Severity::Error => count.errors += 1,
            Severity::Warning => count.warnings += 1,
        }
    }
    count
}

/// All of them as text, a blank line between each two; empty when there are none.
pub fn render(reports: &[Report]) -> String {
    let texts: Vec<String> = reports
        .iter()
        .filter(|report| !report.diagnostics.is_empty())
        .map(|report| report.file.render(&report.diagnostics))
        .collect();
    texts.join("\n")
}

/// All of them as `{"result", "errors", "warnings", "diagnostics": […]}`. `severity`, `code`,
/// `message` and `location` are those of the service's `ValidateStateMachineDefinition`.
pub fn to_json(reports: &[Report], is_ok: bool) -> Value {
    let count = count(reports);
    let diagnostics: Vec<Value> = reports
        .iter()
        .flat_map(|report| {
            report
                .diagnostics
                .iter()
                .map(|diagnostic| one(&report.file, diagnostic))
        })
        .collect();
    json!({
        "result": if is_ok { "OK" } else { "FAIL" },
        "errors": count.errors,
        "warnings": count.warnings,
        "diagnostics": diagnostics,
    })
}

fn one(file: &SourceFile, diagnostic: &Diagnostic) -> Value {
    let mut value = json!({
        "severity": match diagnostic.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
        },
        "code": diagnostic.code,
        "message": diagnostic.message,
        "file": file.name,
    });
    let mut put = |name: &str, text: Value| {
        if let Some(members) = value.as_object_mut() {
            members.insert(name.to_owned(), text);
        }
    };
    if let Some(location) = &diagnostic.location {
        put("location", location.as_str().into());
    }
    if let Some(span) = diagnostic.span {
        let (start, end) = place(file, span);
        put("start", start);
        put("end", end);
    }
    if let Some(help) = &diagnostic.help {
        put("help", help.as_str().into());
    }
    value
}

/// Lines and columns count from 1, columns in characters; `offset` counts bytes from 0.
fn place(file: &SourceFile, span: Span) -> (Value, Value) {
    let at = |offset: usize| {
        let place = position(&file.text, offset);
        json!({ "line": place.line, "column": place.column, "offset": offset })
    };
    (at(span.start), at(span.end))
}

/// `2 errors, 1 warning`; what there is none of is left out.
impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let named = |number: usize, word: &str| match number {
            0 => None,
            1 => Some(format!("1 {word}")),
            _ => Some(format!("{number} {word}s")),
        };
        let counts = [named(self.errors, "error"), named(self.warnings, "warning")];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        match counts.is_empty() {
            true => f.write_str("no problems"),
            false => f.write_str(&counts.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(name: &str, at: &[usize]) -> Report {
        let problem = |&start: &usize| {
            Diagnostic::warning("CODE", format!("at {start}"))
                .with_span(Span::new(start, start + 1))
        };
        Report {
            file: SourceFile::new(name, "a\nb\nc\n".to_owned(), None),
            diagnostics: at.iter().map(problem).collect(),
        }
    }

    #[test]
    fn a_file_that_was_checked_twice_is_shown_once_in_the_order_of_its_text() {
        let merged = merge(vec![
            report("a", &[4]),
            report("b", &[0]),
            report("a", &[2, 4]),
        ]);
        let places = |index: usize| -> Vec<usize> {
            let spans = merged[index]
                .diagnostics
                .iter()
                .filter_map(|found| found.span);
            spans.map(|span| span.start).collect()
        };
        assert_eq!(
            (merged.len(), places(0), places(1)),
            (2, vec![2, 4], vec![0])
        );
        assert_eq!(count(&merged).to_string(), "3 warnings");
        assert_eq!(count(&[]).to_string(), "no problems");
    }

    #[test]
    fn programs_get_places_counted_from_one() {
        let document = to_json(&[report("a", &[2])], false);
        assert_eq!(document["result"], "FAIL");
        let found = &document["diagnostics"][0];
        assert_eq!(found["severity"], "WARNING");
        assert_eq!(found["file"], "a");
        assert_eq!(
            found["start"],
            json!({ "line": 2, "column": 1, "offset": 2 })
        );
    }
}
