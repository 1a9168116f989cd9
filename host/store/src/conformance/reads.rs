//! Promises about reading: snapshots, timers and lists.

use std::sync::Arc;

use engine::{AttemptId, ExecutionArn, Status, TimerChange, TimerKey, Timestamp, Transition};
use serde_json::json;

use super::data::{
    arn, commit, commit_one, event, fold, good, history, holds, index, sequence, transition,
};
use crate::recover::recover;
use crate::store::{ConflictKind, DueTimer, Listing, Store};

pub(super) fn the_snapshot_and_the_events_after_it_give_the_fold(store: &dyn Store) {
    holds(
        good(recover(store, &arn("a"))).is_none(),
        "what was never written is not recovered",
    );
    good(commit_one(store, transition("a", 0, 3)));
    holds(
        good(store.snapshot(&arn("a"))).is_none(),
        "there is no snapshot until one is written",
    );
    holds(
        good(recover(store, &arn("a"))) == Some(fold(&history("a", 3))),
        "without a snapshot the fold of all events is the state",
    );
    let mut parked = transition("a", 3, 5);
    parked.snapshot = Some(Arc::new(fold(&history("a", 5))));
    good(commit_one(store, parked));
    good(commit_one(store, transition("a", 5, 8)));
    holds(
        good(store.snapshot(&arn("a"))).as_deref() == Some(&fold(&history("a", 5))),
        "the snapshot is the fold of the events up to it",
    );
    holds(
        good(recover(store, &arn("a"))) == Some(fold(&history("a", 8))),
        "the snapshot and the events after it give the fold of all",
    );
}

pub(super) fn due(name: &str, key: TimerKey, at: i64) -> DueTimer {
    DueTimer {
        execution: arn(name),
        key,
        at: Timestamp(at),
    }
}

pub(super) fn timers(store: &dyn Store, shard: u32, until: i64, max: usize) -> Vec<DueTimer> {
    good(store.timers_due(shard, Timestamp(until), max))
}

pub(super) fn timers_are_set_replaced_removed_and_read_by_time(store: &dyn Store) {
    let (wait, beat) = (
        TimerKey::Wait(AttemptId(1)),
        TimerKey::Heartbeat(AttemptId(2)),
    );
    let mut start = transition("a", 0, 2);
    start.timers = vec![
        TimerChange::Arm(TimerKey::Execution, Timestamp(90)),
        TimerChange::Arm(wait, Timestamp(20)),
        TimerChange::Arm(beat, Timestamp(30)),
    ];
    let mut other = transition("b", 0, 2);
    other.timers = vec![TimerChange::Arm(TimerKey::Execution, Timestamp(25))];
    let mut elsewhere = transition("c", 0, 2);
    elsewhere.shard = 7;
    elsewhere.timers = vec![TimerChange::Arm(TimerKey::Execution, Timestamp(1))];
    commit(store, vec![start, other, elsewhere]);

    holds(
        timers(store, 0, 19, 9).is_empty(),
        "what is not due is not read",
    );
    let wanted = [
        due("a", wait, 20),
        due("b", TimerKey::Execution, 25),
        due("a", beat, 30),
    ];
    holds(
        timers(store, 0, 30, 9) == wanted,
        "due timers are read by time",
    );
    holds(
        timers(store, 0, 90, 1) == wanted.get(..1).unwrap_or_default(),
        "no more timers than asked for",
    );
    holds(
        timers(store, 0, 30, 9).len() == 3,
        "reading a timer does not remove it",
    );

    let mut next = transition("a", 2, 3);
    next.timers = vec![
        TimerChange::Disarm(wait),
        TimerChange::Arm(beat, Timestamp(80)),
        TimerChange::Disarm(TimerKey::Retry(AttemptId(9))),
    ];
    let mut refused = transition("b", 0, 2);
    refused.timers = vec![TimerChange::Disarm(TimerKey::Execution)];
    commit(store, vec![next, refused]);
    let wanted = [
        due("b", TimerKey::Execution, 25),
        due("a", beat, 80),
        due("a", TimerKey::Execution, 90),
    ];
    holds(
        timers(store, 0, 1_000, 9) == wanted,
        "timers are replaced and removed, and only by transitions that are written",
    );
}

pub(super) fn ending(name: &str, expect_seq: u64) -> Transition {
    let seq = expect_seq + 1;
    let end = json!({ "ExecutionSucceeded": { "output": "{}" } });
    let mut transition = transition(name, 0, 1);
    transition.expect_seq = expect_seq;
    transition.events = Arc::new([event(seq, expect_seq, end)]);
    transition.index = index(name, Status::Succeeded, 1_000);
    transition
}

pub(super) fn an_ended_execution_has_no_timers_and_does_not_run(store: &dyn Store) {
    let mut start = transition("a", 0, 3);
    start.timers = vec![TimerChange::Arm(TimerKey::Execution, Timestamp(10))];
    good(commit_one(store, start));
    good(commit_one(store, ending("a", 3)));
    holds(
        timers(store, 0, 1_000, 9).is_empty(),
        "an ended execution has no timers",
    );
    holds(
        good(store.running(0, None, 9)).is_empty(),
        "an ended execution does not run",
    );
    holds(
        good(store.index(&arn("a"))).is_some_and(|index| index.status == Status::Succeeded)
            && sequence(store, "a", 0, 9) == [1, 2, 3, 4],
        "an ended execution can be read",
    );
    holds(
        commit_one(store, transition("a", 0, 2)) == Err(ConflictKind::NameTaken),
        "an ended execution keeps its name",
    );
}

pub(super) fn running_executions_are_paged_by_shard(store: &dyn Store) {
    for (name, shard) in [("d", 0), ("a", 0), ("b", 3), ("c", 0)] {
        let mut start = transition(name, 0, 2);
        start.shard = shard;
        good(commit_one(store, start));
    }
    let first = good(store.running(0, None, 2));
    holds(
        first == [arn("a"), arn("c")],
        "running executions are read by ARN",
    );
    holds(
        good(store.running(0, first.last(), 2)) == [arn("d")],
        "the next page follows the last one",
    );
    holds(
        good(store.running(3, None, 9)) == [arn("b")],
        "each shard has its own",
    );
}

pub(super) fn executions_are_listed_newest_first(store: &dyn Store) {
    for (name, started_at) in [("a", 10), ("b", 30), ("c", 30), ("d", 20)] {
        let mut start = transition(name, 0, 3);
        start.index = index(name, Status::Running, started_at);
        good(commit_one(store, start));
    }
    let mut end = ending("d", 3);
    end.index = index("d", Status::Succeeded, 20);
    good(commit_one(store, end));
    let mut listing = Listing {
        machine_arn: "machine".into(),
        qualified_arn: None,
        status: None,
        redriven: None,
        after: None,
        max: 3,
    };
    let page = good(store.list(&listing));
    let names = |page: &[crate::store::Listed]| -> Vec<ExecutionArn> {
        page.iter().map(|listed| listed.execution.clone()).collect()
    };
    holds(
        names(&page) == [arn("c"), arn("b"), arn("d")],
        "lists are newest first",
    );
    listing.after = page.last().map(crate::store::Listed::cursor);
    holds(
        names(&good(store.list(&listing))) == [arn("a")],
        "the next page goes on after the cursor",
    );
    listing.after = None;
    listing.status = Some(Status::Succeeded);
    holds(
        names(&good(store.list(&listing))) == [arn("d")],
        "a list can be of one status",
    );
    listing.machine_arn = "another".into();
    holds(
        good(store.list(&listing)).is_empty(),
        "a list is of one state machine",
    );
}

pub(super) fn what_was_never_written_is_not_there(store: &dyn Store) {
    holds(
        sequence(store, "a", 0, 9).is_empty()
            && good(store.snapshot(&arn("a"))).is_none()
            && good(store.index(&arn("a"))).is_none()
            && timers(store, 0, i64::MAX, 9).is_empty()
            && good(store.running(0, None, 9)).is_empty(),
        "an empty store is empty",
    );
    holds(
        commit(store, Vec::new()).is_empty(),
        "an empty group is no error",
    );
}
