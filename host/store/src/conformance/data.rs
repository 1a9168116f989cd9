//! What the suite writes, and how it says what it expects. A history is written out as data: it goes
//! from state to state and then ends.

use engine::{Event, Execution, ExecutionArn, Index, Status, Timestamp, Transition};
use serde_json::{Value, json};

use crate::store::{Committed, Conflict, ConflictKind, Store};

/// ARN of an execution of the suite.
pub(super) fn arn(name: &str) -> ExecutionArn {
    ExecutionArn(format!("arn:aws:states:us-east-1:123456789012:execution:machine:{name}").into())
}

pub(super) fn event(seq: u64, previous: u64, kind: Value) -> Event {
    let event = json!({
        "seq": seq,
        "at": seq * 1_000,
        "history": { "id": seq, "previous": previous },
        "frame": 0,
        "kind": kind,
    });
    parse(event)
}

pub(super) fn parse<T: serde::de::DeserializeOwned>(value: Value) -> T {
    match serde_json::from_value(value) {
        Ok(parsed) => parsed,
        Err(error) => broken(&format!("the suite's own data is wrong: {error}")),
    }
}

/// A history of one execution that goes from state to state and then ends: events 1..=`length`.
pub(super) fn history(name: &str, length: u64) -> Vec<Event> {
    let header = json!({
        "arn": arn(name), "name": name, "machine_arn": "machine", "machine_name": "machine",
        "revision": "1", "role_arn": "role", "workflow": "Standard", "input": "{}",
        "started_at": 1_000,
    });
    let start = json!({ "ExecutionStarted": {
        "header": header, "place": { "scope": 0, "start_at": 0 },
    }});
    let mut events = vec![event(1, 0, start)];
    for seq in 2..=length {
        let data = format!("{{\"n\":{}}}", seq / 2);
        let kind = if seq % 2 == 1 {
            json!({ "StateExited": { "output": data, "assigned": [], "went": { "Next": 0 } } })
        } else if seq == 2 {
            json!({ "StateEntered": { "state": 0, "input": "{}" } })
        } else {
            let before = format!("{{\"n\":{}}}", (seq - 1) / 2);
            json!({ "StateEntered": { "state": 0, "input": before } })
        };
        events.push(event(seq, seq - 1, kind));
    }
    events
}

pub(super) fn fold(events: &[Event]) -> Execution {
    let mut execution = Execution::new();
    for event in events {
        if let Err(illegal) = execution.apply(event) {
            broken(&format!("the suite's own history is wrong: {illegal}"));
        }
    }
    execution
}

/// The transition that adds the events after `expect_seq` up to `last_seq`.
pub(super) fn transition(name: &str, expect_seq: u64, last_seq: u64) -> Transition {
    let events: Vec<Event> = history(name, last_seq)
        .into_iter()
        .filter(|event| event.seq > expect_seq)
        .collect();
    Transition {
        execution: arn(name),
        shard: 0,
        epoch: 1,
        expect_seq,
        events: events.into(),
        snapshot: None,
        timers: Vec::new(),
        index: index(name, Status::Running, 1_000),
    }
}

pub(super) fn index(name: &str, status: Status, started_at: i64) -> Index {
    Index {
        machine_arn: "machine".into(),
        name: name.into(),
        status,
        started_at: Timestamp(started_at),
        stopped_at: (status != Status::Running).then_some(Timestamp(started_at + 1)),
        version_arn: None,
        alias_arn: None,
        redrive_count: 0,
        redriven_at: None,
    }
}

pub(super) fn broken(promise: &str) -> ! {
    #[expect(clippy::panic, reason = "this is what a test does")]
    {
        panic!("{promise}")
    }
}

pub(super) fn holds(truth: bool, promise: &str) {
    if !truth {
        broken(promise);
    }
}

pub(super) fn good<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => broken(&format!("the store failed: {error}")),
    }
}

pub(super) type Answers = Vec<Result<Committed, Conflict>>;

pub(super) fn commit(store: &dyn Store, group: Vec<Transition>) -> Answers {
    let asked = group.len();
    let answers = good(store.commit(group));
    holds(answers.len() == asked, "every transition gets an answer");
    answers
}

pub(super) fn commit_one(
    store: &dyn Store,
    transition: Transition,
) -> Result<Committed, ConflictKind> {
    match commit(store, vec![transition]).pop() {
        Some(answer) => answer.map_err(|conflict| conflict.kind),
        None => broken("a transition gets an answer"),
    }
}

pub(super) fn committed(name: &str, seq: u64) -> Result<Committed, ConflictKind> {
    Ok(Committed {
        execution: arn(name),
        seq,
    })
}

pub(super) fn sequence(store: &dyn Store, name: &str, after: u64, max: usize) -> Vec<u64> {
    good(store.events(&arn(name), after, max))
        .iter()
        .map(|event| event.seq)
        .collect()
}
