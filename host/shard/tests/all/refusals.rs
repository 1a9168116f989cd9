//! What becomes of an execution whose commit is refused: nothing of it runs here any more, and whoever
//! asked is told.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{AttemptId, ExecutionArn, Header, Timestamp, Transition, Workflow};
use expr::Data;
use serde_json::json;
use shard::sim::Settings;
use shard::{
    Answer, Config, Effect, FunctionFacts, Input, LoadExecution, Pinned, Refusal, ReplyId, Shard,
    StartExecution,
};

use crate::world;

const NOW: Timestamp = Timestamp(1_767_225_600_000_000);

fn pinned() -> Arc<Pinned> {
    let definition = json!({ "StartAt": "A", "States": { "A": {
        "Type": "Task", "TimeoutSeconds": 9, "End": true,
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f",
    }}});
    let facts = FunctionFacts {
        is_sealed: true,
        is_idempotent: false,
    };
    let pinned = Pinned {
        machine: Arc::new(world::machine(&definition.to_string())),
        functions: Arc::new(BTreeMap::from([(Arc::from("f"), facts)])),
    };
    Arc::new(pinned)
}

/// A shard that has just started an execution whose sealed task runs ahead of the first commit.
fn started() -> (Shard, Vec<Effect>) {
    started_at(NOW)
}

fn started_at(now: Timestamp) -> (Shard, Vec<Effect>) {
    let header = Header {
        arn: Settings::execution(),
        name: "run".into(),
        machine_arn: "machine".into(),
        machine_name: "machine".into(),
        revision: "1".into(),
        role_arn: "role".into(),
        workflow: Workflow::Standard,
        input: Data::empty_object(),
        started_at: now,
        version_arn: None,
        alias_arn: None,
        trace_header: None,
    };
    let mut shard = Shard::new(Config::new(1, Settings::tokens()));
    let start = StartExecution {
        header,
        pinned: pinned(),
        reply: ReplyId(1),
    };
    let effects = shard.handle(Input::Start(Box::new(start)), now);
    (shard, effects)
}

fn refuse(shard: &mut Shard, refusal: Refusal) -> Vec<Effect> {
    let execution = Settings::execution();
    shard.handle(Input::Refused { execution, refusal }, NOW)
}

fn answers(effects: &[Effect]) -> Vec<&Answer> {
    let answers = effects.iter().filter_map(|effect| match effect {
        Effect::Answer { answer, .. } => Some(answer),
        _ => None,
    });
    answers.collect()
}

fn cancelled(effects: &[Effect]) -> Vec<AttemptId> {
    let cancel = |effect: &Effect| match effect {
        Effect::Cancel { attempt, .. } => Some(*attempt),
        _ => None,
    };
    effects.iter().filter_map(cancel).collect()
}

fn lost(effects: &[Effect]) -> Vec<&ExecutionArn> {
    let lost = effects.iter().filter_map(|effect| match effect {
        Effect::Lost { execution, .. } => Some(execution),
        _ => None,
    });
    lost.collect()
}

fn wakes_at(effects: &[Effect]) -> Option<Option<Timestamp>> {
    let wish = |effect: &Effect| match effect {
        Effect::WakeAt(at) => Some(*at),
        _ => None,
    };
    effects.iter().filter_map(wish).next_back()
}

#[test]
fn a_sealed_task_runs_and_nobody_is_told_before_the_first_commit() {
    let (_, effects) = started();
    let runs = |effect: &Effect| matches!(effect, Effect::Run(_));
    assert_eq!(effects.iter().filter(|effect| runs(effect)).count(), 1);
    assert_eq!(answers(&effects), [] as [&Answer; 0]);
    assert_eq!(wakes_at(&effects), Some(Some(NOW.plus_seconds(9))));
}

#[test]
fn a_name_that_is_taken_ends_what_ran_ahead() {
    let (mut shard, _) = started();
    let effects = refuse(&mut shard, Refusal::NameTaken);
    assert_eq!(answers(&effects), [&Answer::AlreadyExists]);
    assert_eq!(cancelled(&effects), [AttemptId(0)]);
    assert_eq!(lost(&effects), [] as [&ExecutionArn; 0]);
    assert_eq!(wakes_at(&effects), Some(None));
    assert!(shard.is_empty());
}

/// What a state starts may be stored already, and be loaded while the start of its name waits for its commit.
#[test]
fn an_execution_that_is_loaded_is_not_hidden_by_a_start_of_its_name() {
    let stored = {
        let (mut shard, effects) = started();
        let seq = submitted(&effects).last_seq();
        let execution = Settings::execution();
        shard.handle(Input::Durable { execution, seq }, NOW);
        submitted(&effects).clone()
    };
    let snapshot = stored.snapshot.as_deref().cloned();
    let execution = snapshot.unwrap_or_else(|| {
        let mut execution = engine::Execution::new();
        for event in &*stored.events {
            execution.apply(event).unwrap();
        }
        execution
    });
    let (mut shard, _) = started_at(NOW.plus_seconds(1));
    let load = LoadExecution {
        execution,
        pinned: pinned(),
        reply: ReplyId(2),
    };
    let effects = shard.handle(Input::Load(Box::new(load)), NOW);
    assert_eq!(answers(&effects), [&Answer::AlreadyExists, &Answer::Loaded]);
    assert_eq!(cancelled(&effects), [AttemptId(0)]);
    // The refusal of the start concerns nobody any more.
    let effects = refuse(&mut shard, Refusal::NameTaken);
    assert_eq!(answers(&effects), [] as [&Answer; 0]);
    assert_eq!(shard.len(), 1);
    assert!(wakes_at(&shard.handle(Input::Wake, NOW)).is_some());
}

fn submitted(effects: &[Effect]) -> &Transition {
    let mut submitted = effects.iter().filter_map(|effect| match effect {
        Effect::Submit(transition) => Some(&**transition),
        _ => None,
    });
    submitted.next().unwrap()
}

#[test]
fn an_execution_that_another_host_owns_is_lost_here() {
    let (mut shard, _) = started();
    let effects = refuse(&mut shard, Refusal::Fenced);
    assert!(
        matches!(answers(&effects)[..], [Answer::Failed(_)]),
        "{effects:?}"
    );
    assert_eq!(cancelled(&effects), [AttemptId(0)]);
    assert_eq!(lost(&effects), [&Settings::execution()]);
    assert_eq!(wakes_at(&effects), Some(None));
    assert!(shard.is_empty());
}

#[test]
fn what_comes_for_an_execution_that_is_gone_is_dropped() {
    let (mut shard, _) = started();
    refuse(&mut shard, Refusal::Fenced);
    let execution = Settings::execution();
    let late = [
        Input::Durable {
            execution: execution.clone(),
            seq: 3,
        },
        Input::Continue {
            execution: execution.clone(),
        },
        Input::Wake,
    ];
    for input in late {
        let effects = shard.handle(input, NOW.plus_seconds(60));
        assert!(effects.is_empty(), "{effects:?}");
    }
    let callback = Input::Callback {
        target: engine::TokenTarget {
            execution,
            started_at: NOW,
            attempt: AttemptId(0),
        },
        callback: shard::Callback::Heartbeat,
        reply: ReplyId(2),
    };
    let effects = shard.handle(callback, NOW);
    assert_eq!(answers(&effects), [&Answer::NoSuchExecution]);
}
