//! Definitions from a tape: all eight types of state, nested to depth 3, with data flow, variables,
//! Retry, Catch and timeouts. Every one of them is valid; what happens at run time is another matter.
//! Transitions go forwards, so that every execution ends.

use serde_json::{Map, Value, json};

use crate::draw::Draw;

const DEPTH_MAX: u32 = 3;
const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:";

/// The functions that a generated definition may call; the second one holds an outward grant.
pub(crate) const FUNCTIONS: [&str; 2] = ["sealed", "outward"];

/// The names that a generated Retry or Catch may know.
pub(crate) const ERRORS: [&str; 3] = ["One", "Two", "Three"];

/// A valid definition.
pub(crate) fn definition(draw: &mut Draw<'_>) -> Value {
    let mut generator = Generator { names: 0 };
    let mut machine = generator.scope(draw, 0);
    if draw.once_in(4) {
        machine["TimeoutSeconds"] = json!(1 + draw.below(60));
    }
    machine
}

/// An input that most of the definitions can work with.
pub(crate) fn input(draw: &mut Draw<'_>) -> Value {
    let items: Vec<u32> = (0..draw.below(5)).collect();
    match draw.below(8) {
        7 => json!("text"),
        _ => json!({ "a": { "b": draw.below(3) }, "n": draw.below(5), "items": items }),
    }
}

struct Generator {
    names: u32,
}

impl Generator {
    fn scope(&mut self, draw: &mut Draw<'_>, depth: u32) -> Value {
        let count = 1 + draw.below(if depth == 0 { 5 } else { 3 });
        let names: Vec<String> = (0..count)
            .map(|_| {
                self.names += 1;
                format!("S{}", self.names)
            })
            .collect();
        let mut states = Map::new();
        for (index, name) in names.iter().enumerate() {
            let state = self.state(draw, depth, name, &names[index + 1..]);
            states.insert(name.clone(), state);
        }
        json!({ "StartAt": names[0], "States": reachable(states, &names[0]) })
    }

    /// A state that may go to any of `later`.
    fn state(&mut self, draw: &mut Draw<'_>, depth: u32, name: &str, later: &[String]) -> Value {
        let kinds = if depth < DEPTH_MAX { 11 } else { 8 };
        let mut state = match draw.below(kinds) {
            0 => json!({ "Type": "Pass" }),
            1..=3 => task(draw),
            4 => wait(draw),
            5 if !later.is_empty() => return choice(draw, name, later),
            6 => return json!({ "Type": "Succeed" }),
            7 => return fail(draw),
            8 | 9 => self.parallel(draw, depth),
            10 => self.map(draw, depth),
            _ => json!({ "Type": "Pass", "Result": { "a": { "b": 1 } } }),
        };
        flow(draw, &mut state, name);
        if matches!(kind(&state), "Task" | "Parallel" | "Map") {
            retry_and_catch(draw, &mut state, name, later);
        }
        match later.is_empty() || draw.once_in(6) {
            true => state["End"] = json!(true),
            false => state["Next"] = json!(draw.pick(later)),
        }
        state
    }

    fn parallel(&mut self, draw: &mut Draw<'_>, depth: u32) -> Value {
        let branches: Vec<Value> = (0..1 + draw.below(3))
            .map(|_| self.scope(draw, depth + 1))
            .collect();
        json!({ "Type": "Parallel", "Branches": branches })
    }

    fn map(&mut self, draw: &mut Draw<'_>, depth: u32) -> Value {
        let mut map = json!({
            "Type": "Map",
            "ItemProcessor": self.scope(draw, depth + 1),
            "MaxConcurrency": draw.below(4),
        });
        if !draw.once_in(8) {
            map["ItemsPath"] = json!("$$.Execution.Input.items");
        }
        if draw.once_in(3) {
            map["ItemSelector"] = json!({
                "item.$": "$$.Map.Item.Value", "a": { "b": 1 }, "all.$": "$",
            });
        }
        map
    }
}

/// Without the states that no transition leads to: they are an error.
fn reachable(mut states: Map<String, Value>, start_at: &str) -> Map<String, Value> {
    let mut kept = Map::new();
    let mut next = vec![start_at.to_owned()];
    while let Some(name) = next.pop() {
        let Some(state) = states.remove(&name) else {
            continue;
        };
        let handlers = ["Catch", "Choices"].map(|field| state[field].as_array());
        let steps = handlers.into_iter().flatten().flatten();
        let targets = steps.map(|step| &step["Next"]);
        let targets = targets.chain([&state["Next"], &state["Default"]]);
        next.extend(targets.filter_map(Value::as_str).map(str::to_owned));
        kept.insert(name, state);
    }
    kept
}

fn kind(state: &Value) -> &str {
    state["Type"].as_str().unwrap()
}

fn task(draw: &mut Draw<'_>) -> Value {
    let mut task = match draw.below(7) {
        0 | 1 => json!({ "Resource": format!("{FUNCTION}sealed") }),
        2 => json!({ "Resource": format!("{FUNCTION}outward") }),
        3 => json!({
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": { "FunctionName": draw.pick(&FUNCTIONS), "Payload.$": "$" },
        }),
        4 => json!({
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": { "QueueUrl": "q", "MessageBody.$": "$$.Task.Token" },
        }),
        5 => json!({
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": { "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m" },
        }),
        _ => json!({ "Resource": "arn:aws:states:us-east-1:123456789012:activity:work" }),
    };
    task["Type"] = json!("Task");
    let timeout = 2 + draw.below(20);
    match draw.below(4) {
        1 => task["TimeoutSeconds"] = json!(timeout),
        2 => task["HeartbeatSeconds"] = json!(timeout),
        3 => {
            task["TimeoutSeconds"] = json!(timeout);
            task["HeartbeatSeconds"] = json!(timeout - 1);
        }
        _ => {}
    }
    task
}

fn wait(draw: &mut Draw<'_>) -> Value {
    match draw.below(4) {
        0 | 1 => json!({ "Type": "Wait", "Seconds": draw.below(20) }),
        2 => json!({ "Type": "Wait", "SecondsPath": "$$.Execution.Input.n" }),
        _ => json!({ "Type": "Wait", "Timestamp": "2026-01-01T00:00:30Z" }),
    }
}

fn choice(draw: &mut Draw<'_>, name: &str, later: &[String]) -> Value {
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
            rule["Next"] = json!(draw.pick(later));
            if draw.once_in(3) {
                rule["Assign"] = json!({ format!("v{name}"): 1 });
            }
            rule
        })
        .collect();
    choice["Choices"] = json!(rules);
    if !draw.once_in(5) {
        choice["Default"] = json!(draw.pick(later));
    }
    choice
}

fn fail(draw: &mut Draw<'_>) -> Value {
    match draw.below(3) {
        0 => json!({ "Type": "Fail" }),
        1 => json!({ "Type": "Fail", "Error": draw.pick(&ERRORS), "Cause": "c" }),
        _ => {
            json!({ "Type": "Fail", "ErrorPath": "States.Format('E{}', 1)", "CausePath": "$.a.c" })
        }
    }
}

fn flow(draw: &mut Draw<'_>, state: &mut Value, name: &str) {
    match draw.below(10) {
        7 => state["InputPath"] = Value::Null,
        8 => state["InputPath"] = json!("$.a"),
        9 => state["InputPath"] = json!("$$.Execution.Input"),
        _ => {}
    }
    match draw.below(12) {
        10 => state["OutputPath"] = Value::Null,
        11 => state["OutputPath"] = json!("$.r"),
        _ => {}
    }
    if draw.once_in(4) {
        let mut assign = Map::new();
        assign.insert(format!("v{name}.$"), json!("$"));
        state["Assign"] = Value::Object(assign);
    }
    if kind(state) == "Wait" {
        return;
    }
    match draw.below(5) {
        1 => state["ResultPath"] = Value::Null,
        2 | 3 => state["ResultPath"] = json!("$.r"),
        4 => state["ResultPath"] = json!("$.a.r"),
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
        state["ResultSelector"] = json!({ "whole.$": "$", "a": { "b": 2 } });
    }
}

fn retry_and_catch(draw: &mut Draw<'_>, state: &mut Value, name: &str, later: &[String]) {
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
    if later.is_empty() {
        return;
    }
    let mut catchers = Vec::new();
    for _ in 0..draw.below(2) {
        catchers.push(json!({ "ErrorEquals": names(draw), "Next": draw.pick(later) }));
    }
    if draw.once_in(2) {
        catchers.push(json!({
            "ErrorEquals": ["States.ALL"], "Next": draw.pick(later), "ResultPath": "$.error",
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
