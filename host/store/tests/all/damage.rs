//! A bit that flips is reported by whoever reads it, never obeyed (DESIGN D6).

use std::path::Path;

use engine::{Timestamp, Transition};
use rusqlite::Connection;
use rusqlite::types::Value;
use stepwell_store::{
    Change, ConflictKind, Error, Expect, OpenError, Scan, SqliteStore, Store, recover,
};

use crate::sqlite::{arn, commit, fold, fresh, grow, put};

fn sample() -> tempfile::TempDir {
    let (folder, store) = fresh();
    store.claim_shard(0).unwrap();
    commit(&store, grow("a", 0, 5)).unwrap();
    commit(&store, grow("b", 0, 5)).unwrap();
    store
        .write(vec![put("a", b"value"), put("b", b"value")])
        .unwrap();
    folder
}

/// Flips the lowest bit of a value in the first row of a table.
fn flip(folder: &Path, table: &str, column: &str) {
    let connection = Connection::open(folder.join("stepwell.db")).unwrap();
    let key = match table {
        "meta" => "key = 'revision'",
        "shard" => "shard = 0",
        "execution" => "arn = 'a'",
        "record" => "key = 'a'",
        _ => "execution = 1",
    };
    let sql = format!("SELECT {column} FROM {table} WHERE {key}");
    let value: Value = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
    let flipped = match value {
        Value::Null => Value::Integer(1),
        Value::Integer(number) => Value::Integer(number ^ 1),
        Value::Blob(mut bytes) => {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
            Value::Blob(bytes)
        }
        Value::Text(text) => Value::Text(format!("{text}!")),
        Value::Real(_) => unreachable!("no column holds a real number"),
    };
    let sql = format!("UPDATE {table} SET {column} = ?1 WHERE {key}");
    assert_eq!(connection.execute(&sql, [flipped]).unwrap(), 1);
}

fn is_damaged<T: std::fmt::Debug>(result: Result<T, Error>, table: &str) -> bool {
    match result {
        Err(error @ Error::DamagedRow { table: found, .. }) => {
            assert!(error.to_string().contains("restore"), "{error}");
            found == table
        }
        _ => false,
    }
}

#[test]
fn a_flipped_bit_in_any_row_is_reported() {
    type Read = fn(&SqliteStore) -> Result<(), Error>;
    let execution: Read = |store| store.index(&arn("a")).map(drop);
    let events: Read = |store| store.events(&arn("a"), 0, 99).map(drop);
    let snapshot: Read = |store| store.snapshot(&arn("a")).map(drop);
    let timers: Read = |store| store.timers_due(0, Timestamp(999), 9).map(drop);
    let record: Read = |store| store.records(&Scan::of("space", "a")).map(drop);
    let shard: Read = |store| store.claim_shard(0).map(drop);
    let cases: [(&str, &[&str], Read); 6] = [
        (
            "execution",
            &[
                "id",
                "shard",
                "seq",
                "machine",
                "version",
                "alias",
                "status",
                "started_at",
                "stopped_at",
                "redriven",
                "facts",
                "sum",
            ],
            execution,
        ),
        (
            "batch",
            &["first_seq", "count", "events", "sum", "shard"],
            events,
        ),
        ("snapshot", &["seq", "state", "sum"], snapshot),
        (
            "timer",
            &["kind", "attempt", "due_at", "sum", "execution"],
            timers,
        ),
        ("record", &["key", "revision", "value", "sum"], record),
        ("shard", &["epoch", "sum"], shard),
    ];
    for (table, columns, read) in cases {
        for column in columns {
            let folder = sample();
            // An id that is another's would be refused by the table itself.
            if (table, *column) == ("execution", "id") {
                let connection = Connection::open(folder.path().join("stepwell.db")).unwrap();
                connection
                    .execute("UPDATE execution SET id = 9 WHERE id = 1", [])
                    .unwrap();
            } else if (table, *column) == ("timer", "execution") {
                let connection = Connection::open(folder.path().join("stepwell.db")).unwrap();
                connection
                    .execute("UPDATE timer SET execution = 9 WHERE execution = 1", [])
                    .unwrap();
            } else {
                flip(folder.path(), table, column);
            }
            let store = SqliteStore::open(folder.path()).unwrap();
            assert!(is_damaged(read(&store), table), "{table}.{column}");
        }
    }
}

#[test]
fn a_flipped_bit_in_what_is_read_at_the_start_refuses_the_start() {
    for column in ["value", "sum"] {
        let folder = sample();
        flip(folder.path(), "meta", column);
        let error = SqliteStore::open(folder.path()).unwrap_err();
        assert!(matches!(error, OpenError::Damaged(_)), "{error}");
    }
}

#[test]
fn a_damaged_row_harms_nobody_else() {
    let folder = sample();
    flip(folder.path(), "execution", "facts");
    flip(folder.path(), "record", "value");
    let store = SqliteStore::open(folder.path()).unwrap();
    let next = |name| Transition {
        epoch: 1,
        ..grow(name, 5, 7)
    };
    let answers = store.commit(vec![next("a"), next("b")]).unwrap();
    assert_eq!(answers[0].as_ref().unwrap_err().kind, ConflictKind::Damaged);
    assert!(answers[1].is_ok());
    assert_eq!(recover(&store, &arn("b")).unwrap(), Some(fold("b", 7)));

    let over = |expect| {
        vec![Change::Put {
            space: "space",
            key: "a".into(),
            value: b"new".as_slice().into(),
            expect,
        }]
    };
    let group = vec![
        over(Expect::Revision(1)),
        over(Expect::Absent),
        put("b", b"new"),
    ];
    let answers = store.write(group).unwrap();
    assert!(answers[0].is_err() && answers[1].is_err() && answers[2].is_ok());
    assert!(store.write(vec![over(Expect::Anything)]).unwrap()[0].is_ok());
    let mended = store.record("space", "a").unwrap().unwrap();
    assert_eq!(&*mended.value, b"new", "a damaged record can be replaced");
}

#[test]
fn an_execution_that_only_seems_to_be_over_is_not_forgotten() {
    let folder = sample();
    let connection = Connection::open(folder.path().join("stepwell.db")).unwrap();
    connection
        .execute(
            "UPDATE execution SET status = 1, stopped_at = 1 WHERE arn = 'a'",
            [],
        )
        .unwrap();
    drop(connection);
    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.forget_ended(Timestamp(99), 9).unwrap(), 0);
    assert!(is_damaged(store.index(&arn("a")), "execution"));
}

#[test]
fn a_lost_row_of_events_is_reported() {
    let folder = sample();
    let store = SqliteStore::open(folder.path()).unwrap();
    commit(&store, grow("a", 5, 7)).unwrap();
    commit(&store, grow("a", 7, 9)).unwrap();
    drop(store);
    for first_seq in [1, 6, 8] {
        let copy = tempfile::tempdir().unwrap();
        let file = copy.path().join("stepwell.db");
        std::fs::copy(folder.path().join("stepwell.db"), &file).unwrap();
        let connection = Connection::open(&file).unwrap();
        let sql = "DELETE FROM batch WHERE execution = 1 AND first_seq = ?1";
        assert_eq!(connection.execute(sql, [first_seq]).unwrap(), 1);
        drop(connection);
        let store = SqliteStore::open(copy.path()).unwrap();
        assert!(
            is_damaged(store.events(&arn("a"), 0, 99), "batch"),
            "{first_seq}"
        );
    }
}
