//! The step budget (DESIGN D2), to the step: a loop that never ends takes exactly so many steps an input,
//! in the engine and in the shard.

use std::sync::Arc;

use engine::{
    Environment, Execution, ExecutionArn, Header, Input, InputKind, Timestamp, TokenKey, Workflow,
};
use expr::Data;
use serde_json::json;
use shard::{Config, Effect, Pinned, ReplyId, Shard, StartExecution};

use crate::world;

const NOW: Timestamp = Timestamp(1_767_225_600_000_000);

/// Goes round for ever; each step is one event, a state entered or left.
fn endless() -> asl::StateMachine {
    let definition = json!({
        "StartAt": "A",
        "States": {
            "A": { "Type": "Pass", "Next": "B" },
            "B": {
                "Type": "Choice",
                "Choices": [{ "Variable": "$.never", "IsPresent": true, "Next": "C" }],
                "Default": "A",
            },
            "C": { "Type": "Succeed" },
        },
    });
    world::machine(&definition.to_string())
}

fn header() -> Header {
    Header {
        arn: ExecutionArn("arn:aws:states:us-east-1:123456789012:execution:loop:one".into()),
        name: "one".into(),
        machine_arn: "arn:aws:states:us-east-1:123456789012:stateMachine:loop".into(),
        machine_name: "loop".into(),
        revision: "".into(),
        role_arn: "".into(),
        workflow: Workflow::Standard,
        input: Data::empty_object(),
        started_at: NOW,
        version_arn: None,
        alias_arn: None,
        trace_header: None,
    }
}

#[test]
fn a_decision_takes_its_steps_and_not_one_more() {
    let machine = endless();
    let tokens = TokenKey::new([3; 32]);
    for steps in [1, 2, 7, 100, engine::limits::STEPS_PER_INPUT] {
        let environment = Environment {
            machine: &machine,
            tokens: &tokens,
            steps,
        };
        let mut execution = Execution::new();
        let mut handle = |kind| {
            execution
                .handle(environment, Input { seed: 1, kind }, NOW)
                .unwrap()
        };
        let first = handle(InputKind::Start(Box::new(header())));
        assert_eq!(
            first.events.len(),
            1 + steps as usize,
            "ExecutionStarted, and the steps"
        );
        assert!(first.more);
        for _ in 0..5 {
            let decision = handle(InputKind::Continue);
            assert_eq!(decision.events.len(), steps as usize);
            assert!(decision.more);
        }
    }
}

/// A Pass that goes round with an expression that looks at every item of a large input.
fn greedy() -> asl::StateMachine {
    let definition = json!({
        "StartAt": "A",
        "States": {
            "A": {
                "Type": "Pass",
                "Parameters": { "found.$": "$.items[?(@ > 5)]" },
                "ResultPath": null,
                "Next": "A2",
            },
            "A2": {
                "Type": "Choice",
                "Choices": [{ "Variable": "$.never", "IsPresent": true, "Next": "C" }],
                "Default": "A",
            },
            "C": { "Type": "Succeed" },
        },
    });
    world::machine(&definition.to_string())
}

#[test]
fn expressions_end_a_decision_before_its_steps_do_when_they_take_too_much() {
    let machine = greedy();
    let tokens = TokenKey::new([3; 32]);
    let environment = Environment {
        machine: &machine,
        tokens: &tokens,
        steps: engine::limits::STEPS_PER_INPUT,
    };
    let mut execution = Execution::new();
    let mut handle = |kind| {
        execution
            .handle(environment, Input { seed: 1, kind }, NOW)
            .unwrap()
    };
    let items: Vec<u32> = (0..40_000).map(|number| number % 10).collect();
    let mut begin = header();
    begin.input = json!({ "items": items }).into();
    let mut kind = InputKind::Start(Box::new(begin));
    for _ in 0..3 {
        let decision = handle(kind);
        assert!(decision.more);
        let count = decision.events.len();
        assert!((4..500).contains(&count), "{count} events");
        kind = InputKind::Continue;
    }
}

#[test]
fn a_shard_gives_way_after_each_budget() {
    let mut config = Config::new(1, TokenKey::new([3; 32]));
    config.steps = 50;
    let mut shard = Shard::new(config);
    let pinned = Arc::new(Pinned {
        machine: Arc::new(endless()),
        functions: Default::default(),
    });
    let start = StartExecution {
        header: header(),
        pinned,
        reply: ReplyId(1),
    };
    let mut input = shard::Input::Start(Box::new(start));
    let mut expected = 1 + 50;
    for _ in 0..20 {
        let effects = shard.handle(input, NOW);
        let continues = effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Continue { .. }));
        assert_eq!(continues.count(), 1, "somebody else may have a turn first");
        let submitted = effects.iter().find_map(|effect| match effect {
            Effect::Submit(transition) => Some(transition.clone()),
            _ => None,
        });
        let transition = submitted.expect("what was decided is committed");
        assert_eq!(transition.events.len(), expected);
        let execution = transition.execution.clone();
        let durable = shard::Input::Durable {
            execution: execution.clone(),
            seq: transition.last_seq(),
        };
        shard.handle(durable, NOW);
        input = shard::Input::Continue { execution };
        expected = 50;
    }
}
