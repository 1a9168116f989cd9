//! Every shipped workflow with every recorded input ends as recorded, on real components in the real
//! sandbox; the layout is that of workflows/README.md. Waits and retry delays are jumped over.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::{Event, EventKind, FrameId, Outcome, Status};
use expr::Data;
use runtime::{Clock, SandboxHost, StartRequest};
use sandbox::Sandbox;
use serde_json::Value;
use stepwell::project::{self, Options, Project};
use stepwell_tests::{Mailbox, runtime};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What one case came to.
struct Story {
    status: Status,
    outcome: Outcome,
    states: Vec<String>,
    attempts: BTreeMap<String, u64>,
}

async fn run(project: &Project, host: Arc<SandboxHost>, folder: &Path, case: &str) -> Story {
    let mailbox = Arc::new(Mailbox::default());
    let runtime = runtime(host, Clock::skipping(), mailbox.clone());
    let text = std::fs::read_to_string(folder.join(format!("inputs/{case}.json"))).unwrap();
    let input = Data::parse(text).unwrap();
    let mut request =
        StartRequest::new(project.machine.clone(), project.machine_name.clone(), input);
    request.name = Some(case.to_owned());
    request.workflow = project.workflow;
    let mut started = runtime.start(request).await.unwrap();
    let mut watch = started.watch.clone();
    let (status, outcome) = loop {
        tokio::select! {
            ended = watch.ended() => break ended.expect("the runtime is there"),
            message = mailbox.next() => {
                let answer =
                    folder.join(format!("answers/{case}/{}.json", message.state_name));
                let token = message.token.clone().expect("a message that waits");
                runtime.send_task_success(&token, read(&answer).into()).await.unwrap();
            }
        }
    };
    let seq = started.watch.progress().seq;
    let mut events: Vec<Event> = Vec::new();
    while (events.len() as u64) < seq {
        let after = events.len() as u64;
        events.extend(runtime.events(&started.execution, after, 1_000).unwrap());
    }
    let (states, attempts) = told(project, &events);
    Story {
        status,
        outcome,
        states,
        attempts,
    }
}

/// The states of the top level in the order in which they were entered, and how often each task began.
fn told(project: &Project, events: &[Event]) -> (Vec<String>, BTreeMap<String, u64>) {
    let name = |id| {
        project
            .machine
            .state(id)
            .map(|state| state.name.to_string())
            .unwrap()
    };
    let mut here = BTreeMap::new();
    let mut states = Vec::new();
    let mut attempts = BTreeMap::new();
    for event in events {
        match &event.kind {
            EventKind::StateEntered { state, .. } => {
                here.insert(event.frame, name(*state));
                if event.frame == FrameId::ROOT {
                    states.push(name(*state));
                }
            }
            EventKind::TaskStarted { .. } => {
                *attempts.entry(here[&event.frame].clone()).or_insert(0) += 1;
            }
            _ => {}
        }
    }
    (states, attempts)
}

/// Each member of the pattern is in the value; arrays have exactly the items of the pattern.
fn fits(pattern: &Value, value: &Value) -> bool {
    match (pattern, value) {
        (Value::Object(pattern), Value::Object(value)) => pattern
            .iter()
            .all(|(name, pattern)| value.get(name).is_some_and(|value| fits(pattern, value))),
        (Value::Array(pattern), Value::Array(value)) => {
            pattern.len() == value.len() && pattern.iter().zip(value).all(|(p, v)| fits(p, v))
        }
        _ => expr::number::values_equal(pattern, value),
    }
}

fn check(case: &str, expected: &Value, story: &Story) {
    let shown = format!(
        "{case}: {:?} {:?} {:?}",
        story.status, story.outcome, story.states
    );
    assert_eq!(expected["status"], story.status.as_str(), "{shown}");
    match &story.outcome {
        Outcome::Output(output) => {
            if let Some(pattern) = expected.get("output") {
                assert!(fits(pattern, output.value()), "{shown}");
            }
        }
        Outcome::Error(error) => {
            assert_eq!(
                expected["error"].as_str(),
                error.error.as_deref(),
                "{shown}"
            );
            if let Some(part) = expected.get("cause_contains").and_then(Value::as_str) {
                let cause = error.cause.as_deref().unwrap_or_default();
                assert!(cause.contains(part), "{shown}");
            }
        }
    }
    let states: Vec<&str> = expected["states"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s.as_str().unwrap())
        .collect();
    assert_eq!(states, story.states, "{shown}");
    for (state, count) in expected
        .get("attempts")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let started = story.attempts.get(state).copied().unwrap_or(0);
        assert_eq!(count.as_u64(), Some(started), "{case}: attempts of {state}");
    }
}

async fn check_folder(folder: &str, cases: &[&str]) {
    let folder = root().join(folder);
    let project = project::open(
        &folder,
        &Options {
            template: None,
            machine: None,
        },
    )
    .unwrap_or_else(|failure| panic!("{failure}"));
    let specs = project
        .build(&mut |_| {})
        .unwrap_or_else(|failure| panic!("{failure}"));
    let sandbox = Sandbox::new(sandbox::Config {
        small_slots: 32,
        large_slots: 8,
        ..sandbox::Config::default()
    })
    .unwrap();
    let host = Arc::new(SandboxHost::new(sandbox, specs).unwrap_or_else(|e| panic!("{e}")));
    let mut recorded: Vec<String> = std::fs::read_dir(folder.join("expected"))
        .unwrap()
        .map(|file| {
            file.unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    recorded.sort();
    assert_eq!(
        recorded,
        cases,
        "the cases of {} are all named here",
        folder.display()
    );
    for case in cases {
        let expected = read(&folder.join(format!("expected/{case}.json")));
        let story = run(&project, host.clone(), &folder, case).await;
        check(case, &expected, &story);
    }
}

#[tokio::test]
async fn orders_end_as_recorded() {
    let cases = [
        "approved-order",
        "card-declined",
        "confirmation-fails",
        "default",
        "fraud",
        "gateway-eats-memory",
        "gateway-never-answers",
        "invalid-order",
        "out-of-stock",
        "rejected-order",
    ];
    check_folder("workflows/order-processing", &cases).await;
}

#[tokio::test]
async fn line_items_are_priced_as_recorded() {
    let cases = [
        "default",
        "invalid-item",
        "no-items",
        "price-service-down",
        "price-service-fails-twice",
    ];
    check_folder("workflows/line-item-pricing", &cases).await;
}

#[tokio::test]
async fn nightly_batches_end_as_recorded() {
    check_folder(
        "workflows/nightly-batch",
        &["default", "dry-run", "no-such-day"],
    )
    .await;
}

#[tokio::test]
async fn each_limit_of_a_task_has_its_name() {
    let cases = [
        "default",
        "fails-with-another-error",
        "flaky-for-ever",
        "fuel",
        "function-timeout",
        "memory",
        "state-timeout",
    ];
    check_folder("tests/workflows/task-faults", &cases).await;
}
