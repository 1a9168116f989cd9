//! Which fields each state type takes in which mode (ASL.md §1.2).

use source::Member;

use super::context::Context;
use super::fields::{Object, unknown_field};
use super::{language, unavailable};
use crate::{QueryLanguage, suggest};

/// The state types, in the service's order.
pub(super) const TYPES: [&str; 8] = [
    "Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map",
];

const COMMON: [&str; 3] = ["Type", "Comment", "QueryLanguage"];

/// The fields of each type beside the common ones, in JSONata.
const JSONATA: [(&str, &[&str]); 8] = [
    (
        "Task",
        &[
            "Resource",
            "Arguments",
            "Output",
            "TimeoutSeconds",
            "HeartbeatSeconds",
            "Credentials",
            "Retry",
            "Catch",
            "Assign",
            "Next",
            "End",
        ],
    ),
    ("Pass", &["Output", "Assign", "Next", "End"]),
    ("Choice", &["Choices", "Default", "Output", "Assign"]),
    (
        "Wait",
        &["Seconds", "Timestamp", "Output", "Assign", "Next", "End"],
    ),
    ("Succeed", &["Output"]),
    ("Fail", &["Error", "Cause"]),
    (
        "Parallel",
        &[
            "Branches",
            "Arguments",
            "Output",
            "Retry",
            "Catch",
            "Assign",
            "Next",
            "End",
        ],
    ),
    (
        "Map",
        &[
            "ItemProcessor",
            "Iterator",
            "Items",
            "ItemSelector",
            "MaxConcurrency",
            "Output",
            "Retry",
            "Catch",
            "Assign",
            "Next",
            "End",
        ],
    ),
];

/// The same in JSONPath.
const OWN: [(&str, &[&str]); 8] = [
    (
        "Task",
        &[
            "Resource",
            "Parameters",
            "InputPath",
            "OutputPath",
            "ResultSelector",
            "ResultPath",
            "TimeoutSeconds",
            "TimeoutSecondsPath",
            "HeartbeatSeconds",
            "HeartbeatSecondsPath",
            "Credentials",
            "Retry",
            "Catch",
            "Assign",
            "Next",
            "End",
        ],
    ),
    (
        "Pass",
        &[
            "Result",
            "Parameters",
            "InputPath",
            "OutputPath",
            "ResultPath",
            "Assign",
            "Next",
            "End",
        ],
    ),
    (
        "Choice",
        &["Choices", "Default", "InputPath", "OutputPath", "Assign"],
    ),
    (
        "Wait",
        &[
            "Seconds",
            "SecondsPath",
            "Timestamp",
            "TimestampPath",
            "InputPath",
            "OutputPath",
            "Assign",
            "Next",
            "End",
        ],
    ),
    ("Succeed", &["InputPath", "OutputPath"]),
    ("Fail", &["Error", "ErrorPath", "Cause", "CausePath"]),
    (
        "Parallel",
        &[
            "Branches",
            "Parameters",
            "InputPath",
            "OutputPath",
            "ResultSelector",
            "ResultPath",
            "Retry",
            "Catch",
            "Assign",
            "Next",
            "End",
        ],
    ),
    (
        "Map",
        &[
            "ItemProcessor",
            "Iterator",
            "ItemsPath",
            "ItemSelector",
            "Parameters",
            "MaxConcurrency",
            "MaxConcurrencyPath",
            "InputPath",
            "OutputPath",
            "ResultSelector",
            "ResultPath",
            "Retry",
            "Catch",
            "Assign",
            "Next",
            "End",
        ],
    ),
];

/// The fields of a type beside the common ones; none for a type that does not exist.
fn own_fields(kind: &str, language: QueryLanguage) -> &'static [&'static str] {
    let fields = match language {
        QueryLanguage::JsonPath => &OWN,
        QueryLanguage::Jsonata => &JSONATA,
    };
    fields
        .iter()
        .find(|(name, _)| *name == kind)
        .map_or(&[], |(_, fields)| *fields)
}

/// Reports every field of a state that its type does not take.
pub(super) fn check<'a>(state: &Object<'a>, kind: &str, cx: &mut Context<'a>) {
    let own = own_fields(kind, cx.language);
    let known = [own, &COMMON].concat();
    let is_map = kind == "Map";
    for member in state.members {
        let name = member.key.as_str();
        let is_reported_elsewhere = language::is_foreign(name, cx)
            || (is_map && unavailable::DISTRIBUTED_FIELDS.contains(&name));
        if !known.contains(&name) && !is_reported_elsewhere {
            match cx.report.is_full() {
                true => cx.report.cut(),
                false => cx
                    .report
                    .push(unsupported(member, kind, &known, state, cx.language)),
            }
        }
    }
    language::foreign_fields(state, own, cx);
    if is_map {
        unavailable::distributed_fields(state, cx);
    }
}

fn unsupported(
    member: &Member,
    kind: &str,
    known: &[&str],
    state: &Object<'_>,
    language: QueryLanguage,
) -> source::Diagnostic {
    let article = if kind.starts_with(['A', 'E', 'I', 'O']) {
        "an"
    } else {
        "a"
    };
    let diagnostic = unknown_field(
        member,
        known,
        &format!("{article} {kind} state"),
        &state.location,
    );
    let owners: Vec<&str> = TYPES
        .into_iter()
        .filter(|kind| own_fields(kind, language).contains(&member.key.as_str()))
        .collect();
    match owners.is_empty() {
        true => diagnostic,
        false => diagnostic.with_help(format!("`{}` is for {}", member.key, suggest::list(owners))),
    }
}
