//! How much does one warm no-op Task cost, and how much of it is ours?
//!
//! `floor`: the component alone, 100 times: the same engine settings, pooling allocator, memory reset
//! by memset, fuel, epoch and all limits on; no state machine, no history. `invoke`: the same with the
//! log captured and a report made. `chain`: an execution of
//! 100 Task states that call the same component, through the whole runtime with the memory store.
//! `promise`: chain ≤ 3 × floor.

use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use expr::Data;
use runtime::{
    Clock, Config, FunctionSpec, Message, MessageSink, Runtime, SandboxHost, StartRequest,
};
use sandbox::{Grants, Limits, Sandbox};
use serde_json::json;
use store::MemoryStore;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LENGTH: u64 = 100;

struct NoMessages;

impl MessageSink for NoMessages {
    fn deliver(&self, _message: Message) {}
}

struct Silence;

impl sandbox::Monitor for Silence {
    fn heartbeat(&self, _details: Option<String>) -> bool {
        true
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

fn call() -> sandbox::Call {
    let name: Arc<str> = "bench".into();
    sandbox::Call {
        input: stepwell_benches::INPUT.into(),
        info: sandbox::TaskInfo {
            execution_arn: name.clone(),
            execution_name: name.clone(),
            state_machine_arn: name.clone(),
            state_name: name.clone(),
            task_arn: name.clone(),
            attempt: 0,
            idempotency_key: name,
            task_token: None,
            started_at_ms: 0,
            deadline_ms: u64::MAX,
            trace_parent: None,
        },
        environment: Arc::default(),
        limits: Limits::default(),
        monitor: Arc::new(Silence),
    }
}

fn task(criterion: &mut Criterion) {
    let component = stepwell_benches::component("echo").unwrap_or_else(|e| panic!("{e}"));
    let sandbox = Sandbox::new(sandbox::Config::default()).unwrap_or_else(|e| panic!("{e}"));
    let function = sandbox
        .compile("echo", &component, &Grants::default())
        .unwrap_or_else(|e| panic!("{e}"));
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap_or_else(|e| panic!("{e}"));

    let mut group = criterion.benchmark_group("task");
    group.throughput(Throughput::Elements(LENGTH));
    group.bench_function("floor", |bencher| {
        bencher.iter(|| {
            tokio.block_on(async {
                for _ in 0..LENGTH {
                    let input = stepwell_benches::INPUT.as_bytes();
                    let output = sandbox::floor::call(&function, input, &Limits::default()).await;
                    assert!(output.is_some());
                }
            });
        });
    });

    group.bench_function("invoke", |bencher| {
        bencher.iter(|| {
            tokio.block_on(async {
                for _ in 0..LENGTH {
                    let report = sandbox.invoke(&function, call()).await;
                    assert!(report.outcome.is_ok());
                }
            });
        });
    });

    let spec = FunctionSpec {
        name: String::from("echo"),
        wasm: component,
        limits: Limits::default(),
        grants: Grants::default(),
        is_idempotent: false,
    };
    let host = SandboxHost::new(sandbox, vec![spec]).unwrap_or_else(|e| panic!("{e}"));
    let runtime = Runtime::new(
        Config {
            seed: Some(1),
            ..Config::default()
        },
        Arc::new(MemoryStore::default()),
        Arc::new(host),
        Clock::real(),
        Arc::new(NoMessages),
    )
    .unwrap_or_else(|e| panic!("{e}"));
    let state = json!({
        "Type": "Task",
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:echo",
    });
    let definition = stepwell_benches::chain(100, &state);
    let machine = stepwell_benches::compile(&definition).unwrap_or_else(|e| panic!("{e}"));
    let input = Data::parse(stepwell_benches::INPUT).unwrap_or_else(|e| panic!("{e}"));
    group.bench_function("chain", |bencher| {
        bencher.iter(|| {
            let request = StartRequest::new(machine.clone(), "bench", input.clone());
            let ended = tokio.block_on(async {
                let mut started = runtime.start(request).await.ok()?;
                started.watch.ended().await
            });
            assert!(ended.is_some_and(|(status, _)| status == engine::Status::Succeeded));
        });
    });
    group.finish();
}

criterion_group!(benches, task);
criterion_main!(benches);
