//! `QueryLanguage` (ASL.md §1.3), and the fields that only one of the languages has.

use super::context::Context;
use super::fields::Object;
use super::report::schema;
use crate::QueryLanguage;

/// Fields of JSONata states, rules and catchers, with what JSONPath has in their place.
const JSONATA_FIELDS: [(&str, &str); 4] = [
    ("Arguments", "in JSONPath the field is `Parameters`"),
    (
        "Output",
        "in JSONPath use `ResultSelector`, `ResultPath` and `OutputPath`",
    ),
    ("Items", "in JSONPath the field is `ItemsPath`"),
    (
        "Condition",
        "in JSONPath a rule has a `Variable` and a comparison",
    ),
];

const COMPUTED: &str = "in JSONata the field without `Path` takes an expression `{% … %}`";

/// The same the other way round.
const JSONPATH_FIELDS: [(&str, &str); 23] = [
    ("InputPath", "in JSONata expressions read `$states.input`"),
    ("OutputPath", "in JSONata the field is `Output`"),
    ("Parameters", "in JSONata the field is `Arguments`"),
    (
        "ResultSelector",
        "in JSONata the field is `Output`, which reads `$states.result`",
    ),
    (
        "ResultPath",
        "in JSONata the field is `Output`, for example `{% $merge([$states.input, …]) %}`",
    ),
    ("Result", "in JSONata the field is `Output`"),
    ("ItemsPath", "in JSONata the field is `Items`"),
    ("Variable", "in JSONata a rule has a `Condition`"),
    ("And", "in JSONata a rule has a `Condition`"),
    ("Or", "in JSONata a rule has a `Condition`"),
    ("Not", "in JSONata a rule has a `Condition`"),
    ("TimeoutSecondsPath", COMPUTED),
    ("HeartbeatSecondsPath", COMPUTED),
    ("SecondsPath", COMPUTED),
    ("TimestampPath", COMPUTED),
    ("ErrorPath", COMPUTED),
    ("CausePath", COMPUTED),
    ("MaxConcurrencyPath", COMPUTED),
    ("ToleratedFailureCountPath", COMPUTED),
    ("ToleratedFailurePercentagePath", COMPUTED),
    ("MaxItemsPath", COMPUTED),
    ("MaxItemsPerBatchPath", COMPUTED),
    ("MaxInputBytesPerBatchPath", COMPUTED),
];

/// Reads `QueryLanguage`; `default` where it is absent.
pub(super) fn read<'a>(
    object: &Object<'a>,
    default: QueryLanguage,
    cx: &mut Context<'a>,
) -> QueryLanguage {
    let Some(field) = object.get("QueryLanguage") else {
        return default;
    };
    match field.word(&["JSONPath", "JSONata"], &mut cx.report) {
        Some("JSONata") => QueryLanguage::Jsonata,
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

/// Fields that the language of the current state does not have.
fn foreign(cx: &Context<'_>) -> &'static [(&'static str, &'static str)] {
    match cx.language {
        QueryLanguage::JsonPath => &JSONATA_FIELDS,
        QueryLanguage::Jsonata => &JSONPATH_FIELDS,
    }
}

/// Whether the field is one of the other language; these are reported by [`foreign_fields`].
pub(super) fn is_foreign(name: &str, cx: &Context<'_>) -> bool {
    foreign(cx).iter().any(|(field, _)| *field == name)
}

/// Reports fields of the other language, in the service's words. `but`: those that are none here.
pub(super) fn foreign_fields<'a>(object: &Object<'a>, but: &[&str], cx: &mut Context<'a>) {
    let (own, other) = match cx.language {
        QueryLanguage::JsonPath => ("JSONPath", "JSONata"),
        QueryLanguage::Jsonata => ("JSONata", "JSONPath"),
    };
    for (name, instead) in foreign(cx) {
        let Some(field) = object.get(name).filter(|_| !but.contains(name)) else {
            continue;
        };
        let message = format!(
            "The QueryLanguage is set to '{own}', but field '{name}' is only supported for the '{other}' QueryLanguage"
        );
        cx.report.push(
            schema(message, field.key_span, &object.location)
                .with_label(format!("a field of {other}"))
                .with_help(*instead),
        );
    }
}
