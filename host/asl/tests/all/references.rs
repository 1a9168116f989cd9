//! `variableReferences`: which state reads which variable (ASL.md §1.6).

use serde_json::{Value, json};

fn check(states: Value, expected: Value) {
    let start = states.as_object().and_then(|states| states.keys().next());
    let text = json!({ "StartAt": start, "States": states }).to_string();
    let parsed = asl::parse(&text, source::Format::Json);
    let Some(machine) = parsed.machine else {
        panic!("{text}: {:?}", parsed.diagnostics)
    };
    let found = machine
        .variable_references
        .iter()
        .map(|(state, names)| {
            (
                state.to_string(),
                names.iter().map(|name| json!(**name)).collect(),
            )
        })
        .collect();
    assert_eq!(Value::Object(found), expected, "{text}");
}

/// A state that does something with a field, and a state that assigns every variable there is.
fn one(state: Value) -> Value {
    json!({
        "First": {
            "Type": "Pass",
            "Assign": { "a": 1, "b": 2, "c": 3 },
            "Next": "Second"
        },
        "Second": state,
        "Third": { "Type": "Succeed" }
    })
}

#[test]
fn what_is_only_written_is_no_reference() {
    check(
        json!({ "A": { "Type": "Pass", "Assign": { "a": 1, "b.$": "$.x" }, "End": true } }),
        json!({}),
    );
}

#[test]
fn every_field_that_takes_a_path_counts() {
    let cases = [
        (
            json!({ "Type": "Pass", "InputPath": "$a.x", "Next": "Third" }),
            vec!["a"],
        ),
        (
            json!({ "Type": "Pass", "OutputPath": "$b", "Next": "Third" }),
            vec!["b"],
        ),
        (
            json!({ "Type": "Pass", "Parameters": { "x": { "y.$": "$a" } }, "Next": "Third" }),
            vec!["a"],
        ),
        (
            json!({ "Type": "Pass", "Assign": { "a.$": "$c" }, "Next": "Third" }),
            vec!["c"],
        ),
        (
            json!({ "Type": "Wait", "SecondsPath": "$a", "Next": "Third" }),
            vec!["a"],
        ),
        (
            json!({ "Type": "Wait", "TimestampPath": "$b", "Next": "Third" }),
            vec!["b"],
        ),
        (json!({ "Type": "Succeed", "InputPath": "$c" }), vec!["c"]),
        (
            json!({ "Type": "Pass", "InputPath": "$.list[?(@.x == $b)]", "Next": "Third" }),
            vec!["b"],
        ),
    ];
    for (state, names) in cases {
        let mut machine = one(state);
        if let Some(machine) = machine.as_object_mut() {
            machine["First"]["Next"] = json!("Second");
            if machine["Second"]["Type"] == "Succeed" {
                machine.remove("Third");
            }
        }
        check(machine, json!({ "Second": names }));
    }
}

#[test]
fn arguments_of_functions_count_once_and_come_sorted() {
    check(
        one(json!({
            "Type": "Pass",
            "Parameters": {
                "x.$": "States.Format('{} {}', $c, States.MathAdd($b, $a.n))",
                "y.$": "States.JsonToString($c)"
            },
            "Next": "Third"
        })),
        json!({ "Second": ["a", "b", "c"] }),
    );
}

#[test]
fn both_sides_of_a_choice_rule_and_its_assign_count() {
    check(
        one(json!({
            "Type": "Choice",
            "Choices": [{
                "And": [
                    { "Variable": "$b", "StringEqualsPath": "$a" },
                    { "Not": { "Variable": "$c.x", "IsNull": true } }
                ],
                "Assign": { "a.$": "$b" },
                "Next": "Third"
            }],
            "Default": "Third"
        })),
        json!({ "Second": ["a", "b", "c"] }),
    );
}

#[test]
fn a_name_without_its_dollar_is_text() {
    check(
        one(json!({ "Type": "Pass", "Parameters": { "x": "$a" }, "Next": "Third" })),
        json!({}),
    );
}

#[test]
fn inner_states_count_for_themselves() {
    check(
        one(json!({
            "Type": "Map",
            "ItemsPath": "$a",
            "MaxConcurrencyPath": "$b",
            "ItemProcessor": {
                "StartAt": "Inner",
                "States": {
                    "Inner": { "Type": "Pass", "Parameters": { "x.$": "$c" }, "End": true }
                }
            },
            "Next": "Third"
        })),
        json!({ "Second": ["a", "b"], "Inner": ["c"] }),
    );
}

#[test]
fn retry_catch_and_time_limits_of_a_task_count() {
    check(
        one(json!({
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
            "TimeoutSecondsPath": "$a",
            "ResultSelector": { "x.$": "$b" },
            "Catch": [{ "ErrorEquals": ["States.ALL"], "Assign": { "b.$": "$c" }, "Next": "Third" }],
            "Next": "Third"
        })),
        json!({ "Second": ["a", "b", "c"] }),
    );
}
