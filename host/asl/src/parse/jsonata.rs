//! JSONata: payloads, expressions in the place of numbers and texts (ASL.md §1.5).

use expr::jsonata::{self, Available, Jsonata, JsonataError, JsonataFault, JsonataTemplate};
use source::{Diagnostic, Span};

use super::context::Context;
use super::fields::Field;
use crate::{QueryLanguage, code};

/// Where only `$states.input` and `$states.context` are.
pub(super) const ENTRY: Available = Available {
    result: false,
    error_output: false,
};

/// Where the result is, too.
pub(super) const RESULT: Available = Available {
    result: true,
    error_output: false,
};

/// Where the Error Output is, too.
pub(super) const ERROR: Available = Available {
    result: false,
    error_output: true,
};

/// A payload. Everything wrong in its expressions is reported.
pub(super) fn template<'a>(
    field: &Field<'a>,
    available: Available,
    cx: &mut Context<'a>,
) -> Option<JsonataTemplate> {
    match JsonataTemplate::compile(&field.node.to_value(), available) {
        Ok(template) => {
            for (pointer, expression) in template.expressions() {
                let span = span_of(field, &pointer);
                note_variables(expression, span, &field.location, cx);
            }
            Some(template)
        }
        Err(errors) => {
            for error in errors {
                let span = span_of(field, &error.pointer);
                let location = format!("{}{}", field.location, error.path);
                refuse(&error.error, span, &location, cx);
            }
            None
        }
    }
}

/// The expression that stands in the place of a number or a text; `None`: none does. `Some(None)`: one does
/// and is not good.
pub(super) fn expression<'a>(
    field: &Field<'a>,
    available: Available,
    cx: &mut Context<'a>,
) -> Option<Option<Jsonata>> {
    if cx.language != QueryLanguage::Jsonata {
        return None;
    }
    let body = jsonata::body(field.node.as_str()?)?;
    Some(match Jsonata::parse(body, available) {
        Ok(expression) => {
            note_variables(&expression, field.node.span, &field.location, cx);
            Some(expression)
        }
        Err(errors) => {
            for error in errors {
                refuse(&error, field.node.span, &field.location, cx);
            }
            None
        }
    })
}

fn span_of(field: &Field<'_>, pointer: &str) -> Span {
    let found = field.node.pointer(pointer);
    found.map_or(field.node.span, |(node, _)| node.span)
}

fn note_variables(expression: &Jsonata, span: Span, location: &str, cx: &mut Context<'_>) {
    for name in expression.variables() {
        cx.read_variable(name, span, location);
    }
}

fn refuse(error: &JsonataError, span: Span, location: &str, cx: &mut Context<'_>) {
    if cx.report.is_full() {
        cx.report.cut();
        return;
    }
    let code = match error.fault {
        JsonataFault::Invalid => code::INVALID_JSONATA_EXPRESSION,
        JsonataFault::Unsupported => code::UNSUPPORTED_JSONATA_EXPRESSION,
    };
    let diagnostic = Diagnostic::error(code, error.message.as_str())
        .with_span(span)
        .with_location(location);
    cx.report.push(match error.fault {
        JsonataFault::Invalid => diagnostic,
        JsonataFault::Unsupported => diagnostic.with_help(
            "the input is `$states.input`, a result `$states.result`, a caught error `$states.errorOutput`, a variable `$name`",
        ),
    });
}
