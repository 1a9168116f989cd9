//! Limits that a folder of text cannot show, and what callers are told.

use engine::{Event, EventKind, Outcome, Status};
use serde_json::{Value, json};
use shard::Answer;
use shard::sim::{Script, Settings, Story};

use crate::world;

fn settings(definition: &Value, input: &Value, script: &Value) -> Settings {
    let script = Script::read(script).unwrap();
    world::settings(&definition.to_string(), &input.to_string(), script)
}

fn run(definition: &Value, input: &Value, script: &Value) -> Story {
    world::run(&settings(definition, input, script)).unwrap()
}

/// Goes round for ever.
fn endless(next: &str) -> Value {
    json!({
        next: { "Type": "Pass", "Next": format!("{next}?") },
        format!("{next}?"): {
            "Type": "Choice",
            "Choices": [{ "Variable": "$$.State.Name", "IsPresent": false, "Next": format!("{next}.") }],
            "Default": next,
        },
        format!("{next}."): { "Type": "Pass", "End": true },
    })
}

fn check_full_history(story: &Story) {
    let last = story
        .events
        .iter()
        .filter_map(|event| event.history)
        .next_back();
    assert_eq!(story.status, Status::Failed);
    assert_eq!(last.unwrap().id, 25_000);
    let Outcome::Error(error) = &story.outcome else {
        panic!("an execution that fails has an error");
    };
    assert_eq!(error.error.as_deref(), Some("States.Runtime"));
}

#[test]
fn an_endless_loop_ends_with_the_25_000th_event() {
    let machine = json!({ "StartAt": "A", "States": endless("A") });
    check_full_history(&run(&machine, &json!({}), &json!({})));
}

#[test]
fn many_endless_loops_at_once_end_with_the_25_000th_event() {
    let machine = json!({ "StartAt": "M", "States": { "M": {
        "Type": "Map", "End": true,
        "ItemProcessor": { "StartAt": "A", "States": endless("A") },
    }}});
    let items: Vec<u32> = (0..60).collect();
    check_full_history(&run(&machine, &json!(items), &json!({})));
}

#[test]
fn a_full_history_hands_nothing_out_any_more() {
    // Seven events a round: the 25,000th would be a TaskScheduled.
    let machine = json!({ "StartAt": "A", "States": {
        "A": {
            "Type": "Task", "Next": "B",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": { "QueueUrl": "q", "MessageBody.$": "$$.Task.Token" },
        },
        "B": {
            "Type": "Choice",
            "Choices": [{ "Variable": "$", "IsNull": true, "Next": "C" }],
            "Default": "A",
        },
        "C": { "Type": "Pass", "End": true },
    }});
    let script = json!({ "tasks": { "sqs:sendMessage": [[{ "success": 1 }]] } });
    let story = run(&machine, &json!({}), &script);
    check_full_history(&story);
    let is_scheduled = |event: &&Event| matches!(event.kind, EventKind::TaskScheduled { .. });
    let scheduled = story.events.iter().filter(is_scheduled).count();
    assert_eq!(scheduled, 3_571);
    assert_eq!(story.tokens.len(), scheduled);
}

#[test]
fn no_more_than_forty_iterations_run_at_once() {
    let machine = json!({ "StartAt": "M", "States": { "M": {
        "Type": "Map", "End": true,
        "ItemProcessor": { "StartAt": "W", "States": {
            "W": { "Type": "Wait", "Seconds": 1, "End": true },
        }},
    }}});
    let items: Vec<u32> = (0..100).collect();
    let story = run(&machine, &json!(items), &json!({}));
    assert_eq!(story.status, Status::Succeeded);
    let (mut running, mut most) = (0_i32, 0);
    for event in &story.events {
        match event.kind {
            EventKind::IterationStarted { .. } => running += 1,
            EventKind::IterationSucceeded { .. } => running -= 1,
            _ => {}
        }
        most = most.max(running);
    }
    assert_eq!(most, 40);
    assert_eq!(story.lasted_us, 3_000_000);
}

#[test]
fn jitter_stays_within_the_delay_for_every_seed() {
    let machine = json!({ "StartAt": "A", "States": { "A": {
        "Type": "Task", "End": true,
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "Retry": [{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 10, "MaxAttempts": 1,
                    "JitterStrategy": "FULL" }],
    }}});
    let script = json!({ "tasks": { "f": [{ "error": "E" }] } });
    let mut settings = settings(&machine, &json!({}), &script);
    let lasted: Vec<u64> = (0..40)
        .map(|seed| {
            settings.seed = seed;
            world::run(&settings).unwrap().lasted_us
        })
        .collect();
    assert!(
        lasted.iter().all(|delay| *delay <= 10_000_000),
        "{lasted:?}"
    );
    let (least, most) = (lasted.iter().min().unwrap(), lasted.iter().max().unwrap());
    assert!(*least < 3_000_000 && *most > 7_000_000, "{lasted:?}");
}

#[test]
fn callers_are_told_what_became_of_their_callbacks() {
    let machine = json!({ "StartAt": "A", "States": {
        "A": {
            "Type": "Task", "Next": "B",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": { "QueueUrl": "q", "MessageBody.$": "$$.Task.Token" },
        },
        "B": { "Type": "Wait", "Seconds": 9, "End": true },
    }});
    let script = json!({ "tasks": { "sqs:sendMessage": [[
        { "after_seconds": 1, "heartbeat": true },
        { "after_seconds": 2, "success": 1 },
        { "after_seconds": 3, "success": 2 },
        { "after_seconds": 4, "heartbeat": true },
    ]]}});
    let story = run(&machine, &json!({}), &script);
    let answers: Vec<&Answer> = story.answers.iter().map(|(_, answer)| answer).collect();
    assert!(
        matches!(
            answers[..],
            [
                Answer::Started { .. },
                Answer::Accepted { .. },
                Answer::Accepted { .. },
                Answer::AttemptOver,
                Answer::AttemptOver,
            ]
        ),
        "{answers:?}"
    );
}

#[test]
fn how_long_a_commit_takes_does_not_change_what_happens() {
    let machine = json!({ "StartAt": "M", "States": { "M": {
        "Type": "Map", "End": true, "MaxConcurrency": 2,
        "ItemProcessor": { "StartAt": "T", "States": { "T": {
            "Type": "Task", "End": true,
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
        }}},
    }}});
    let items: Vec<u32> = (0..700).collect();
    let outcomes: Vec<Outcome> = [0, 1, 50]
        .into_iter()
        .map(|seconds| {
            let script = json!({ "tasks": { "f": [{ "echo": true }] }, "commit_seconds": seconds });
            run(&machine, &json!(items), &script).outcome
        })
        .collect();
    assert_eq!(outcomes[0], outcomes[1]);
    assert_eq!(outcomes[0], outcomes[2]);
    assert_eq!(outcomes[0], Outcome::Output(json!(items).into()));
}

fn error_of(story: &Story) -> Option<&str> {
    match &story.outcome {
        Outcome::Error(error) => error.error.as_deref(),
        Outcome::Output(_) => None,
    }
}

#[test]
fn one_assign_holds_256_kib_and_not_a_byte_more() {
    let machine = json!({ "StartAt": "A", "States": { "A": {
        "Type": "Pass", "Assign": { "a.$": "$.x", "b.$": "$.x" }, "End": true,
    }}});
    // Two strings, each with its quotes.
    for (chars, error) in [(131_070, None), (131_071, Some("States.DataLimitExceeded"))] {
        let story = run(&machine, &json!({ "x": "x".repeat(chars) }), &json!({}));
        assert_eq!(error_of(&story), error, "{chars}");
    }
}

#[test]
fn the_variables_of_an_execution_hold_10_mib() {
    let machine = |count: usize, last: &str| {
        let mut states = json!({});
        for number in 0..=count {
            let name = match number == count {
                true => last.to_owned(),
                false => format!("v{number}"),
            };
            states[format!("S{number}")] = json!({
                "Type": "Pass", "Assign": { format!("{name}.$"): "$" },
                "Next": format!("S{}", number + 1),
            });
        }
        states[format!("S{}", count + 1)] = json!({ "Type": "Pass", "End": true });
        json!({ "StartAt": "S0", "States": states })
    };
    let input = json!("x".repeat(262_142));
    for (count, last, error) in [
        (39, "v39", None),
        (40, "v0", None),
        (40, "v40", Some("States.DataLimitExceeded")),
    ] {
        let story = run(&machine(count, last), &input, &json!({}));
        assert_eq!(error_of(&story), error, "{count} {last}");
    }
}

#[test]
fn a_heartbeat_is_recorded_once_a_second_at_the_most() {
    let machine = json!({ "StartAt": "A", "States": { "A": {
        "Type": "Task", "End": true, "HeartbeatSeconds": 10,
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": { "QueueUrl": "q", "MessageBody.$": "$$.Task.Token" },
    }}});
    let mut steps: Vec<Value> = [0.5, 0.999_999, 1.0, 1.5, 2.0, 11.9]
        .iter()
        .map(|after| json!({ "after_seconds": after, "heartbeat": true }))
        .collect();
    steps.push(json!({ "after_seconds": 20, "success": 1 }));
    let script = json!({ "tasks": { "sqs:sendMessage": [steps] } });
    let story = run(&machine, &json!({}), &script);
    assert_eq!(story.status, Status::Succeeded);
    let is_beat = |event: &&Event| matches!(event.kind, EventKind::HeartbeatRecorded { .. });
    assert_eq!(story.events.iter().filter(is_beat).count(), 3);
}

#[test]
fn errors_and_causes_are_cut_to_what_the_model_allows() {
    let machine = json!({ "StartAt": "F", "States": { "F": {
        "Type": "Fail", "ErrorPath": "$.e", "CausePath": "$.c",
    }}});
    let stop = |chars: usize| json!({ "stop": { "error": "e".repeat(chars), "cause": "c".repeat(chars * 128) } });
    let waits = json!({ "StartAt": "W", "States": { "W": {
        "Type": "Wait", "Seconds": 9, "End": true,
    }}});
    for chars in [256, 257] {
        let input = json!({ "e": "e".repeat(chars), "c": "c".repeat(chars * 128) });
        let failed = run(&machine, &input, &json!({}));
        let stopped = run(&waits, &json!({}), &stop(chars));
        for story in [failed, stopped] {
            let Outcome::Error(error) = &story.outcome else {
                panic!("it does not succeed");
            };
            assert_eq!(error.error.as_deref().map(str::len), Some(256));
            assert_eq!(error.cause.as_deref().map(str::len), Some(32_768));
        }
    }
}
