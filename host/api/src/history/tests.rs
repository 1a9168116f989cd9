//! The events in AWS's shape, checked on all cases of the engine: against a second derivation (the
//! simulator's, which the recordings are compared with), and for what is true of every history.

use std::fs;
use std::path::{Path, PathBuf};

use engine::{AttemptId, ExecutionArn, HistoryLink, Place, Usage, Workflow};
use expr::Data;
use shard::sim::{self, Script, Settings, Story};
use store::{MemoryStore, Store};

use super::*;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/engine");
    let entries = fs::read_dir(root).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn simulate(folder: &Path) -> (StateMachine, Story) {
    let read = |file: &str| fs::read_to_string(folder.join(file));
    let script = match read("script.json") {
        Ok(text) => Script::read(&serde_json::from_str(&text).unwrap()).unwrap(),
        Err(_) => Script::default(),
    };
    let definition = read("definition.asl.json").unwrap();
    let settings = Settings {
        machine: asl::parse(&definition, source::Format::Json)
            .machine
            .unwrap(),
        input: Data::parse(read("input.json").unwrap().trim()).unwrap(),
        script,
        seed: 1,
    };
    let store = MemoryStore::new();
    let mut commit = |group| {
        let answers = store.commit(group).unwrap().into_iter();
        answers
            .map(|answer| {
                assert!(answer.is_ok());
                Ok(())
            })
            .collect()
    };
    let story = sim::run(&settings, &mut commit).unwrap();
    (settings.machine, story)
}

#[test]
fn two_derivations_of_the_history_agree_on_every_case() {
    let folders = folders();
    assert!(folders.len() >= 60, "only {} cases", folders.len());
    for folder in folders {
        let (machine, story) = simulate(&folder);
        let mut wire = to_wire(&story.events, &machine);
        let told = sim::history::tell(&story.events, &machine);
        assert_eq!(wire.len(), told.len(), "{}", folder.display());
        for (wire, told) in wire.iter_mut().zip(&told) {
            let timestamp = wire.as_object_mut().unwrap().remove("timestamp");
            assert_eq!(timestamp, Some(epoch_seconds(told.at)));
            assert_eq!(*wire, told.to_json(), "{}", folder.display());
        }
    }
}

#[test]
fn ids_are_dense_and_every_detail_is_an_object() {
    for folder in folders() {
        let (machine, story) = simulate(&folder);
        for (id, event) in (1_u64..).zip(to_wire(&story.events, &machine)) {
            assert_eq!(event["id"], id);
            assert!(event["previousEventId"].as_u64().unwrap() < id);
            let members = event.as_object().unwrap();
            assert!(members.len() <= 5, "{event}");
            for (name, details) in members {
                assert!(!name.ends_with("EventDetails") || details.is_object());
            }
        }
    }
}

/// A history by hand: one state, whatever its type.
struct Told {
    machine: StateMachine,
    events: Vec<Event>,
}

impl Told {
    fn of(state: &Value) -> Told {
        let definition = json!({ "StartAt": "S", "States": { "S": state } }).to_string();
        let parsed = asl::parse(&definition, source::Format::Json);
        Told {
            machine: parsed.machine.unwrap(),
            events: Vec::new(),
        }
    }

    fn then(mut self, kind: EventKind) -> Told {
        let seq = self.events.len() as u64 + 1;
        let history = kind.is_visible().then_some(HistoryLink {
            id: seq,
            previous: seq - 1,
        });
        self.events.push(Event {
            seq,
            at: Timestamp(1_767_225_600_123_456),
            history,
            frame: FrameId::ROOT,
            kind,
        });
        self
    }

    fn entered(self, arn: &str) -> Told {
        let (scope, start_at) = (asl::ScopeId::TOP, asl::StateId(0));
        let header = Header {
            arn: ExecutionArn(arn.into()),
            name: "run".into(),
            machine_arn: "machine".into(),
            machine_name: "machine".into(),
            revision: "revision".into(),
            role_arn: "role".into(),
            workflow: Workflow::Standard,
            input: Data::empty_object(),
            started_at: Timestamp(0),
            version_arn: None,
            alias_arn: None,
            trace_header: None,
        };
        self.then(EventKind::ExecutionStarted {
            header: Box::new(header),
            place: Place { scope, start_at },
        })
        .then(EventKind::StateEntered {
            state: start_at,
            input: Data::parse("{ \"a\" : 1 }").unwrap(),
        })
    }

    fn wire(&self) -> Vec<Value> {
        to_wire(&self.events, &self.machine)
    }
}

const ARN: &str = "arn:aws:states:eu-west-1:123456789012:execution:machine:run";

fn scheduled() -> EventKind {
    EventKind::TaskScheduled {
        attempt: AttemptId(0),
        parameters: Data::empty_object(),
        timeout_seconds: Some(30),
        heartbeat_seconds: Some(10),
        role_arn: Some("caller".into()),
    }
}

fn task(resource: &str) -> Value {
    json!({ "Type": "Task", "Resource": resource, "End": true })
}

#[test]
fn payloads_are_the_text_that_came_in() {
    let wire = Told::of(&json!({ "Type": "Pass", "End": true }))
        .entered(ARN)
        .wire();
    let expected = json!({
        "timestamp": 1_767_225_600.123,
        "type": "PassStateEntered",
        "id": 2,
        "previousEventId": 1,
        "stateEnteredEventDetails": {
            "name": "S",
            "input": "{ \"a\" : 1 }",
            "inputDetails": { "truncated": false },
        },
    });
    assert_eq!(wire[1], expected);
}

#[test]
fn an_integration_says_its_region_and_how_long_it_may_take() {
    let told = |arn| {
        Told::of(&task("arn:aws:states:::sqs:sendMessage.waitForTaskToken"))
            .entered(arn)
            .then(scheduled())
            .wire()
    };
    let expected = json!({
        "resourceType": "sqs",
        "resource": "sendMessage.waitForTaskToken",
        "region": "eu-west-1",
        "parameters": "{}",
        "timeoutInSeconds": 30,
        "heartbeatInSeconds": 10,
        "taskCredentials": { "roleArn": "caller" },
    });
    assert_eq!(told(ARN)[2]["taskScheduledEventDetails"], expected);
    for strange in ["", "run", "arn:aws:states::1:execution:m:r"] {
        let wire = told(strange);
        assert_eq!(wire[2]["taskScheduledEventDetails"]["region"], REGION);
    }
}

#[test]
fn a_function_has_no_heartbeat_and_an_activity_no_credentials() {
    let arns = [
        (
            "arn:aws:lambda:us-east-1:123456789012:function:f",
            "lambdaFunctionScheduledEventDetails",
            "heartbeatInSeconds",
        ),
        (
            "arn:aws:states:us-east-1:123456789012:activity:a",
            "activityScheduledEventDetails",
            "taskCredentials",
        ),
    ];
    for (arn, member, absent) in arns {
        let told = Told::of(&task(arn)).entered(ARN).then(scheduled());
        let details = told.wire()[2][member].clone();
        assert_eq!(details["resource"], arn);
        assert_eq!(details["timeoutInSeconds"], 30);
        assert!(details.get(absent).is_none(), "{details}");
    }
}

#[test]
fn what_a_worker_left_out_is_left_out() {
    let failed = EventKind::TaskFailed {
        attempt: AttemptId(0),
        error: ErrorOutput::default(),
        usage: Usage::default(),
    };
    let resource = "arn:aws:lambda:us-east-1:123456789012:function:f";
    let told = Told::of(&task(resource)).entered(ARN).then(failed);
    let wire = told.wire();
    assert_eq!(wire[2]["lambdaFunctionFailedEventDetails"], json!({}));
}

#[test]
fn internal_events_have_no_counterpart() {
    let told = Told::of(&json!({ "Type": "Wait", "Seconds": 1, "End": true }))
        .entered(ARN)
        .then(EventKind::WaitArmed {
            attempt: AttemptId(0),
            until: Timestamp(0),
        });
    assert_eq!(told.wire().len(), 2);
}

#[test]
fn moments_are_cut_to_milliseconds() {
    assert_eq!(epoch_seconds(Timestamp(1_999)), json!(0.001));
    assert_eq!(epoch_seconds(Timestamp(-1)), json!(-0.001));
    assert_eq!(
        epoch_seconds(Timestamp(1_767_225_600_000_000)),
        json!(1_767_225_600.0)
    );
    assert!(epoch_seconds(Timestamp(i64::MAX)).is_number());
}
