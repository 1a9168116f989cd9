//! What the language has and this version has not yet: distributed Map. Each place that asks for it gets one
//! clear diagnostic and is otherwise left alone.

use source::Diagnostic;

use super::context::Context;
use super::fields::{Field, Object};
use crate::code;

/// Fields that only a distributed Map has.
pub(super) const DISTRIBUTED_FIELDS: [&str; 8] = [
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
];

/// Reports the fields of a distributed Map.
pub(super) fn distributed_fields<'a>(state: &Object<'a>, cx: &mut Context<'a>) {
    for name in DISTRIBUTED_FIELDS {
        if let Some(field) = state.get(name) {
            let diagnostic = not_available("Distributed Map", &field);
            cx.report.push(
                diagnostic
                    .with_span(field.key_span)
                    .with_label("a field of distributed Map"),
            );
        }
    }
}

pub(super) fn not_available(what: &str, field: &Field<'_>) -> Diagnostic {
    Diagnostic::error(code::NOT_AVAILABLE, format!("{what} is not available yet"))
        .with_span(field.node.span)
        .with_location(&field.location)
}
