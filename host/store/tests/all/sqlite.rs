//! The SQLite store keeps every promise of the trait; what is in its folder is there when it is opened
//! again, whole and for one process at a time.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use engine::{
    Event, Execution, ExecutionArn, Index, Status, TimerChange, TimerKey, Timestamp, Transition,
};
use serde_json::json;
use stepwell_store::{
    Change, ConflictKind, Expect, OpenError, Scan, SqliteStore, Store, limits, recover,
};
use tempfile::TempDir;

#[test]
fn the_sqlite_store_conforms() {
    let mut folders = Vec::new();
    stepwell_store::conformance::check(|| {
        let (folder, store) = fresh();
        folders.push(folder);
        store
    });
}

pub(crate) fn fresh() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    (folder, store)
}

pub(crate) fn arn(name: &str) -> ExecutionArn {
    ExecutionArn(name.into())
}

fn history(name: &str, last_seq: u64) -> Vec<Event> {
    let exited = |seq: u64| {
        json!({ "StateExited": {
            "output": format!("{seq}"), "assigned": [], "went": { "Next": 0 },
        }})
    };
    let entered = |seq: u64| {
        json!({ "StateEntered": {
            "state": 0, "input": if seq == 2 { String::from("{}") } else { format!("{}", seq - 1) },
        }})
    };
    let started = json!({ "ExecutionStarted": {
        "header": {
            "arn": name, "name": name, "machine_arn": "machine", "machine_name": "machine",
            "revision": "1", "role_arn": "role", "workflow": "Standard", "input": "{}",
            "started_at": 1,
        },
        "place": { "scope": 0, "start_at": 0 },
    }});
    let event = |seq: u64| {
        let kind = match seq {
            1 => started.clone(),
            seq if seq % 2 == 0 => entered(seq),
            seq => exited(seq),
        };
        let event = json!({
            "seq": seq, "at": seq, "history": { "id": seq, "previous": seq - 1 }, "frame": 0,
            "kind": kind,
        });
        serde_json::from_value(event).unwrap()
    };
    (1..=last_seq).map(event).collect()
}

pub(crate) fn fold(name: &str, last_seq: u64) -> Execution {
    let mut execution = Execution::new();
    for event in history(name, last_seq) {
        execution.apply(&event).unwrap();
    }
    execution
}

/// Adds the events up to `last_seq`; the first one also writes a snapshot and a timer.
pub(crate) fn grow(name: &str, expect_seq: u64, last_seq: u64) -> Transition {
    let events = history(name, last_seq).split_off(usize::try_from(expect_seq).unwrap());
    let is_first = expect_seq == 0;
    Transition {
        execution: arn(name),
        shard: 0,
        epoch: 1,
        expect_seq,
        events: events.into(),
        snapshot: is_first.then(|| Arc::new(fold(name, last_seq))),
        timers: Vec::from_iter(
            is_first.then_some(TimerChange::Arm(TimerKey::Execution, Timestamp(50))),
        ),
        index: Index {
            machine_arn: "machine".into(),
            name: name.into(),
            status: Status::Running,
            started_at: Timestamp(1),
            stopped_at: None,
            version_arn: Some("machine:1".into()),
            alias_arn: Some("machine:live".into()),
            redrive_count: 0,
            redriven_at: None,
        },
    }
}

pub(crate) fn commit(store: &SqliteStore, transition: Transition) -> Result<u64, ConflictKind> {
    let answer = store.commit(vec![transition]).unwrap().remove(0);
    answer
        .map(|committed| committed.seq)
        .map_err(|conflict| conflict.kind)
}

pub(crate) fn put(key: &str, value: &[u8]) -> Vec<Change> {
    vec![Change::Put {
        space: "space",
        key: key.into(),
        value: value.into(),
        expect: Expect::Anything,
    }]
}

#[test]
fn everything_that_was_committed_is_there_after_opening_again() {
    let (folder, store) = fresh();
    let epoch = store.claim_shard(0).unwrap();
    assert_eq!(commit(&store, grow("a", 0, 3)), Ok(3));
    assert_eq!(commit(&store, grow("a", 3, 8)), Ok(8));
    let group = vec![put("a", b"1"), put("b", b"2"), put("last", b"3")];
    store.write(group).unwrap();
    let last = store.record("space", "last").unwrap().unwrap();
    let gone = Change::Delete {
        space: "space",
        key: "last".into(),
        expect: Expect::Revision(last.revision),
    };
    assert!(store.write(vec![vec![gone]]).unwrap()[0].is_ok());
    drop(store);

    let store = SqliteStore::open(folder.path()).unwrap();
    assert_eq!(store.events(&arn("a"), 0, 99).unwrap(), history("a", 8));
    assert_eq!(
        store.snapshot(&arn("a")).unwrap().as_deref(),
        Some(&fold("a", 3))
    );
    assert_eq!(recover(&store, &arn("a")).unwrap(), Some(fold("a", 8)));
    assert_eq!(store.index(&arn("a")).unwrap(), Some(grow("a", 3, 8).index));
    assert_eq!(store.timers_due(0, Timestamp(50), 9).unwrap().len(), 1);
    assert_eq!(store.running(0, None, 9).unwrap(), [arn("a")]);
    let records = store.records(&Scan::of("space", "")).unwrap();
    let values: Vec<&[u8]> = records.iter().map(|record| &*record.value).collect();
    assert_eq!(values, [b"1", b"2"]);
    store.write(vec![put("last", b"4")]).unwrap();
    let again = store.record("space", "last").unwrap().unwrap();
    assert!(again.revision > last.revision, "a revision is used again");

    assert_eq!(
        store.claim_shard(0).unwrap(),
        epoch + 1,
        "an epoch is durable"
    );
    assert_eq!(
        commit(&store, grow("a", 8, 9)),
        Err(ConflictKind::Fenced),
        "the owner before is fenced by one that came after the restart"
    );
    // What stands for a new execution does not stand for an older one.
    let mut new = grow("b", 0, 3);
    new.epoch = epoch + 1;
    assert_eq!(commit(&store, new), Ok(3));
    assert_eq!(store.events(&arn("a"), 0, 99).unwrap().len(), 8);
}

#[test]
fn a_folder_is_for_one_at_a_time() {
    let (folder, store) = fresh();
    let error = SqliteStore::open(folder.path()).unwrap_err();
    let pid = std::process::id();
    assert!(
        matches!(&error, OpenError::InUse { pid: Some(found), .. } if *found == pid),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains(&format!("in use by process {pid}"))
    );
    drop(store);
    assert!(SqliteStore::open(folder.path()).is_ok());
}

#[test]
fn a_store_that_is_closed_leaves_one_file() {
    let (folder, store) = fresh();
    commit(&store, grow("a", 0, 3)).unwrap();
    store.index(&arn("a")).unwrap();
    assert!(folder.path().join("stepwell.db-wal").exists());
    store.checkpoint().unwrap();
    let log = fs::metadata(folder.path().join("stepwell.db-wal")).unwrap();
    assert_eq!(log.len(), 0, "a checkpoint empties the log");
    drop(store);
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["lock", "stepwell.db"]);
}

#[cfg(unix)]
#[test]
fn a_new_folder_and_its_files_are_for_this_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("made/for/it");
    let store = SqliteStore::open(&folder).unwrap();
    commit(&store, grow("a", 0, 3)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for name in ["lock", "stepwell.db", "stepwell.db-wal"] {
        assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
    }
}

#[test]
fn what_is_no_store_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("stepwell.db");
    let other = folder.path().join("other.db");
    let connection = rusqlite::Connection::open(&other).unwrap();
    connection
        .execute_batch("CREATE TABLE notes (note TEXT)")
        .unwrap();
    drop(connection);
    for bytes in [fs::read(&other).unwrap(), vec![b'x'; 5_000]] {
        fs::write(&file, &bytes).unwrap();
        let error = SqliteStore::open(folder.path()).unwrap_err();
        assert!(matches!(error, OpenError::NotAStore { .. }), "{error}");
        assert!(fs::read(&file).unwrap() == bytes, "it was written to");
    }
    let error = SqliteStore::open(&other).unwrap_err();
    assert!(matches!(error, OpenError::Io { .. }), "{error}");
}

/// Copies what a power cut would leave: the database, and the log up to `log_bytes`.
fn cut(folder: &Path, log_bytes: usize) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    fs::copy(folder.join("stepwell.db"), copy.path().join("stepwell.db")).unwrap();
    let log = fs::read(folder.join("stepwell.db-wal")).unwrap();
    let log = &log[..log_bytes.min(log.len())];
    fs::write(copy.path().join("stepwell.db-wal"), log).unwrap();
    copy
}

#[test]
fn after_a_crash_every_commit_that_was_answered_is_there() {
    let (folder, store) = fresh();
    for round in 0..8 {
        let seq = commit(&store, grow("a", round * 3, round * 3 + 3)).unwrap();
        store.write(vec![put(&format!("{round}"), b"x")]).unwrap();
        let copy = cut(folder.path(), usize::MAX);
        let found = SqliteStore::open(copy.path()).unwrap();
        assert_eq!(recover(&found, &arn("a")).unwrap(), Some(fold("a", seq)));
        let records = found.records(&Scan::of("space", "")).unwrap();
        assert_eq!(records.len() as u64, round + 1);
    }
}

#[test]
fn wherever_the_log_was_cut_commits_are_whole() {
    let (folder, store) = fresh();
    store.checkpoint().unwrap();
    for round in 0..5 {
        let group = vec![
            grow("a", round * 3, round * 3 + 3),
            grow("b", round * 3, round * 3 + 3),
        ];
        assert!(store.commit(group).unwrap().iter().all(Result::is_ok));
    }
    let log = fs::metadata(folder.path().join("stepwell.db-wal"))
        .unwrap()
        .len();
    let log = usize::try_from(log).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for part in 0..=60 {
        let copy = cut(folder.path(), log * part / 60);
        let found = SqliteStore::open(copy.path()).unwrap();
        let events = |name| found.events(&arn(name), 0, 99).unwrap().len();
        assert_eq!(events("a"), events("b"), "half a group is there");
        assert_eq!(events("a") % 3, 0, "half a transition is there");
        recover(&found, &arn("a")).unwrap();
        seen.insert(events("a"));
    }
    assert_eq!(seen, [0, 3, 6, 9, 12, 15].into());
}

#[test]
fn events_that_are_too_many_for_a_row_are_read_as_one_history() {
    let (folder, store) = fresh();
    let mut large = grow("a", 0, 41);
    large.snapshot = None;
    let events: Vec<Event> = large
        .events
        .iter()
        .map(|event| {
            let mut value = serde_json::to_value(event).unwrap();
            if let Some(exited) = value.pointer_mut("/kind/StateExited/output") {
                *exited = format!("\"{}{}\"", event.seq, "x".repeat(250_000)).into();
            }
            serde_json::from_value(value).unwrap()
        })
        .collect();
    large.events = events.clone().into();
    assert_eq!(commit(&store, large), Ok(41));
    let connection = rusqlite::Connection::open(folder.path().join("stepwell.db")).unwrap();
    let rows: i64 = connection
        .query_row("SELECT count(*) FROM batch", [], |row| row.get(0))
        .unwrap();
    assert!(rows > 1, "all of it is in one row");
    assert!(store.events(&arn("a"), 0, 99).unwrap() == events);
    for after in 0..41 {
        let one = store.events(&arn("a"), after, 1).unwrap();
        assert_eq!(one[0].seq, after + 1);
    }
}

#[test]
fn who_reads_while_others_write_sees_whole_commits() {
    const READERS: usize = 12;
    let (_folder, store) = fresh();
    std::thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                let mut seen = 0;
                while seen < 60 {
                    let found = store.events(&arn("a"), 0, 99).unwrap().len();
                    assert!(found >= seen && found % 3 == 0, "{found} after {seen}");
                    seen = found;
                }
            });
        }
        for round in 0..20 {
            commit(&store, grow("a", round * 3, round * 3 + 3)).unwrap();
        }
    });
}

#[test]
fn forgetting_goes_on_over_several_transactions() {
    let (_folder, store) = fresh();
    let count = limits::FORGET_EXECUTIONS + 100;
    let group = (0..count).map(|number| {
        let mut whole = grow(&format!("{number}"), 0, 2);
        whole.snapshot = None;
        whole.index.status = Status::Failed;
        whole.index.stopped_at = Some(Timestamp(2));
        whole
    });
    assert!(
        store
            .commit(group.collect())
            .unwrap()
            .iter()
            .all(Result::is_ok)
    );
    let forget = |max| store.forget_ended(Timestamp(3), max).unwrap();
    assert_eq!(forget(0), 0);
    assert_eq!(forget(count - 50), count - 50);
    assert_eq!(forget(usize::MAX), 50);
    assert_eq!(forget(usize::MAX), 0);
}
