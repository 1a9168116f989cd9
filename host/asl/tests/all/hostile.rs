//! Definitions made to hurt: no panic and no endless work, whatever they say.

use proptest::prelude::*;
use serde_json::{Value, json};
use source::{Format, Severity};

/// Parses and renders, and checks that a machine comes out exactly when nothing is an error.
fn survive(text: &str) {
    for format in [Format::Json, Format::Yaml] {
        let parsed = asl::parse_with(text, format, asl::Options { pedantic: true });
        let has_errors = parsed
            .diagnostics
            .iter()
            .any(|found| found.severity == Severity::Error);
        assert_eq!(parsed.machine.is_none(), has_errors, "{text}");
        source::render("f", text, &parsed.diagnostics, false);
    }
}

/// Values of the wrong kind, odd strings, odd objects.
fn oddity() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(-1), Just(0), Just(1), Just(i64::MAX)].prop_map(Value::from),
        Just(json!(1.5)),
        Just(json!([])),
        Just(json!({})),
        Just(json!({"a.$": "$.x", "a": 1})),
        Just(json!([{"ErrorEquals": ["States.ALL"], "Next": "A"}])),
        Just(json!([{"Variable": "$.a", "IsNull": true, "Next": "B"}])),
        Just(json!({"StartAt": "X", "States": {"X": {"Type": "Succeed"}}})),
        prop_oneof![
            Just("A"),
            Just("B"),
            Just(""),
            Just("$"),
            Just("$.a"),
            Just("$$"),
            Just("$v"),
            Just("States.UUID()"),
            Just("{% 1 %}"),
            Just("arn:aws:states:::lambda:invoke"),
            Just("2016-03-14T01:59:00Z"),
            Just("Ä\u{1f600}[")
        ]
        .prop_map(Value::from),
    ]
}

const FIELDS: [&str; 44] = [
    "Type",
    "Next",
    "End",
    "Comment",
    "QueryLanguage",
    "InputPath",
    "OutputPath",
    "Parameters",
    "ResultSelector",
    "ResultPath",
    "Result",
    "Arguments",
    "Output",
    "Assign",
    "Retry",
    "Catch",
    "Error",
    "Cause",
    "ErrorPath",
    "CausePath",
    "Resource",
    "TimeoutSeconds",
    "HeartbeatSeconds",
    "Credentials",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "Seconds",
    "Timestamp",
    "SecondsPath",
    "TimestampPath",
    "Choices",
    "Default",
    "Branches",
    "ItemProcessor",
    "Iterator",
    "ItemsPath",
    "Items",
    "ItemSelector",
    "MaxConcurrency",
    "MaxConcurrencyPath",
    "Label",
    "ItemReader",
    "Nxet",
    "é",
];

const TYPES: [&str; 9] = [
    "Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map", "Nothing",
];

fn odd_state() -> impl Strategy<Value = Value> {
    let fields = prop::collection::vec((prop::sample::select(&FIELDS[..]), oddity()), 0..8);
    (prop::sample::select(&TYPES[..]), fields).prop_map(|(kind, fields)| {
        let mut state = json!({ "Type": kind });
        for (name, value) in fields {
            state[name] = value;
        }
        state
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn odd_states_are_survived(a in odd_state(), b in odd_state(), start in oddity()) {
        survive(&json!({"StartAt": "A", "States": {"A": a, "B": b}}).to_string());
        survive(&json!({"StartAt": start, "States": {"A": {"Type": "Map", "ItemProcessor":
            {"StartAt": "B", "States": {"B": b}}, "End": true}}}).to_string());
    }

    #[test]
    fn a_good_definition_with_a_hole_is_survived(at in 0usize..2_000, length in 0usize..40) {
        let text = include_str!("../../../../tests/diagnostics/order-from-the-wild/definition.asl.json");
        let at = at % text.len();
        survive(&format!("{}{}", &text[..at], text.get(at + length..).unwrap_or_default()));
    }

    #[test]
    fn timestamps_of_any_text_are_survived(text in any::<String>(), like in "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{0,20}[Z+-]?[0-9:]{0,6}") {
        let _ = asl::timestamp::parse(&text);
        let _ = asl::timestamp::parse(&like);
    }

    #[test]
    fn resources_of_any_text_are_survived(text in any::<String>(), like in "arn:[a-z]{0,3}:(lambda|states):[a-z0-9:.${}-]{0,40}") {
        let _ = asl::arn::parse(&text);
        let _ = asl::arn::parse(&like);
    }
}

#[test]
fn many_states_and_many_mistakes_take_linear_time() {
    let mut states = serde_json::Map::new();
    for index in 0..5_000 {
        states.insert(
            format!("S{index}"),
            json!({"Type": "Pass", "Next": format!("S{}", index + 1), "Nxet": 1}),
        );
    }
    let text = json!({"StartAt": "S0", "States": states}).to_string();
    let parsed = asl::parse(&text, Format::Json);
    assert_eq!(parsed.diagnostics.len(), asl::limits::DIAGNOSTICS_MAX + 1);
    assert!(
        parsed
            .diagnostics
            .last()
            .unwrap()
            .message
            .contains("more problems")
    );
}

#[test]
fn many_missing_targets_take_bounded_time() {
    let mut states = serde_json::Map::new();
    for index in 0..4_000 {
        states.insert(
            format!("State number {index}"),
            json!({"Type": "Pass", "Next": format!("Stat numbr x{index}")}),
        );
    }
    let text = json!({"StartAt": "State number 0", "States": states}).to_string();
    assert!(asl::parse(&text, Format::Json).machine.is_none());
}
