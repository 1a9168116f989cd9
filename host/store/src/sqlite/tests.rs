//! What only the inside can arrange: a disk that is full, a file of a newer version.

use engine::{Event, ExecutionArn, Index, Status, Timestamp, Transition};
use serde_json::json;

use super::rows::set_meta;
use super::schema::FORMAT;
use super::{OpenError, SqliteStore};
use crate::error::Error;
use crate::record::{Change, Expect, Scan};
use crate::store::Store;

fn start(name: &str, bytes: usize) -> Transition {
    let event: Event = serde_json::from_value(json!({
        "seq": 1, "at": 1, "history": null, "frame": 0,
        "kind": { "StateExited": {
            "output": format!("\"{}\"", "x".repeat(bytes)), "assigned": [], "went": "End",
        }},
    }))
    .unwrap();
    Transition {
        execution: ExecutionArn(name.into()),
        shard: 0,
        epoch: 1,
        expect_seq: 0,
        events: [event].into(),
        snapshot: None,
        timers: Vec::new(),
        index: Index {
            machine_arn: "machine".into(),
            name: name.into(),
            status: Status::Running,
            started_at: Timestamp(1),
            stopped_at: None,
            version_arn: None,
            alias_arn: None,
            redrive_count: 0,
            redriven_at: None,
        },
    }
}

fn put(key: &str) -> Vec<Change> {
    vec![Change::Put {
        space: "space",
        key: key.into(),
        value: vec![1; 100_000].into(),
        expect: Expect::Anything,
    }]
}

fn fill(store: &SqliteStore) {
    let writer = store.lock();
    let pages: i64 = writer
        .connection
        .pragma_query_value(None, "page_count", |row| row.get(0))
        .unwrap();
    let sql = format!("PRAGMA max_page_count = {pages}");
    writer.connection.query_row(&sql, [], |_| Ok(())).unwrap();
}

#[test]
fn a_store_whose_write_failed_says_nothing_more_and_is_whole_when_opened_anew() {
    type Attempt = fn(&SqliteStore) -> Option<Error>;
    let attempts: [Attempt; 2] = [
        |store| {
            let group = vec![start("small", 1), start("large", 1_000_000)];
            store.commit(group).err()
        },
        |store| store.write(vec![put("b"), put("c")]).err(),
    ];
    for attempt in attempts {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).unwrap();
        let before = ExecutionArn("before".into());
        assert!(store.commit(vec![start("before", 1)]).unwrap()[0].is_ok());
        assert!(store.write(vec![put("a")]).unwrap()[0].is_ok());
        fill(&store);
        let error = attempt(&store).unwrap();
        let said = error.to_string();
        assert!(
            matches!(error, Error::Dead(_)) && said.contains("make room"),
            "{said}"
        );

        let dead = Some(error);
        assert_eq!(store.commit(vec![start("after", 1)]).err(), dead);
        assert_eq!(store.write(vec![put("d")]).err(), dead);
        assert_eq!(store.claim_shard(0).err(), dead);
        assert_eq!(store.forget_ended(Timestamp(9), 9).err(), dead);
        assert_eq!(store.checkpoint().err(), dead);
        assert_eq!(store.index(&before).err(), dead, "reads fail too");
        assert_eq!(store.records(&Scan::of("space", "")).err(), dead);
        drop(store);

        let store = SqliteStore::open(folder.path()).unwrap();
        assert_eq!(store.running(0, None, 9).unwrap(), [before]);
        assert_eq!(store.records(&Scan::of("space", "")).unwrap().len(), 1);
        assert!(store.commit(vec![start("after", 1)]).unwrap()[0].is_ok());
    }
}

#[test]
fn a_store_of_a_newer_version_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    for (format, is_known) in [(FORMAT, true), (FORMAT + 1, false)] {
        let connection = SqliteStore::open(folder.path()).unwrap();
        set_meta(&connection.lock().connection, "format", format)
            .ok()
            .unwrap();
        drop(connection);
        let bytes = std::fs::read(folder.path().join("stepwell.db")).unwrap();
        let opened = SqliteStore::open(folder.path());
        match opened {
            Ok(_) => assert!(is_known),
            Err(error) => {
                assert!(
                    !is_known
                        && matches!(
                            error,
                            OpenError::Newer {
                                found: 2,
                                known: 1,
                                ..
                            }
                        ),
                    "{error}"
                );
                let after = std::fs::read(folder.path().join("stepwell.db")).unwrap();
                assert!(bytes == after, "it was written to");
            }
        }
    }
}
