//! A mock against the answer of the service that it stands for (ASL.md §8.6, `fieldValidationMode`).
//!
//! `shapes.json` holds the answers of the operations that workflows call most, one line for a shape. A mock for any other
//! operation is taken as it is: refusing what is not known would be wrong more often than right.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use asl::{Pattern, Resource};
use serde::Deserialize;
use serde_json::Value;

use super::{FieldValidation, Refusal};

/// All that is known; `None` would mean that the file in this folder is broken, which a test excludes.
static SHAPES: LazyLock<Option<Shapes>> =
    LazyLock::new(|| serde_json::from_str(include_str!("shapes.json")).ok());

#[derive(Debug, Deserialize)]
struct Shapes {
    services: BTreeMap<String, ServiceShapes>,
}

#[derive(Debug, Deserialize)]
struct ServiceShapes {
    /// Operation to the name of its answer's shape.
    operations: BTreeMap<String, String>,
    shapes: BTreeMap<String, Shape>,
}

/// A shape; members and items name another one, or `string`, `number`, `boolean`, `any`.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Shape {
    Structure {
        members: BTreeMap<String, String>,
        #[serde(default)]
        required: Vec<String>,
    },
    List {
        of: String,
    },
    Map {
        of: String,
    },
    String {
        #[serde(default, rename = "enum")]
        words: Vec<String>,
        #[serde(default)]
        min: usize,
        #[serde(default)]
        max: Option<usize>,
    },
}

/// Refuses a mock that the service could not have answered.
pub(super) fn check(
    resource: &Resource,
    result: &Value,
    mode: FieldValidation,
) -> Result<(), Refusal> {
    let Resource::Integration {
        service,
        action,
        pattern,
        ..
    } = resource
    else {
        return Ok(());
    };
    if mode == FieldValidation::None {
        return Ok(());
    }
    let Some((service, operation, free)) = answering(service, action, *pattern) else {
        return Ok(());
    };
    let known = SHAPES
        .as_ref()
        .and_then(|shapes| shapes.services.get(service));
    let Some((known, answer)) =
        known.and_then(|known| Some((known, known.operations.get(operation)?)))
    else {
        return Ok(());
    };
    let check = Check {
        shapes: &known.shapes,
        is_strict: mode == FieldValidation::Strict,
        free,
    };
    if !result.is_object() {
        return Err(failed("Mock result must be a JSON object"));
    }
    check.value(result, answer, "")
}

/// Service and operation whose answer the state gets, and the fields that the integration makes JSON of;
/// `None`: somebody else answers.
fn answering<'a>(
    service: &'a str,
    action: &'a str,
    pattern: Pattern,
) -> Option<(&'a str, &'a str, &'static [&'static str])> {
    let is_optimised = !service.starts_with("aws-sdk:");
    let service = match service.strip_prefix("aws-sdk:").unwrap_or(service) {
        "states" => "sfn",
        "events" => "eventbridge",
        other => other,
    };
    match (pattern, service, action) {
        (Pattern::WaitForTaskToken, ..) => None,
        (Pattern::RequestResponse, "lambda", "invoke") if is_optimised => {
            Some((service, action, &["Payload"]))
        }
        (Pattern::RequestResponse, ..) => Some((service, action, &[])),
        // A job is waited for, and what describes it is the result.
        (Pattern::Sync, "sfn", "startExecution") => Some((service, "describeExecution", &[])),
        (Pattern::Sync2, "sfn", "startExecution") => {
            Some((service, "describeExecution", &["Input", "Output"]))
        }
        (Pattern::Sync | Pattern::Sync2, ..) => None,
    }
}

struct Check<'a> {
    shapes: &'a BTreeMap<String, Shape>,
    is_strict: bool,
    /// Fields of the answer itself that may be anything.
    free: &'a [&'static str],
}

impl Check<'_> {
    /// As deep as the value is, which is bounded when it is read.
    fn value(&self, value: &Value, shape: &str, field: &str) -> Result<(), Refusal> {
        let is = |is_so: bool, what: &str| match is_so {
            true => Ok(()),
            false => Err(broken(field, &format!("must be {what}"))),
        };
        match (shape, self.shapes.get(shape)) {
            (_, Some(shape)) => self.shaped(value, shape, field),
            ("string", None) => is(value.is_string(), "a string"),
            ("number", None) => is(value.is_number(), "a number"),
            ("boolean", None) => is(value.is_boolean(), "a boolean"),
            (_, None) => Ok(()),
        }
    }

    fn shaped(&self, value: &Value, shape: &Shape, field: &str) -> Result<(), Refusal> {
        match shape {
            Shape::Structure { members, required } => {
                let Some(found) = value.as_object() else {
                    return Err(broken(field, "must be an object"));
                };
                let missing = required.iter().find(|name| !found.contains_key(*name));
                if let (Some(name), true) = (missing, self.is_strict) {
                    return Err(failed(&format!("Required field '{name}' is missing")));
                }
                let is_answer = field.is_empty();
                for (name, value) in found {
                    if is_answer && self.free.contains(&name.as_str()) {
                        continue;
                    }
                    // A field that is not known is one of tomorrow's.
                    if let Some(shape) = members.get(name) {
                        self.value(value, shape, name)?;
                    }
                }
                Ok(())
            }
            Shape::List { of } => match value.as_array() {
                Some(items) => items
                    .iter()
                    .try_for_each(|item| self.value(item, of, field)),
                None => Err(broken(field, "must be an array")),
            },
            Shape::Map { of } => match value.as_object() {
                Some(members) => members
                    .values()
                    .try_for_each(|value| self.value(value, of, field)),
                None => Err(broken(field, "must be an object")),
            },
            Shape::String { words, min, max } => {
                let Some(text) = value.as_str() else {
                    return Err(broken(field, "must be a string"));
                };
                let length = text.chars().count();
                if !words.is_empty() && !words.iter().any(|word| word == text) {
                    return Err(broken(field, "is not an expected value"));
                }
                if length < *min {
                    return Err(broken(field, "is smaller than the minimum length"));
                }
                match max {
                    Some(max) if length > *max => {
                        Err(broken(field, "is larger than the maximum length"))
                    }
                    Some(_) | None => Ok(()),
                }
            }
        }
    }
}

fn broken(field: &str, what: &str) -> Refusal {
    failed(&format!("Field '{field}' {what}"))
}

fn failed(what: &str) -> Refusal {
    Refusal::validation(format!("Mock result schema validation error: {what}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(resource: &str, result: &Value, mode: FieldValidation) -> Option<String> {
        let resource = asl::arn::parse(resource).unwrap();
        check(&resource, result, mode)
            .err()
            .map(|refusal| refusal.to_string())
    }

    #[test]
    fn every_shape_that_is_named_is_there() {
        let shapes = SHAPES.as_ref().unwrap();
        let plain = ["string", "number", "boolean", "any"];
        for (service, known) in &shapes.services {
            let is_known =
                |name: &String| plain.contains(&name.as_str()) || known.shapes.contains_key(name);
            assert!(known.operations.values().all(is_known), "{service}");
            for shape in known.shapes.values() {
                let ok = match shape {
                    Shape::Structure { members, required } => {
                        members.values().all(is_known)
                            && required.iter().all(|name| members.contains_key(name))
                    }
                    Shape::List { of } | Shape::Map { of } => is_known(of),
                    Shape::String { .. } => true,
                };
                assert!(ok, "{service}: {shape:?}");
            }
        }
    }

    #[test]
    fn a_field_that_is_there_has_to_fit() {
        let dynamodb = "arn:aws:states:::dynamodb:getItem";
        let cases = [
            (
                dynamodb,
                json!({ "Item": 1 }),
                "Field 'Item' must be an object",
            ),
            (
                dynamodb,
                json!({ "Item": { "id": { "M": { "x": { "L": [{ "BOOL": "no" }] } } } } }),
                "Field 'BOOL' must be a boolean",
            ),
            (
                "arn:aws:states:::sqs:sendMessage",
                json!({ "MessageId": 5 }),
                "Field 'MessageId' must be a string",
            ),
            (
                "arn:aws:states:::aws-sdk:s3:listObjectsV2",
                json!({ "Contents": {} }),
                "Field 'Contents' must be an array",
            ),
            (
                "arn:aws:states:::aws-sdk:s3:putObject",
                json!({ "ServerSideEncryption": "rot13" }),
                "Field 'ServerSideEncryption' is not an expected value",
            ),
            (
                "arn:aws:states:::lambda:invoke",
                json!([]),
                "Mock result must be a JSON object",
            ),
        ];
        for (resource, result, message) in cases {
            let expected = Some(format!("Mock result schema validation error: {message}"));
            for mode in [FieldValidation::Strict, FieldValidation::Present] {
                assert_eq!(of(resource, &result, mode), expected, "{resource}");
            }
            assert_eq!(of(resource, &result, FieldValidation::None), None);
        }
    }

    #[test]
    fn what_is_required_is_missed_in_strict_mode_only() {
        let resource = "arn:aws:states:::states:startExecution";
        assert_eq!(
            of(resource, &json!({}), FieldValidation::Strict).as_deref(),
            Some("Mock result schema validation error: Required field 'ExecutionArn' is missing")
        );
        assert_eq!(of(resource, &json!({}), FieldValidation::Present), None);
    }

    #[test]
    fn what_is_not_known_is_taken() {
        for (resource, result) in [
            (
                "arn:aws:states:::lambda:invoke",
                json!({ "Payload": { "any": 1 } }),
            ),
            ("arn:aws:states:::events:putEvents", json!({ "New": 1 })),
            (
                "arn:aws:states:::aws-sdk:ec2:describeInstances",
                json!({ "Reservations": 1 }),
            ),
            (
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                json!({ "MessageId": 1 }),
            ),
            (
                "arn:aws:lambda:us-east-1:123456789012:function:f",
                json!([1]),
            ),
        ] {
            assert_eq!(
                of(resource, &result, FieldValidation::Strict),
                None,
                "{resource}"
            );
        }
    }
}
