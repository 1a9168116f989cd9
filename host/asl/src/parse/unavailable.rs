//! What the language has and this version has not yet: JSONata and distributed Map. Each place that
//! asks for it gets one clear diagnostic and is otherwise left alone.

use source::Diagnostic;

use super::context::Context;
use super::fields::{Field, Object};
use super::report::schema;
use crate::code;

/// Fields of JSONata states and rules.
const JSONATA_FIELDS: [&str; 4] = ["Arguments", "Output", "Items", "Condition"];

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

/// The query language of an object that may set one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QueryLanguage {
    JsonPath,
    Jsonata,
}

/// Reads `QueryLanguage`; `default` where it is absent. JSONata is reported as not available.
pub(super) fn query_language<'a>(
    object: &Object<'a>,
    default: QueryLanguage,
    cx: &mut Context<'a>,
) -> QueryLanguage {
    let Some(field) = object.get("QueryLanguage") else {
        return default;
    };
    match field.word(&["JSONPath", "JSONata"], &mut cx.report) {
        Some("JSONata") => {
            cx.report
                .push(not_available("QueryLanguage JSONata", &field));
            QueryLanguage::Jsonata
        }
        Some(_) if default == QueryLanguage::Jsonata => {
            cx.report.push(
                schema(
                    "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
                    field.node.span,
                    &object.location,
                )
                .with_help("set JSONata state by state, and leave the whole machine at JSONPath"),
            );
            QueryLanguage::Jsonata
        }
        Some(_) | None => default,
    }
}

/// Reports fields of JSONata in a JSONPath object, in the service's words.
pub(super) fn jsonata_fields<'a>(object: &Object<'a>, cx: &mut Context<'a>) {
    for name in JSONATA_FIELDS {
        let Some(field) = object.get(name) else {
            continue;
        };
        let message = format!(
            "The QueryLanguage is set to 'JSONPath', but field '{name}' is only supported for the 'JSONata' QueryLanguage"
        );
        let instead = match name {
            "Arguments" => "in JSONPath the field is `Parameters`",
            "Items" => "in JSONPath the field is `ItemsPath`",
            "Condition" => "in JSONPath a rule has a `Variable` and a comparison",
            _ => "in JSONPath use `ResultSelector`, `ResultPath` and `OutputPath`",
        };
        cx.report.push(
            schema(message, field.key_span, &object.location)
                .with_label("a field of JSONata")
                .with_help(instead),
        );
    }
}

/// Whether the field is one of JSONata alone; these are reported by [`jsonata_fields`].
pub(super) fn is_jsonata_field(name: &str) -> bool {
    JSONATA_FIELDS.contains(&name)
}

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
