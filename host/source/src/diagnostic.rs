//! What is wrong with a text, and where.

use crate::Span;

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The text cannot be used.
    Error,
    /// The text can be used and probably does not do what was meant.
    Warning,
}

/// One finding. `message` and `location` are what the service's API says; `label` and `help` are for
/// the person in front of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave it is.
    pub severity: Severity,
    /// The service's code name, `SCHEMA_VALIDATION_FAILED` and so on, or a name of ours in its manner.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// The bytes it is about; `None`: the text as a whole.
    pub span: Option<Span>,
    /// Short text beside the caret.
    pub label: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The place as the service prints it, `/States/X/Next`.
    pub location: Option<String>,
    /// Other places that matter, each with a short text: "first here".
    pub related: Vec<(Span, String)>,
}

impl Diagnostic {
    /// An error with nothing but its code and message.
    pub fn error(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            message: message.into(),
            span: None,
            label: None,
            help: None,
            location: None,
            related: Vec::new(),
        }
    }

    /// A warning with nothing but its code and message.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, message)
        }
    }

    /// The same, about these bytes.
    #[must_use]
    pub fn with_span(mut self, span: Span) -> Diagnostic {
        self.span = Some(span);
        self
    }

    /// The same, with a text beside the caret.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = Some(label.into());
        self
    }

    /// The same, with a word on what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// The same, with the place as the service prints it.
    #[must_use]
    pub fn with_location(mut self, location: impl Into<String>) -> Diagnostic {
        self.location = Some(location.into());
        self
    }

    /// The same, with one more place that matters.
    #[must_use]
    pub fn with_related(mut self, span: Span, note: impl Into<String>) -> Diagnostic {
        self.related.push((span, note.into()));
        self
    }
}
