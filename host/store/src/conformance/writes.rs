//! Promises about writing: sequence numbers, names, epochs, and who is affected by whom.

use std::sync::Arc;

use engine::Status;

use super::data::{
    arn, commit, commit_one, committed, fold, good, history, holds, index, sequence, transition,
};
use crate::store::{ConflictKind, Store};

pub(super) fn committed_events_are_read_back_in_order(store: &dyn Store) {
    holds(
        commit_one(store, transition("a", 0, 3)) == committed("a", 3),
        "a new execution is committed",
    );
    holds(
        commit_one(store, transition("a", 3, 7)) == committed("a", 7),
        "events that follow are committed",
    );
    let read = good(store.events(&arn("a"), 0, 100));
    holds(
        read == history("a", 7),
        "events are read as they were written",
    );
    holds(
        good(store.index(&arn("a"))) == Some(index("a", Status::Running, 1_000)),
        "the index is read as it was written",
    );
}

pub(super) fn a_range_of_events_is_read_across_commits(store: &dyn Store) {
    for (expect, last) in [(0, 3), (3, 4), (4, 9)] {
        good(commit_one(store, transition("a", expect, last)));
    }
    for after in 0..10 {
        for max in 0..10 {
            let wanted: Vec<u64> = (after + 1..=9).take(max).collect();
            holds(
                sequence(store, "a", after, max) == wanted,
                "a range of events is what was asked for",
            );
        }
    }
    holds(
        sequence(store, "a", u64::MAX, 5).is_empty(),
        "after the last number there are no events",
    );
}

pub(super) fn a_commit_that_expects_another_sequence_number_is_fenced(store: &dyn Store) {
    good(commit_one(store, transition("a", 0, 3)));
    for (expect, last) in [(1, 4), (2, 3), (4, 6)] {
        holds(
            commit_one(store, transition("a", expect, last)) == Err(ConflictKind::Fenced),
            "a commit on another sequence number is fenced",
        );
    }
    holds(
        commit_one(store, transition("b", 2, 4)) == Err(ConflictKind::Fenced),
        "an execution that is not there cannot be continued",
    );
    holds(
        sequence(store, "a", 0, 100) == [1, 2, 3] && sequence(store, "b", 0, 100).is_empty(),
        "a refused commit writes nothing",
    );
}

pub(super) fn events_that_leave_a_gap_are_refused(store: &dyn Store) {
    let mut gap = transition("a", 0, 4);
    gap.events = history("a", 4)
        .into_iter()
        .filter(|event| event.seq != 2)
        .collect();
    holds(commit_one(store, gap).is_err(), "a gap is refused");
    let mut empty = transition("a", 0, 4);
    empty.events = Arc::new([]);
    holds(
        commit_one(store, empty).is_err(),
        "a transition without events is refused",
    );
    let mut early = transition("a", 0, 4);
    early.snapshot = Some(Arc::new(fold(&history("a", 3))));
    holds(
        commit_one(store, early).is_err(),
        "a snapshot of another moment is refused",
    );
    holds(
        good(store.index(&arn("a"))).is_none(),
        "a refused start claims no name",
    );
}

pub(super) fn a_name_is_claimed_once(store: &dyn Store) {
    good(commit_one(store, transition("a", 0, 2)));
    holds(
        commit_one(store, transition("a", 0, 3)) == Err(ConflictKind::NameTaken),
        "a name is claimed once",
    );
    let group = vec![transition("b", 0, 2), transition("b", 0, 2)];
    let kinds: Vec<_> = commit(store, group)
        .into_iter()
        .map(|answer| answer.map_err(|conflict| conflict.kind))
        .collect();
    holds(
        kinds == [committed("b", 2), Err(ConflictKind::NameTaken)],
        "a name is claimed once within a group",
    );
}

pub(super) fn a_refused_transition_leaves_its_neighbours_alone(store: &dyn Store) {
    good(commit_one(store, transition("taken", 0, 2)));
    let group = vec![
        transition("a", 0, 2),
        transition("taken", 0, 2),
        transition("lost", 5, 6),
        transition("b", 0, 3),
    ];
    let answers = commit(store, group);
    let fine: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    holds(
        fine == [true, false, false, true],
        "a refused transition leaves its neighbours alone",
    );
    let names = [arn("a"), arn("taken"), arn("lost"), arn("b")];
    let named = answers.iter().map(|answer| match answer {
        Ok(committed) => &committed.execution,
        Err(conflict) => &conflict.execution,
    });
    holds(
        named.eq(names.iter()),
        "answers are in the order of the transitions",
    );
    holds(
        sequence(store, "b", 0, 9) == [1, 2, 3],
        "what comes after a refused transition is written",
    );
}

pub(super) fn two_transitions_of_one_execution_follow_each_other_in_a_group(store: &dyn Store) {
    let answers = commit(
        store,
        vec![
            transition("a", 0, 2),
            transition("a", 2, 3),
            transition("a", 3, 6),
        ],
    );
    holds(
        answers.iter().all(Result::is_ok) && sequence(store, "a", 0, 9) == [1, 2, 3, 4, 5, 6],
        "transitions of one execution follow each other in a group",
    );
}

pub(super) fn an_older_epoch_writes_nothing(store: &dyn Store) {
    let first = good(store.claim_shard(0));
    let mut start = transition("a", 0, 2);
    start.epoch = first;
    good(commit_one(store, start));
    let second = good(store.claim_shard(0));
    holds(second > first, "each claim gives a higher epoch");
    let mut stale = transition("a", 2, 3);
    stale.epoch = first;
    let mut stale_start = transition("b", 0, 3);
    stale_start.epoch = first;
    holds(
        commit_one(store, stale.clone()) == Err(ConflictKind::Fenced)
            && commit_one(store, stale_start) == Err(ConflictKind::Fenced),
        "the owner before writes nothing from the claim on",
    );
    holds(
        good(store.index(&arn("b"))).is_none(),
        "a fenced start claims no name",
    );
    let mut current = stale;
    current.epoch = second;
    holds(
        commit_one(store, current) == committed("a", 3),
        "the new owner goes on",
    );
    let other = good(store.claim_shard(1));
    holds(
        other <= second,
        "the epochs of two shards have nothing to do with each other",
    );
}

pub(super) fn another_shard_cannot_write_the_execution(store: &dyn Store) {
    good(commit_one(store, transition("a", 0, 2)));
    let mut stray = transition("a", 2, 3);
    stray.shard = 1;
    holds(
        commit_one(store, stray) == Err(ConflictKind::Fenced),
        "an execution belongs to one shard",
    );
}
