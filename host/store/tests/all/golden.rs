//! What a released version wrote is read for ever (I16): `tests/golden/v1` is a store of format 1, beside what
//! has to be found in it. `UPDATE_GOLDEN=1` writes it anew, which is right only before a release.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::{
    AttemptId, Event, EventKind, Execution, ExecutionArn, FrameId, Index, Status, TimerChange,
    TimerKey, Timestamp, Transition,
};
use serde::Deserialize;
use stepwell_store::{Change, Expect, Listing, Scan, SqliteStore, Store, recover};

#[derive(Deserialize)]
struct Expected {
    history: Vec<Event>,
    every_kind: Vec<EventKind>,
    index: Index,
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/v1")
}

fn expected() -> Expected {
    let text = std::fs::read_to_string(golden().join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn parked() -> ExecutionArn {
    ExecutionArn("arn:aws:states:us-east-1:123456789012:execution:orders:parked".into())
}

fn ended() -> ExecutionArn {
    ExecutionArn("arn:aws:states:us-east-1:123456789012:execution:orders:ended".into())
}

fn ended_index(expected: &Expected) -> Index {
    Index {
        name: "ended".into(),
        status: Status::TimedOut,
        stopped_at: Some(Timestamp(2_000)),
        version_arn: None,
        alias_arn: None,
        ..expected.index.clone()
    }
}

fn every_kind(expected: &Expected) -> Vec<Event> {
    let numbered = (1..).zip(&expected.every_kind);
    numbered
        .map(|(seq, kind)| Event {
            seq,
            at: Timestamp(-1),
            history: None,
            frame: FrameId(seq),
            kind: kind.clone(),
        })
        .collect()
}

fn fold(events: &[Event]) -> Execution {
    let mut execution = Execution::new();
    for event in events {
        execution.apply(event).unwrap();
    }
    execution
}

fn wait() -> TimerKey {
    TimerKey::Wait(AttemptId(0))
}

fn write(expected: &Expected) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();
    let epoch = store.claim_shard(3).unwrap();
    let until = Timestamp(86_400_000_000);
    let parked = Transition {
        execution: parked(),
        shard: 3,
        epoch,
        expect_seq: 0,
        snapshot: Some(Arc::new(fold(&expected.history))),
        events: expected.history.clone().into(),
        timers: vec![
            TimerChange::Arm(wait(), until),
            TimerChange::Arm(TimerKey::Execution, Timestamp(7)),
            TimerChange::Arm(TimerKey::Retry(AttemptId(2)), Timestamp(8)),
            TimerChange::Arm(TimerKey::Timeout(AttemptId(3)), Timestamp(9)),
            TimerChange::Arm(TimerKey::Heartbeat(AttemptId(u64::MAX)), Timestamp(-9)),
        ],
        index: expected.index.clone(),
    };
    let ended = Transition {
        execution: ended(),
        events: every_kind(expected).into(),
        snapshot: None,
        timers: Vec::new(),
        index: ended_index(expected),
        ..parked.clone()
    };
    let answers = store.commit(vec![parked, ended]).unwrap();
    assert!(answers.iter().all(Result::is_ok));
    let put = |key: &str, value: &[u8]| Change::Put {
        space: "golden.records",
        key: key.into(),
        value: value.into(),
        expect: Expect::Absent,
    };
    let batch = vec![put("a", b"{}"), put("b/\u{e4}", &[0, 255])];
    assert!(store.write(vec![batch]).unwrap()[0].is_ok());
    drop(store);
    std::fs::copy(
        folder.path().join("stepwell.db"),
        golden().join("stepwell.db"),
    )
    .unwrap();
}

#[test]
fn a_store_of_format_1_is_read() {
    let expected = expected();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        write(&expected);
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(
        golden().join("stepwell.db"),
        folder.path().join("stepwell.db"),
    )
    .unwrap();
    let store = SqliteStore::open(folder.path()).unwrap();

    assert_eq!(store.events(&parked(), 0, 99).unwrap(), expected.history);
    assert_eq!(
        store.events(&ended(), 0, 99).unwrap(),
        every_kind(&expected)
    );
    let state = fold(&expected.history);
    assert_eq!(store.snapshot(&parked()).unwrap().as_deref(), Some(&state));
    assert_eq!(recover(&store, &parked()).unwrap(), Some(state));
    assert_eq!(store.index(&parked()).unwrap().unwrap(), expected.index);
    assert_eq!(
        store.index(&ended()).unwrap().unwrap(),
        ended_index(&expected)
    );
    assert_eq!(store.running(3, None, 9).unwrap(), [parked()]);
    let timers = store.timers_due(3, Timestamp(i64::MAX), 9).unwrap();
    let keys: Vec<(i64, TimerKey)> = timers.iter().map(|due| (due.at.0, due.key)).collect();
    assert_eq!(
        keys,
        [
            (-9, TimerKey::Heartbeat(AttemptId(u64::MAX))),
            (7, TimerKey::Execution),
            (8, TimerKey::Retry(AttemptId(2))),
            (9, TimerKey::Timeout(AttemptId(3))),
            (86_400_000_000, wait()),
        ]
    );
    let listing = Listing {
        machine_arn: expected.index.machine_arn.clone(),
        qualified_arn: expected.index.alias_arn.clone(),
        status: Some(Status::Running),
        redriven: Some(true),
        after: None,
        max: 9,
    };
    let listed = store.list(&listing).unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].execution, parked());
    let records = store.records(&Scan::of("golden.records", "")).unwrap();
    let found: Vec<(&str, u64, &[u8])> = records
        .iter()
        .map(|record| (&*record.key, record.revision, &*record.value))
        .collect();
    assert_eq!(found, [("a", 1, &b"{}"[..]), ("b/\u{e4}", 2, &[0, 255])]);
    assert_eq!(store.claim_shard(3).unwrap(), 2);
}
