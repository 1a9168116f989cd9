//! Promises about records: what guards a write, what a batch is, and in which order scans read.

use std::sync::Arc;

use super::data::{broken, good, holds};
use crate::record::{Batch, Change, Expect, Record, Scan, Space};
use crate::store::Store;

const SPACE: Space = "suite.one";
const OTHER: Space = "suite.two";

fn put(space: Space, key: &str, value: &str, expect: Expect) -> Change {
    Change::Put {
        space,
        key: key.into(),
        value: value.as_bytes().into(),
        expect,
    }
}

fn delete(key: &str, expect: Expect) -> Change {
    Change::Delete {
        space: SPACE,
        key: key.into(),
        expect,
    }
}

/// The keys of the refused batches, in the order of the group; `None`: written.
fn write(store: &dyn Store, group: Vec<Batch>) -> Vec<Option<String>> {
    let asked = group.len();
    let answers = good(store.write(group));
    holds(answers.len() == asked, "every batch gets an answer");
    answers
        .into_iter()
        .map(|answer| answer.err().map(|stale| stale.key.to_string()))
        .collect()
}

fn write_one(store: &dyn Store, batch: Batch) -> bool {
    write(store, vec![batch]) == [None]
}

fn put_all(store: &dyn Store, space: Space, keys: &[&str]) {
    let batch = keys.iter().map(|key| put(space, key, key, Expect::Absent));
    holds(write_one(store, batch.collect()), "new records are written");
}

fn record(store: &dyn Store, key: &str) -> Option<Record> {
    good(store.record(SPACE, key))
}

fn revision(store: &dyn Store, key: &str) -> u64 {
    match record(store, key) {
        Some(record) => record.revision,
        None => broken("a record that was written is there"),
    }
}

fn value(store: &dyn Store, key: &str) -> Option<String> {
    record(store, key).map(|record| String::from_utf8_lossy(&record.value).into_owned())
}

fn keys(store: &dyn Store, space: Space) -> Vec<String> {
    let records = good(store.records(&Scan::of(space, "")));
    records
        .iter()
        .map(|record| record.key.to_string())
        .collect()
}

pub(super) fn a_record_is_read_as_it_was_written(store: &dyn Store) {
    holds(
        record(store, "a").is_none() && keys(store, SPACE).is_empty(),
        "an empty store has no records",
    );
    let bytes: Arc<[u8]> = (0..=u8::MAX).collect();
    let batch = vec![
        Change::Put {
            space: SPACE,
            key: "a".into(),
            value: bytes.clone(),
            expect: Expect::Absent,
        },
        put(SPACE, "empty", "", Expect::Absent),
        put(OTHER, "a", "another", Expect::Absent),
    ];
    holds(write_one(store, batch), "new records are written");
    holds(
        record(store, "a").is_some_and(|record| record.value == bytes && &*record.key == "a")
            && value(store, "empty").as_deref() == Some(""),
        "a record is read as it was written",
    );
    holds(
        keys(store, SPACE) == ["a", "empty"] && keys(store, OTHER) == ["a"],
        "each space has its own records",
    );
    holds(
        write(store, Vec::new()).is_empty(),
        "an empty group is no error",
    );
    holds(write_one(store, Vec::new()), "an empty batch is written");
}

pub(super) fn a_record_is_written_only_over_what_its_writer_believes(store: &dyn Store) {
    let absent = || put(SPACE, "a", "1", Expect::Absent);
    holds(
        !write_one(store, vec![put(SPACE, "a", "0", Expect::Revision(1))]),
        "what is not there stands at no revision",
    );
    holds(
        write_one(store, vec![absent()]),
        "what is not there may be made",
    );
    holds(
        !write_one(store, vec![absent()]),
        "what is there is not made again",
    );
    let first = revision(store, "a");
    let change = |revision| vec![put(SPACE, "a", "2", Expect::Revision(revision))];
    holds(
        !write_one(store, change(first + 1)) && value(store, "a").as_deref() == Some("1"),
        "a record is not changed over another revision",
    );
    holds(
        write_one(store, change(first)),
        "a record is changed over its revision",
    );
    holds(
        !write_one(store, change(first)) && revision(store, "a") > first,
        "every write gives a higher revision",
    );
    holds(
        write_one(store, vec![put(SPACE, "a", "3", Expect::Anything)]),
        "a record is changed over any revision when the writer does not mind",
    );
    let last = revision(store, "a");
    holds(
        !write_one(store, vec![delete("a", Expect::Revision(first))])
            && !write_one(store, vec![delete("a", Expect::Absent)])
            && value(store, "a").as_deref() == Some("3"),
        "a record is not removed over another revision",
    );
    holds(
        write_one(store, vec![delete("a", Expect::Revision(last))]) && record(store, "a").is_none(),
        "a record is removed over its revision",
    );
    holds(
        write_one(
            store,
            vec![delete("a", Expect::Anything), delete("b", Expect::Absent)],
        ),
        "what is not there may be removed",
    );
}

pub(super) fn a_revision_is_never_used_again(store: &dyn Store) {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..3 {
        for _ in 0..2 {
            let change = vec![put(SPACE, "a", "same", Expect::Anything)];
            holds(write_one(store, change), "a record is written");
            holds(
                seen.insert(revision(store, "a")),
                "a revision is never used again, also when the record is made anew",
            );
        }
        holds(
            write_one(store, vec![delete("a", Expect::Anything)]),
            "a record is removed",
        );
    }
}

pub(super) fn a_batch_is_written_whole_or_not_at_all(store: &dyn Store) {
    put_all(store, SPACE, &["taken"]);
    let batch = vec![
        put(SPACE, "a", "1", Expect::Absent),
        delete("taken", Expect::Anything),
        put(SPACE, "taken", "2", Expect::Absent),
        put(SPACE, "b", "1", Expect::Revision(9)),
    ];
    holds(
        write(store, vec![batch]) == [Some(String::from("taken"))],
        "a batch is compared with what was there before it; the first record that differs is named",
    );
    holds(
        keys(store, SPACE) == ["taken"] && value(store, "taken").as_deref() == Some("taken"),
        "a refused batch writes nothing",
    );
    let batch = vec![
        put(SPACE, "a", "1", Expect::Absent),
        put(SPACE, "a", "2", Expect::Absent),
        put(OTHER, "b", "1", Expect::Anything),
        delete("taken", Expect::Anything),
    ];
    holds(
        write_one(store, batch)
            && value(store, "a").as_deref() == Some("2")
            && keys(store, OTHER) == ["b"]
            && record(store, "taken").is_none(),
        "the changes of a batch are made in order, over all spaces",
    );
}

pub(super) fn a_refused_batch_leaves_its_neighbours_alone(store: &dyn Store) {
    let make = |key| vec![put(SPACE, key, key, Expect::Absent)];
    let group = vec![
        make("a"),
        make("a"),
        make("b"),
        vec![delete("b", Expect::Absent)],
    ];
    let refused: Vec<bool> = write(store, group).iter().map(Option::is_some).collect();
    holds(
        refused == [false, true, false, true],
        "batches of a group follow each other, and one that is refused leaves the others alone",
    );
    holds(
        keys(store, SPACE) == ["a", "b"],
        "what was not refused is written",
    );
}

/// Keys around everything that could be sorted or cut wrongly.
const KEYS: [&str; 15] = [
    "",
    "A",
    "a",
    "a\0",
    "a\0b",
    "a/",
    "a/1",
    "a/10",
    "a/2",
    "a0",
    "b",
    "ä",
    "\u{d7ff}",
    "\u{e000}x",
    "\u{10ffff}z",
];

pub(super) fn scans_read_records_in_the_order_of_their_keys(store: &dyn Store) {
    put_all(store, SPACE, &KEYS);
    put_all(store, OTHER, &["a", "zz"]);
    let prefixes = [
        "",
        "a",
        "a/",
        "a/1",
        "c",
        "\u{d7ff}",
        "\u{10ffff}",
        "\u{e000}",
    ];
    let afters = KEYS
        .iter()
        .map(Some)
        .chain([None, Some(&"a/11"), Some(&"zz"), Some(&"Z")]);
    for after in afters {
        for prefix in prefixes {
            for (backwards, max) in [(false, 99), (false, 2), (true, 99), (true, 2), (true, 0)] {
                let scan = Scan {
                    space: SPACE,
                    prefix: prefix.into(),
                    after: after.map(|after| Arc::from(*after)),
                    backwards,
                    max,
                };
                let mut wanted: Vec<&str> = KEYS.to_vec();
                wanted.sort_unstable();
                if backwards {
                    wanted.reverse();
                }
                wanted.retain(|key| {
                    let is_beyond =
                        after.is_none_or(|after| if backwards { key < after } else { key > after });
                    key.starts_with(prefix) && is_beyond
                });
                wanted.truncate(max);
                let found = good(store.records(&scan));
                holds(
                    found.iter().map(|record| &*record.key).eq(wanted),
                    &format!("a scan reads what it asks for: {scan:?}"),
                );
            }
        }
    }
}

pub(super) fn records_are_removed_by_prefix(store: &dyn Store) {
    for prefix in ["a", "a/", "c", "\u{d7ff}", "\u{10ffff}", ""] {
        put_all(store, SPACE, &KEYS);
        put_all(store, OTHER, &KEYS);
        let remove = Change::DeletePrefix {
            space: SPACE,
            prefix: prefix.into(),
        };
        holds(
            write_one(store, vec![remove]),
            "records are removed by prefix",
        );
        let mut left: Vec<&str> = KEYS
            .iter()
            .copied()
            .filter(|key| !key.starts_with(prefix))
            .collect();
        left.sort_unstable();
        holds(
            keys(store, SPACE) == left && keys(store, OTHER).len() == KEYS.len(),
            &format!("every record with the prefix {prefix:?} is removed, and no other"),
        );
        let clear = |space| Change::DeletePrefix {
            space,
            prefix: "".into(),
        };
        holds(
            write_one(store, vec![clear(SPACE), clear(OTHER)]),
            "a space is cleared",
        );
    }
}
