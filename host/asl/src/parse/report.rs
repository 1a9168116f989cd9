//! Where diagnostics are gathered.

use source::{Diagnostic, Severity, Span};

use crate::{code, limits};

/// All that was found so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    found: Vec<Diagnostic>,
    cut: usize,
    has_errors: bool,
}

impl Report {
    pub(super) fn push(&mut self, diagnostic: Diagnostic) {
        self.has_errors |= diagnostic.severity == Severity::Error;
        match self.is_full() {
            true => self.cut += 1,
            false => self.found.push(diagnostic),
        }
    }

    /// Whether what comes now is only counted.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= limits::DIAGNOSTICS_MAX
    }

    /// Counts an error that there is no room for; see [`Report::is_full`].
    pub(super) fn cut(&mut self) {
        self.has_errors = true;
        self.cut += 1;
    }

    pub(super) fn has_errors(&self) -> bool {
        self.has_errors
    }

    /// In the order of the text; what has no place comes last.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.found
            .sort_by_key(|diagnostic| diagnostic.span.map_or(usize::MAX, |span| span.start));
        if self.cut > 0 {
            let message = format!("There are {} more problems that are not shown", self.cut);
            self.found
                .push(Diagnostic::error(code::SCHEMA_VALIDATION_FAILED, message));
        }
        self.found
    }
}

/// A schema error at a place: the code that most of them have.
pub(super) fn schema(message: impl Into<String>, span: Span, location: &str) -> Diagnostic {
    Diagnostic::error(code::SCHEMA_VALIDATION_FAILED, message)
        .with_span(span)
        .with_location(if location.is_empty() { "/" } else { location })
}
