//! Promises about executions that are over: which are forgotten, what is left of them, and what becomes of
//! one that goes on. And about the filters of lists, which are mostly asked for those.

use engine::{ExecutionArn, Index, Status, TimerChange, TimerKey, Timestamp};
use serde_json::json;

use super::data::{
    arn, commit_one, event, fold, good, history, holds, index, sequence, transition,
};
use super::reads::{ending, timers};
use crate::recover::recover;
use crate::store::{Listing, Store};

fn listing() -> Listing {
    Listing {
        machine_arn: "machine".into(),
        qualified_arn: None,
        status: None,
        redriven: None,
        after: None,
        max: 99,
    }
}

fn names(store: &dyn Store, listing: &Listing) -> Vec<ExecutionArn> {
    let listed = good(store.list(listing));
    listed.into_iter().map(|listed| listed.execution).collect()
}

fn end_at(store: &dyn Store, name: &str, stopped_at: i64) {
    good(commit_one(store, transition(name, 0, 3)));
    let mut end = ending(name, 3);
    end.index.stopped_at = Some(Timestamp(stopped_at));
    good(commit_one(store, end));
}

fn is_there(store: &dyn Store, name: &str) -> bool {
    good(store.index(&arn(name))).is_some()
}

pub(super) fn executions_that_ended_before_a_moment_are_forgotten(store: &dyn Store) {
    good(commit_one(store, transition("runs", 0, 3)));
    // The clock went backwards between them.
    for (name, stopped_at) in [("d", 40), ("b", 20), ("c", 30), ("a", 10)] {
        end_at(store, name, stopped_at);
    }
    let forget = |before, max| good(store.forget_ended(Timestamp(before), max));
    holds(forget(10, 9) == 0, "what ended at the moment is kept");
    holds(forget(99, 0) == 0, "no more than asked for");
    holds(
        forget(99, 1) == 1 && !is_there(store, "a") && is_there(store, "b"),
        "the first to end is forgotten first",
    );
    holds(
        forget(31, 9) == 2,
        "all that ended before are forgotten, and counted",
    );
    holds(
        names(store, &listing()) == [arn("runs"), arn("d")],
        "what ended later is kept",
    );
    holds(
        forget(i64::MAX, 9) == 1 && is_there(store, "runs"),
        "what runs is not forgotten",
    );
}

pub(super) fn nothing_is_left_of_what_was_forgotten(store: &dyn Store) {
    let mut start = transition("a", 0, 5);
    start.snapshot = Some(std::sync::Arc::new(fold(&history("a", 5))));
    start.timers = vec![TimerChange::Arm(TimerKey::Execution, Timestamp(5))];
    good(commit_one(store, start));
    good(commit_one(store, ending("a", 5)));
    holds(
        good(store.forget_ended(Timestamp(i64::MAX), 9)) == 1,
        "an ended execution is forgotten",
    );
    holds(
        !is_there(store, "a")
            && sequence(store, "a", 0, 9).is_empty()
            && good(store.snapshot(&arn("a"))).is_none()
            && names(store, &listing()).is_empty(),
        "a forgotten execution is not there",
    );
    good(commit_one(store, transition("a", 0, 2)));
    holds(
        good(recover(store, &arn("a"))) == Some(fold(&history("a", 2)))
            && sequence(store, "a", 0, 9) == [1, 2]
            && timers(store, 0, i64::MAX, 9).is_empty(),
        "the name may be used again, and nothing of the one before is found under it",
    );
}

pub(super) fn an_execution_that_is_redriven_runs_again(store: &dyn Store) {
    end_at(store, "a", 10);
    let mut again = transition("a", 0, 1);
    again.expect_seq = 4;
    let entered = json!({ "StateEntered": { "state": 0, "input": "{}" } });
    again.events = std::sync::Arc::new([event(5, 4, entered)]);
    again.index.redrive_count = 1;
    again.timers = vec![TimerChange::Arm(TimerKey::Execution, Timestamp(50))];
    good(commit_one(store, again));
    holds(
        good(store.running(0, None, 9)) == [arn("a")]
            && timers(store, 0, 99, 9).len() == 1
            && good(store.forget_ended(Timestamp(i64::MAX), 9)) == 0,
        "an execution that is redriven runs again, and is not forgotten",
    );
    good(commit_one(store, ending("a", 5)));
    holds(
        good(store.running(0, None, 9)).is_empty()
            && good(store.forget_ended(Timestamp(i64::MAX), 9)) == 1,
        "it ends again, and is forgotten then",
    );
}

pub(super) fn an_execution_may_be_redriven_and_end_in_one_transition(store: &dyn Store) {
    end_at(store, "a", 10);
    let mut again = ending("a", 4);
    again.index.redrive_count = 1;
    good(commit_one(store, again));
    holds(
        good(store.running(0, None, 9)).is_empty()
            && good(store.forget_ended(Timestamp(i64::MAX), 9)) == 1,
        "an execution that failed again at once does not run, and is forgotten once",
    );
}

/// Executions of every combination of what lists filter by.
fn mixed() -> Vec<(String, Index)> {
    let through = [
        (None, None),
        (Some("machine:1"), None),
        (Some("machine:1"), Some("machine:live")),
        (Some("machine:2"), Some("machine:live")),
    ];
    let mut mixed = Vec::new();
    for (version, alias) in through {
        for status in [
            Status::Running,
            Status::Succeeded,
            Status::Failed,
            Status::TimedOut,
            Status::Aborted,
        ] {
            for redrive_count in [0, 2] {
                let number = mixed.len();
                let name = format!("e{}", number * 7 % 40);
                // Some start in the same µs.
                let started_at = i64::try_from(number / 3).unwrap_or(0);
                let mut index = index(&name, status, started_at);
                index.version_arn = version.map(Into::into);
                index.alias_arn = alias.map(Into::into);
                index.redrive_count = redrive_count;
                mixed.push((name, index));
            }
        }
    }
    mixed
}

pub(super) fn lists_show_what_is_asked_for(store: &dyn Store) {
    let mut all = mixed();
    for (name, index) in &all {
        let mut start = transition(name, 0, 2);
        start.index = index.clone();
        good(commit_one(store, start));
    }
    let mut other = transition("other", 0, 2);
    other.index.machine_arn = "another".into();
    other.index.version_arn = Some("machine:1".into());
    good(commit_one(store, other));
    all.sort_by_key(|(name, index)| std::cmp::Reverse((index.started_at, arn(name))));

    let statuses = [
        None,
        Some(Status::Running),
        Some(Status::Failed),
        Some(Status::Aborted),
    ];
    for qualified in [
        None,
        Some("machine:1"),
        Some("machine:live"),
        Some("machine:9"),
    ] {
        for status in statuses {
            for redriven in [None, Some(false), Some(true)] {
                let mut listing = Listing {
                    qualified_arn: qualified.map(Into::into),
                    status,
                    redriven,
                    max: 3,
                    ..listing()
                };
                let wanted: Vec<ExecutionArn> = all
                    .iter()
                    .filter(|(_, index)| listing.wants(index))
                    .map(|(name, _)| arn(name))
                    .collect();
                let mut found = Vec::new();
                loop {
                    let page = good(store.list(&listing));
                    let Some(last) = page.last() else { break };
                    holds(page.len() <= 3, "a page is no longer than asked for");
                    listing.after = Some(last.cursor());
                    found.extend(page.into_iter().map(|listed| listed.execution));
                }
                holds(
                    found == wanted,
                    &format!("a list shows what is asked for: {listing:?}"),
                );
            }
        }
    }
}

pub(super) fn a_cursor_outlives_its_execution(store: &dyn Store) {
    for (name, stopped_at) in [("a", 30), ("b", 20), ("c", 10)] {
        end_at(store, name, stopped_at);
    }
    let mut listing = listing();
    listing.max = 2;
    let page = good(store.list(&listing));
    listing.after = page.last().map(crate::store::Listed::cursor);
    holds(
        good(store.forget_ended(Timestamp(30), 9)) == 2,
        "the first page is forgotten",
    );
    holds(
        names(store, &listing) == [arn("a")],
        "a list goes on after an execution that is not there any more",
    );
}
