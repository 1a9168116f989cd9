//! ValidateStateMachineDefinition: the problems of a definition, without a state machine.

use asl::service::{self, Problem, WorkflowType};
use serde_json::{Value, json};

use super::definition;
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::{limits, run};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ValidateStateMachineDefinition",
    route: None,
    resource: |_, _| "*".to_owned(),
    run: run!(validate),
};

async fn validate(call: Call) -> Result<Reply, ApiError> {
    Ok(answer(&call.input)?.into())
}

fn answer(input: &Value) -> Result<Value, ApiError> {
    let mut members = Members::of(input);
    let text = definition::required(&mut members);
    let workflow = match members.one_of("type", &["STANDARD", "EXPRESS"]) {
        Some("EXPRESS") => WorkflowType::Express,
        _ => WorkflowType::Standard,
    };
    let wants_warnings = members.one_of("severity", &["ERROR", "WARNING"]) == Some("WARNING");
    let most = members.number("maxResults", 0, limits::DIAGNOSTICS_MAX);
    members.finish()?;
    // 0 is as good as absent.
    let most = most
        .filter(|most| *most > 0)
        .unwrap_or(limits::DIAGNOSTICS_MAX);
    let most = usize::try_from(most).unwrap_or(usize::MAX);

    let checked = service::check(text, workflow);
    let is_error = |problem: &&Problem| problem.severity == source::Severity::Error;
    let wanted: Vec<&Problem> = checked
        .problems
        .iter()
        .filter(|problem| wants_warnings || is_error(problem))
        .collect();
    let diagnostics: Vec<Value> = wanted.iter().take(most).map(|found| wire(found)).collect();
    Ok(json!({
        "result": if checked.machine.is_some() { "OK" } else { "FAIL" },
        "diagnostics": diagnostics,
        "truncated": wanted.len() > most,
    }))
}

fn wire(problem: &Problem) -> Value {
    let mut diagnostic = json!({
        "severity": match problem.severity {
            source::Severity::Error => "ERROR",
            source::Severity::Warning => "WARNING",
        },
        "code": problem.code,
        "message": problem.message,
    });
    if let (Some(location), Some(members)) = (&problem.location, diagnostic.as_object_mut()) {
        members.insert("location".to_owned(), location.as_str().into());
    }
    diagnostic
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(definition: &Value, more: &Value) -> Value {
        let mut input = json!({ "definition": definition.to_string() });
        for (name, value) in more.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        answer(&input).unwrap()
    }

    fn state(state: Value) -> Value {
        json!({ "StartAt": "S", "States": { "S": state } })
    }

    #[test]
    fn a_good_definition_is_ok() {
        assert_eq!(
            of(&state(json!({ "Type": "Succeed" })), &json!({})),
            json!({ "result": "OK", "diagnostics": [], "truncated": false })
        );
    }

    #[test]
    fn an_error_has_severity_code_message_and_location() {
        assert_eq!(
            of(&json!({}), &json!({})),
            json!({
                "result": "FAIL",
                "diagnostics": [{
                    "severity": "ERROR",
                    "code": "SCHEMA_VALIDATION_FAILED",
                    "message": "These fields are required: [States, StartAt]",
                    "location": "/",
                }],
                "truncated": false,
            })
        );
        let found = of(&json!([]), &json!({}));
        assert_eq!(found["diagnostics"][0].get("location"), None);
    }

    #[test]
    fn warnings_are_told_on_demand_and_do_not_fail() {
        let definition = state(json!({
            "Type": "Pass", "Result": "$.x", "End": true
        }));
        let found = of(&definition, &json!({}));
        assert_eq!(found["diagnostics"], json!([]));
        let found = of(&definition, &json!({ "severity": "WARNING" }));
        assert_eq!(found["result"], "OK");
        assert_eq!(found["diagnostics"][0]["code"], "PASS_RESULT_IS_STATIC");
    }

    #[test]
    fn what_does_not_fit_is_cut_and_said_to_be() {
        let definition = state(json!({ "Type": "Pass", "Next": "T", "X": 1, "Y": 2 }));
        let found = of(&definition, &json!({ "maxResults": 2 }));
        assert_eq!(found["diagnostics"].as_array().map(Vec::len), Some(2));
        assert_eq!(found["truncated"], true);
        let found = of(&definition, &json!({ "maxResults": 3 }));
        assert_eq!(found["truncated"], false);
        let refused = answer(&json!({ "definition": "{}", "maxResults": 101 }));
        assert_eq!(refused.unwrap_err().code, "ValidationException");
    }

    #[test]
    fn the_type_decides_what_may_wait() {
        let definition = state(json!({
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "End": true
        }));
        assert_eq!(
            of(&definition, &json!({ "type": "STANDARD" }))["result"],
            "OK"
        );
        assert_eq!(
            of(&definition, &json!({ "type": "EXPRESS" }))["result"],
            "FAIL"
        );
    }

    #[test]
    fn a_definition_has_a_longest_length() {
        let longest = limits::DEFINITION_CHARS_MAX;
        for (length, is_taken) in [(longest, true), (longest + 1, false)] {
            let input = json!({ "definition": " ".repeat(length) });
            assert_eq!(answer(&input).is_ok(), is_taken);
        }
        assert!(answer(&json!({})).is_err());
    }
}
