//! How CloudWatch Logs' inputs and tokens are read; the logs themselves are tested in `runtime`.

use runtime::logs::{Direction, Position};
use serde_json::json;

use super::*;
use crate::input::Members;

#[test]
fn a_group_is_named_by_its_name_or_its_arn_with_or_without_streams() {
    for identifier in [
        "/aws/g",
        "arn:aws:logs:us-east-1:1:log-group:/aws/g",
        "arn:aws:logs:us-east-1:1:log-group:/aws/g:*",
    ] {
        assert_eq!(input::name_in_identifier(identifier), "/aws/g");
    }
}

#[test]
fn a_group_is_named_once() {
    for (input, taken) in [
        (json!({ "logGroupName": "g" }), true),
        (json!({ "logGroupIdentifier": "g" }), true),
        (
            json!({ "logGroupName": "g", "logGroupIdentifier": "g" }),
            false,
        ),
        (json!({}), false),
    ] {
        let mut members = Members::of(&input);
        assert_eq!(input::group(&mut members).is_ok(), taken, "{input}");
    }
}

#[test]
fn a_name_that_breaks_a_constraint_is_an_invalid_parameter() {
    for (input, taken) in [
        (json!({ "logGroupName": "a.b-c_d/e#f" }), true),
        (json!({ "logGroupName": "a b" }), false),
        (json!({ "logGroupName": "" }), false),
        (json!({ "logGroupName": "x".repeat(512) }), true),
        (json!({ "logGroupName": "x".repeat(513) }), false),
        (json!({}), false),
    ] {
        let mut members = Members::of(&input);
        input::group_name(&mut members);
        let finished = input::finish(members);
        assert_eq!(finished.is_ok(), taken, "{input}");
        if let Err(error) = finished {
            assert_eq!(error.code, "InvalidParameterException");
        }
    }
}

#[test]
fn a_token_comes_back_as_it_went() {
    let position = Position {
        timestamp_ms: 1_717_237_067_123,
        number: u64::MAX,
    };
    let digits = token::of_position(position);
    assert_eq!(digits.len(), 56);
    assert_eq!(token::position(&digits), Ok(position));
    for direction in [
        Direction::Forward(Some(position)),
        Direction::Backward(Some(position)),
    ] {
        assert_eq!(
            token::direction(&token::of_direction(direction)),
            Ok(direction)
        );
    }
    assert_eq!(
        token::name(&token::of_name("/aws/ü")),
        Ok("/aws/ü".to_owned())
    );
    for wrong in ["", "x", "f/", "f/12", "q/1", "ü"] {
        assert!(token::direction(wrong).is_err(), "{wrong}");
        assert!(token::position(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn every_operation_stands_once_in_the_table() {
    let mut names: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[tokio::test]
async fn a_permission_is_for_the_group_that_the_operation_goes_by() {
    let services = crate::test_services();
    let input = json!({
        "logGroupName": "mine",
        "resourceArn": "arn:aws:logs:us-east-1:1:log-group:other",
    });
    for operation in OPERATIONS {
        let named = (operation.resource)(&input, &services);
        let group = match operation.name {
            "ListTagsForResource" | "TagResource" | "UntagResource" => "other",
            _ => "mine",
        };
        assert_eq!(named, services.logs.group_arn(group), "{}", operation.name);
        assert_eq!((operation.resource)(&json!({}), &services), "*");
    }
}
