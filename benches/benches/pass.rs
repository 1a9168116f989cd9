//! How much does one Pass transition cost?
//!
//! `transition`: a chain of 100 Pass states through the shard, with history, snapshots and commits to
//! the memory store, divided by 100. `floor`: making and keeping the two events that AWS shows of a
//! Pass, and nothing else.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use engine::{
    Event, EventKind, ExecutionArn, FrameId, Header, HistoryLink, Timestamp, TokenKey, Went,
    Workflow,
};
use expr::Data;
use serde_json::json;
use shard::{Config, Effect, Input, Pinned, ReplyId, Shard, StartExecution};
use store::{MemoryStore, Store};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LENGTH: u64 = 100;

fn header(number: u64, input: &Data) -> Header {
    Header {
        arn: ExecutionArn(
            format!("arn:aws:states:us-east-1:123456789012:execution:bench:{number}").into(),
        ),
        name: number.to_string().into(),
        machine_arn: "arn:aws:states:us-east-1:123456789012:stateMachine:bench".into(),
        machine_name: "bench".into(),
        revision: "".into(),
        role_arn: "arn:aws:iam::123456789012:role/bench".into(),
        workflow: Workflow::Standard,
        input: input.clone(),
        started_at: Timestamp(0),
        version_arn: None,
        alias_arn: None,
        trace_header: None,
    }
}

/// Runs one execution to its end; everything that is submitted is committed at once.
fn run(shard: &mut Shard, store: &MemoryStore, start: StartExecution) -> bool {
    let mut inputs = vec![Input::Start(Box::new(start))];
    let mut ended = false;
    while let Some(input) = inputs.pop() {
        for effect in shard.handle(input, Timestamp(1)) {
            match effect {
                Effect::Submit(transition) => {
                    let (execution, seq) = (transition.execution.clone(), transition.last_seq());
                    let committed = store.commit(vec![*transition]);
                    assert!(committed.is_ok_and(|all| all.iter().all(Result::is_ok)));
                    inputs.push(Input::Durable { execution, seq });
                }
                Effect::Continue { execution } => inputs.push(Input::Continue { execution }),
                Effect::Ended { .. } => ended = true,
                _ => {}
            }
        }
    }
    ended
}

fn floor(input: &Data) -> Vec<Event> {
    let mut events = Vec::new();
    for position in 0..LENGTH {
        let id = 2 * position;
        let state = asl::StateId(u32::try_from(position).unwrap_or(0));
        let kinds = [
            EventKind::StateEntered {
                state,
                input: input.clone(),
            },
            EventKind::StateExited {
                output: input.clone(),
                assigned: Vec::new(),
                went: Went::Next(state),
            },
        ];
        for (offset, kind) in (1..).zip(kinds) {
            events.push(Event {
                seq: id + offset,
                at: Timestamp(1),
                history: Some(HistoryLink {
                    id: id + offset,
                    previous: id,
                }),
                frame: FrameId::ROOT,
                kind,
            });
        }
    }
    events
}

fn pass(criterion: &mut Criterion) {
    let definition = stepwell_benches::chain(100, &json!({ "Type": "Pass" }));
    let machine = stepwell_benches::compile(&definition).unwrap_or_else(|e| panic!("{e}"));
    let pinned = Arc::new(Pinned {
        machine: machine.clone(),
        functions: Default::default(),
    });
    let input = Data::parse(stepwell_benches::INPUT).unwrap_or_else(|e| panic!("{e}"));

    let mut group = criterion.benchmark_group("pass");
    group.throughput(Throughput::Elements(LENGTH));
    group.bench_function("floor", |bencher| bencher.iter(|| black_box(floor(&input))));
    let store = MemoryStore::default();
    let mut shard = Shard::new(Config::new(1, TokenKey::new([1; 32])));
    let mut number = 0;
    group.bench_function("transition", |bencher| {
        bencher.iter(|| {
            number += 1;
            let start = StartExecution {
                header: header(number, &input),
                pinned: pinned.clone(),
                reply: ReplyId(number),
            };
            assert!(run(&mut shard, &store, start));
        });
    });
    group.finish();
}

criterion_group!(benches, pass);
criterion_main!(benches);
