//! How much does a durable commit cost?
//!
//! `floor`: appending the bytes of the same events to a file and `fdatasync`. `sqlite`: a commit of the
//! SQLite store, with the row of the execution, its indexes and checksums. One writer waits for each commit by
//! itself; of 64, the committer finds all 64 waiting and writes them as one group. Throughput is in
//! transitions; the figure is the ratio to the floor of the same run, on the same disk.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use engine::{
    Event, EventKind, ExecutionArn, FrameId, HistoryLink, Index, Status, Timestamp, Transition,
    Went,
};
use expr::Data;
use serde_json::json;
use store::{SqliteStore, Store};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MACHINE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:bench";

/// One event of about 300 bytes.
fn event(seq: u64) -> Event {
    let output = json!({ "payload": stepwell_benches::INPUT, "seq": seq });
    Event {
        seq,
        at: Timestamp(1),
        history: Some(HistoryLink {
            id: seq,
            previous: seq - 1,
        }),
        frame: FrameId::ROOT,
        kind: EventKind::StateExited {
            output: Data::new(output),
            assigned: Vec::new(),
            went: Went::Next(asl::StateId(0)),
        },
    }
}

fn transition(writer: u64, seq: u64) -> Transition {
    let name: Arc<str> = format!("{writer}").into();
    Transition {
        execution: ExecutionArn(format!("{MACHINE}:{name}").into()),
        shard: 0,
        epoch: 1,
        expect_seq: seq - 1,
        events: [event(seq)].into(),
        snapshot: None,
        timers: Vec::new(),
        index: Index {
            machine_arn: MACHINE.into(),
            name,
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

fn append(file: &mut File, writers: u64, seq: u64) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    for _ in 0..writers {
        serde_json::to_writer(&mut bytes, &event(seq))?;
    }
    file.write_all(&bytes)?;
    file.sync_data()
}

fn commits(criterion: &mut Criterion) {
    // Beside what cargo builds, not in a folder that may be kept in memory.
    let disk = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut group = criterion.benchmark_group("store");
    for writers in [1, 64] {
        let folder = tempfile::tempdir_in(disk).unwrap_or_else(|e| panic!("{e}"));
        group.throughput(Throughput::Elements(writers));
        let path = folder.path().join("floor");
        let mut file = File::create(path).unwrap_or_else(|e| panic!("{e}"));
        let mut seq = 0;
        group.bench_function(format!("floor/{writers}"), |bencher| {
            bencher.iter(|| {
                seq += 1;
                append(&mut file, writers, seq).unwrap_or_else(|e| panic!("{e}"));
            });
        });
        let store = SqliteStore::open(folder.path()).unwrap_or_else(|e| panic!("{e}"));
        let mut seq = 0;
        group.bench_function(format!("sqlite/{writers}"), |bencher| {
            bencher.iter(|| {
                seq += 1;
                let waiting = (0..writers).map(|writer| transition(writer, seq)).collect();
                let answers = store.commit(waiting);
                assert!(answers.is_ok_and(|all| all.iter().all(Result::is_ok)));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, commits);
criterion_main!(benches);
