//! The states of [`crate::machines`], one by one.

use serde_json::{Map, Value, json};

use crate::draw::Draw;
use crate::machines::{self, Way};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:";

/// Its `Type`.
pub(crate) fn kind(state: &Value) -> &str {
    state["Type"].as_str().unwrap()
}

pub(crate) fn pass(draw: &mut Draw<'_>) -> Value {
    match draw.below(3) {
        0 => json!({ "Type": "Pass", "Result": { "a": { "b": 1 }, "n": 1 } }),
        _ => json!({ "Type": "Pass" }),
    }
}

pub(crate) fn task(draw: &mut Draw<'_>) -> Value {
    let mut task = match draw.below(8) {
        0 | 1 => json!({ "Resource": format!("{FUNCTION}sealed") }),
        2 => json!({ "Resource": format!("{FUNCTION}outward") }),
        3 => json!({
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": { "FunctionName": draw.pick(&machines::FUNCTIONS), "Payload.$": "$" },
        }),
        4 => json!({
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": { "QueueUrl": "q", "MessageBody.$": "$$.Task.Token" },
        }),
        5 => json!({
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Parameters": { "FunctionName": "sealed", "Payload.$": "$$.Task.Token" },
        }),
        6 => json!({
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": { "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m" },
        }),
        _ => json!({ "Resource": "arn:aws:states:us-east-1:123456789012:activity:work" }),
    };
    task["Type"] = json!("Task");
    let timeout = 2 + draw.below(20);
    match draw.below(8) {
        1 => task["TimeoutSeconds"] = json!(timeout),
        4 => task["TimeoutSecondsPath"] = json!("$$.Execution.Input.n"),
        5 => task["HeartbeatSecondsPath"] = json!("$$.Execution.Input.n"),
        2 => task["HeartbeatSeconds"] = json!(timeout),
        3 => {
            task["TimeoutSeconds"] = json!(timeout);
            task["HeartbeatSeconds"] = json!(timeout - 1);
        }
        _ => {}
    }
    task
}

pub(crate) fn wait(draw: &mut Draw<'_>) -> Value {
    match draw.below(4) {
        0 | 1 => json!({ "Type": "Wait", "Seconds": draw.below(20) }),
        2 => json!({ "Type": "Wait", "SecondsPath": "$$.Execution.Input.n" }),
        _ => json!({ "Type": "Wait", "Timestamp": "2026-01-01T00:00:30Z" }),
    }
}

pub(crate) fn choice(draw: &mut Draw<'_>, name: &str, way: Way<'_>) -> Value {
    let mut choice = json!({ "Type": "Choice" });
    let rules: Vec<Value> = (0..1 + draw.below(3))
        .map(|_| {
            let test = match draw.below(4) {
                0 => json!({ "Variable": "$.n", "NumericLessThan": draw.below(5) }),
                1 => json!({ "Variable": "$.a.b", "IsPresent": true }),
                2 => json!({ "Not": { "Variable": "$.text", "IsPresent": true } }),
                _ => json!({ "And": [
                    { "Variable": "$.items", "IsPresent": true },
                    { "Variable": "$.n", "NumericGreaterThanEquals": 2 },
                ]}),
            };
            let mut rule = test;
            rule["Next"] = json!(draw.pick(way.other));
            if draw.once_in(3) {
                rule["Assign"] = json!({ format!("v{name}"): 1 });
            }
            rule
        })
        .collect();
    choice["Choices"] = json!(rules);
    // Without it, a rule that leads back could be the only way on.
    if way.later.len() < way.other.len() || !draw.once_in(5) {
        choice["Default"] = json!(draw.pick(way.later));
    }
    choice
}

pub(crate) fn fail(draw: &mut Draw<'_>) -> Value {
    match draw.below(8) {
        0 => json!({ "Type": "Fail" }),
        1..=6 => json!({ "Type": "Fail", "Error": draw.pick(&machines::ERRORS), "Cause": "c" }),
        _ => {
            json!({ "Type": "Fail", "ErrorPath": "States.Format('E{}', 1)", "CausePath": "$.a.c" })
        }
    }
}

/// InputPath, Parameters, ResultSelector, ResultPath, OutputPath.
pub(crate) fn paths(draw: &mut Draw<'_>, state: &mut Value) {
    match draw.below(24) {
        21 => state["InputPath"] = Value::Null,
        22 => state["InputPath"] = json!("$.a"),
        23 => state["InputPath"] = json!("$$.Execution.Input"),
        _ => {}
    }
    match draw.below(24) {
        22 => state["OutputPath"] = Value::Null,
        23 => state["OutputPath"] = json!("$.r"),
        _ => {}
    }
    if kind(state) == "Wait" {
        return;
    }
    match draw.below(12) {
        1 | 2 => state["ResultPath"] = Value::Null,
        3..=9 => state["ResultPath"] = json!("$.r"),
        10 => state["ResultPath"] = json!("$.a.r"),
        _ => {}
    }
    let is_pass = kind(state) == "Pass";
    if is_pass || kind(state) == "Parallel" {
        match draw.below(8) {
            6 => state["Parameters"] = json!({ "a.$": "$.a", "n": 1 }),
            7 => state["Parameters"] = json!({ "id.$": "States.UUID()", "n": 2 }),
            _ => {}
        }
    }
    if !is_pass && draw.once_in(5) {
        state["ResultSelector"] = json!({ "whole.$": "$", "a": { "b": 2 }, "n": 1 });
    }
}

pub(crate) fn retry_and_catch(draw: &mut Draw<'_>, state: &mut Value, name: &str, way: Way<'_>) {
    let mut retriers = Vec::new();
    for _ in 0..draw.below(3) {
        let interval = 1 + draw.below(4);
        let mut retrier = json!({
            "ErrorEquals": names(draw),
            "IntervalSeconds": interval,
            "MaxAttempts": draw.below(3),
            "BackoffRate": 1 + draw.below(3),
        });
        if draw.once_in(3) {
            retrier["MaxDelaySeconds"] = json!(interval + 1);
        }
        if draw.once_in(3) {
            retrier["JitterStrategy"] = json!("FULL");
        }
        retriers.push(retrier);
    }
    if draw.once_in(4) {
        retriers.push(json!({ "ErrorEquals": ["States.ALL"], "MaxAttempts": 1 }));
    }
    if !retriers.is_empty() {
        state["Retry"] = json!(retriers);
    }
    if way.other.is_empty() {
        return;
    }
    let mut catchers = Vec::new();
    for _ in 0..draw.below(2) {
        catchers.push(json!({ "ErrorEquals": names(draw), "Next": draw.pick(way.other) }));
    }
    if draw.once_in(2) {
        catchers.push(json!({
            "ErrorEquals": ["States.ALL"], "Next": draw.pick(way.other), "ResultPath": "$.error",
        }));
    }
    if let Some(last) = catchers.last_mut()
        && draw.once_in(3)
    {
        let mut assign = Map::new();
        assign.insert(format!("v{name}.$"), json!("$.Error"));
        last["Assign"] = Value::Object(assign);
    }
    if !catchers.is_empty() {
        state["Catch"] = json!(catchers);
    }
}

fn names(draw: &mut Draw<'_>) -> Vec<&'static str> {
    match draw.below(5) {
        0 => vec!["One"],
        1 => vec!["Two", "Three"],
        2 => vec!["States.Timeout"],
        3 => vec!["States.TaskFailed"],
        _ => vec!["States.HeartbeatTimeout", "One"],
    }
}
