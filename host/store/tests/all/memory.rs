//! The memory store keeps every promise of the trait, and forgets what is over within its limits.

use std::sync::Arc;

use engine::{Event, ExecutionArn, Index, Status, Timestamp, Transition};
use serde_json::json;
use stepwell_store::{MemoryStore, Store};

#[test]
fn the_memory_store_conforms() {
    stepwell_store::conformance::check(MemoryStore::new);
}

/// A whole execution in one transition, with an output of `bytes`.
pub(crate) fn ended(name: &str, bytes: usize) -> Transition {
    let execution = ExecutionArn(name.into());
    let event: Event = serde_json::from_value(json!({
        "seq": 1, "at": 1, "history": { "id": 1, "previous": 0 }, "frame": 0,
        "kind": { "StateExited": {
            "output": format!("\"{}\"", "x".repeat(bytes)), "assigned": [], "went": "End",
        }},
    }))
    .unwrap();
    Transition {
        execution,
        shard: 0,
        epoch: 1,
        expect_seq: 0,
        events: Arc::new([event]),
        snapshot: None,
        timers: Vec::new(),
        index: Index {
            machine_arn: "machine".into(),
            name: name.into(),
            status: Status::Succeeded,
            started_at: Timestamp(1),
            stopped_at: Some(Timestamp(2)),
            version_arn: None,
            alias_arn: None,
            redrive_count: 0,
            redriven_at: None,
        },
    }
}

fn kept(store: &MemoryStore, names: &[&str]) -> Vec<bool> {
    let is_there = |name: &&str| {
        store
            .index(&ExecutionArn((*name).into()))
            .unwrap()
            .is_some()
    };
    names.iter().map(is_there).collect()
}

#[test]
fn the_executions_that_ended_first_are_forgotten_first() {
    let store = MemoryStore::with_limits(2, 1_000_000);
    for name in ["a", "b", "c"] {
        store.commit(vec![ended(name, 1)]).unwrap();
    }
    assert_eq!(kept(&store, &["a", "b", "c"]), [false, true, true]);
    let again = store.commit(vec![ended("a", 1)]).unwrap();
    assert!(again[0].is_ok(), "a forgotten name is free");
}

#[test]
fn payload_counts_and_the_last_execution_is_kept_however_large() {
    let store = MemoryStore::with_limits(100, 10_000);
    store
        .commit(vec![ended("a", 4_000), ended("b", 4_000)])
        .unwrap();
    assert_eq!(kept(&store, &["a", "b"]), [true, true]);
    store.commit(vec![ended("c", 50_000)]).unwrap();
    assert_eq!(kept(&store, &["a", "b", "c"]), [false, false, true]);
}
