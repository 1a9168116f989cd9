//! What a host that comes back does about each kind of task that its predecessor had in hand, and what
//! it refuses to load.

use std::sync::Arc;

use engine::{
    AttemptId, ErrorOutput, EventKind, Execution, Header, InputKind, Outcome, Status, TaskCall,
    Timestamp, TokenTarget, Usage, Workflow,
};
use expr::Data;
use serde_json::{Value, json};
use shard::sim::Settings;
use shard::{
    Answer, Callback, Config, Effect, FunctionFacts, Input, LoadExecution, Pinned, ReplyId, Shard,
    StartExecution,
};
use store::{MemoryStore, Store};

use crate::world;

const NOW: Timestamp = Timestamp(1_767_225_600_000_000);

/// A host with one execution of one Task state, and what it had to do so far.
struct Host {
    shard: Shard,
    store: MemoryStore,
    pinned: Arc<Pinned>,
    now: Timestamp,
    ran: Vec<TaskCall>,
    answers: Vec<Answer>,
    wake_at: Option<Timestamp>,
    outcome: Option<Outcome>,
}

fn host(resource: &str, facts: FunctionFacts) -> Host {
    host_of(resource, facts, Workflow::Standard)
}

fn host_of(resource: &str, facts: FunctionFacts, workflow: Workflow) -> Host {
    let mut state = json!({
        "Type": "Task", "End": true, "Resource": resource, "TimeoutSeconds": 60,
    });
    if resource.contains("sqs") {
        state["Parameters"] = json!({ "QueueUrl": "q", "MessageBody.$": "$$.Execution.Id" });
    }
    let definition: Value = json!({ "StartAt": "A", "States": { "A": state }});
    let mut host = Host {
        shard: Shard::new(Config::new(1, Settings::tokens())),
        store: MemoryStore::new(),
        pinned: Arc::new(Pinned {
            machine: Arc::new(world::machine(&definition.to_string())),
            functions: Arc::new([(Arc::from("f"), facts)].into()),
        }),
        now: NOW,
        ran: Vec::new(),
        answers: Vec::new(),
        wake_at: None,
        outcome: None,
    };
    let header = Header {
        arn: Settings::execution(),
        name: "run".into(),
        machine_arn: "machine".into(),
        machine_name: "machine".into(),
        revision: "1".into(),
        role_arn: "role".into(),
        workflow,
        input: Data::empty_object(),
        started_at: NOW,
        version_arn: None,
        alias_arn: None,
        trace_header: None,
    };
    host.handle(Input::Start(Box::new(StartExecution {
        header,
        pinned: host.pinned.clone(),
        reply: ReplyId(1),
    })));
    assert_eq!(host.ran.len(), 1, "the task was handed out");
    host
}

impl Host {
    fn handle(&mut self, input: Input) {
        let mut inputs = vec![input];
        while let Some(input) = inputs.pop() {
            for effect in self.shard.handle(input, self.now) {
                match effect {
                    Effect::Submit(transition) => {
                        let (execution, seq) =
                            (transition.execution.clone(), transition.last_seq());
                        world::commit_to(&self.store, vec![*transition]);
                        inputs.push(Input::Durable { execution, seq });
                    }
                    Effect::Run(run) => self.ran.push(run.call),
                    Effect::Answer { answer, .. } => self.answers.push(answer),
                    Effect::WakeAt(at) => self.wake_at = at,
                    Effect::Ended { outcome, .. } => self.outcome = Some(outcome),
                    Effect::Lost { reason, .. } => panic!("{reason}"),
                    Effect::Cancel { .. } | Effect::Publish { .. } | Effect::Continue { .. } => {}
                }
            }
        }
    }

    fn deliver(&mut self, input: InputKind) {
        let execution = Settings::execution();
        self.handle(Input::Deliver { execution, input });
    }

    /// The host dies, and another one loads what is stored a second later.
    fn restart(&mut self) {
        let mut config = Config::new(2, Settings::tokens());
        config.epoch = self.store.claim_shard(0).unwrap();
        self.shard = Shard::new(config);
        self.wake_at = None;
        self.now = self.now.plus_seconds(1);
        self.load();
        assert_eq!(self.answers.pop(), Some(Answer::Loaded));
    }

    fn load(&mut self) {
        let load = self.stored();
        self.handle(Input::Load(Box::new(load)));
    }

    fn end_task(&mut self, result: Result<Data, ErrorOutput>) {
        self.deliver(InputKind::TaskEnded {
            attempt: self.ran[self.ran.len() - 1].attempt,
            result,
            usage: Usage::default(),
        });
    }

    fn redrive(&mut self) -> Option<Answer> {
        let load = self.stored();
        self.handle(Input::Redrive(Box::new(load)));
        self.answers.pop()
    }

    fn stored(&self) -> LoadExecution {
        let state = store::recover(&self.store, &Settings::execution()).unwrap();
        LoadExecution {
            execution: state.unwrap(),
            pinned: self.pinned.clone(),
            reply: ReplyId(2),
        }
    }

    fn error(&self) -> Option<&str> {
        match self.outcome.as_ref()? {
            Outcome::Error(error) => error.error.as_deref(),
            Outcome::Output(_) => None,
        }
    }

    /// What ran the last time is what ran the first time, but for what a recovery changes.
    fn check_same(&self) {
        let (first, again) = (&self.ran[0], &self.ran[self.ran.len() - 1]);
        let again = TaskCall {
            recoveries: first.recoveries,
            ..again.clone()
        };
        assert_eq!(format!("{first:?}"), format!("{again:?}"));
    }
}

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:f";
const SEND: &str = "arn:aws:states:::sqs:sendMessage";
const SEND_AND_WAIT: &str = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";
const ACTIVITY: &str = "arn:aws:states:us-east-1:123456789012:activity:a";

const SEALED: FunctionFacts = FunctionFacts {
    is_sealed: true,
    is_idempotent: false,
};
const OUTWARD: FunctionFacts = FunctionFacts {
    is_sealed: false,
    is_idempotent: false,
};
const IDEMPOTENT: FunctionFacts = FunctionFacts {
    is_sealed: false,
    is_idempotent: true,
};

#[test]
fn a_sealed_or_idempotent_function_runs_again_once_and_has_failed_after_two_deaths() {
    for facts in [SEALED, IDEMPOTENT] {
        let mut host = host(FUNCTION, facts);
        host.restart();
        assert_eq!(host.ran.len(), 2);
        assert_eq!(host.ran[1].recoveries, 1);
        host.check_same();
        host.restart();
        assert_eq!(host.ran.len(), 2);
        assert_eq!(host.error(), Some("Lambda.ServiceException"));
    }
}

#[test]
fn a_function_that_reaches_outside_is_never_entered_twice() {
    let mut host = host(FUNCTION, OUTWARD);
    host.restart();
    assert_eq!(host.ran.len(), 1);
    assert_eq!(host.error(), Some("Lambda.ServiceException"));
}

#[test]
fn an_integration_runs_again_as_often_as_its_host_dies() {
    let mut host = host(SEND, OUTWARD);
    for deaths in 1..5 {
        host.restart();
        assert_eq!(host.ran.len(), 1 + deaths);
        host.check_same();
    }
}

#[test]
fn a_request_with_a_token_runs_again_until_it_is_answered() {
    let mut host = host(SEND_AND_WAIT, OUTWARD);
    host.restart();
    assert_eq!(host.ran.len(), 2);
    host.check_same();
    let attempt = host.ran[0].attempt;
    for _ in 0..2 {
        // The second answer is that of the first host's request.
        let output = json!({}).into();
        host.deliver(InputKind::TaskSubmitted { attempt, output });
    }
    host.restart();
    assert_eq!(host.ran.len(), 2);
    let token = host.ran[0].token.clone().unwrap();
    let target = Settings::tokens().open(&token).unwrap();
    host.handle(Input::Callback {
        target,
        callback: Callback::Success(json!(7).into()),
        reply: ReplyId(3),
    });
    assert_eq!(host.outcome, Some(Outcome::Output(json!(7).into())));
    let events = host.store.events(&Settings::execution(), 0, 99).unwrap();
    let is_submitted = |kind: &EventKind| matches!(kind, EventKind::TaskSubmitted { .. });
    let submitted = events.iter().filter(|event| is_submitted(&event.kind));
    assert_eq!(submitted.count(), 1);
}

#[test]
fn an_activity_is_offered_again_until_a_worker_has_it() {
    let mut host = host(ACTIVITY, OUTWARD);
    host.restart();
    assert_eq!(host.ran.len(), 2);
    host.check_same();
    let attempt = host.ran[0].attempt;
    host.deliver(InputKind::TaskStarted {
        attempt,
        worker: Some("w".into()),
    });
    host.restart();
    assert_eq!(host.ran.len(), 2);
}

#[test]
fn a_timer_that_became_due_meanwhile_fires_at_once_and_no_other_one() {
    let mut host = host(ACTIVITY, OUTWARD);
    host.restart();
    assert_eq!(host.wake_at, Some(NOW.plus_seconds(60)));
    host.handle(Input::Wake);
    assert_eq!(host.outcome, None, "it is not due");
    host.now = NOW.plus_seconds(100);
    host.restart();
    assert_eq!(host.wake_at, Some(NOW.plus_seconds(60)));
    host.handle(Input::Wake);
    assert_eq!(host.error(), Some("States.Timeout"));
}

#[test]
fn a_token_of_an_older_execution_of_the_same_name_is_refused() {
    let mut host = host(ACTIVITY, OUTWARD);
    let target = |started_at| TokenTarget {
        execution: Settings::execution(),
        started_at,
        attempt: AttemptId(0),
    };
    for (started_at, answer) in [
        (Timestamp(NOW.0 - 1), Answer::NoSuchExecution),
        (NOW, Answer::Accepted { at: NOW }),
    ] {
        host.handle(Input::Callback {
            target: target(started_at),
            callback: Callback::Heartbeat,
            reply: ReplyId(4),
        });
        assert_eq!(host.answers.pop(), Some(answer));
    }
}

#[test]
fn what_is_loaded_already_is_left_alone() {
    let mut host = host(ACTIVITY, OUTWARD);
    host.load();
    assert_eq!(host.answers.pop(), Some(Answer::Loaded));
    assert_eq!(host.ran.len(), 1);
    assert_eq!(host.shard.len(), 1);
}

#[test]
fn a_full_shard_and_what_does_not_run_are_refused() {
    let mut host = host(FUNCTION, SEALED);
    let load = host.stored();
    let mut config = Config::new(2, Settings::tokens());
    config.executions_max = 0;
    host.shard = Shard::new(config);
    host.handle(Input::Load(Box::new(load)));
    assert_eq!(host.answers.pop(), Some(Answer::TooManyExecutions));
    host.restart();
    host.end_task(Ok(json!(1).into()));
    let mut over = host.stored();
    assert_eq!(over.execution.status(), Status::Succeeded);
    for execution in [over.execution.clone(), Execution::new()] {
        over.execution = execution;
        host.handle(Input::Load(Box::new(over.clone())));
        assert_eq!(host.answers.pop(), Some(Answer::NoSuchExecution));
    }
    assert!(host.shard.is_empty());
}

#[test]
fn what_failed_is_redriven_and_shown_so() {
    let mut host = host(FUNCTION, SEALED);
    assert_eq!(host.redrive(), Some(Answer::NotRedrivable), "it runs");
    host.end_task(Err(ErrorOutput::default()));
    host.now = NOW.plus_seconds(5);
    let at = host.now;
    assert_eq!(host.redrive(), Some(Answer::Redriven { at }));
    assert_eq!(host.ran.len(), 2);
    assert_ne!(host.ran[0].attempt, host.ran[1].attempt);
    let index = host.store.index(&Settings::execution()).unwrap().unwrap();
    assert_eq!((index.redrive_count, index.redriven_at), (1, Some(at)));
    assert_eq!((index.status, index.stopped_at), (Status::Running, None));
    assert_eq!(host.redrive(), Some(Answer::NotRedrivable), "it runs");
    // A host that dies after it goes on like after any other death.
    host.restart();
    assert_eq!(host.ran.len(), 3);
    host.end_task(Ok(json!(1).into()));
    assert_eq!(host.outcome, Some(Outcome::Output(json!(1).into())));
    assert_eq!(host.redrive(), Some(Answer::NotRedrivable), "it succeeded");
}

#[test]
fn an_express_execution_and_one_for_which_there_is_no_room_are_not_redriven() {
    let mut express = host_of(FUNCTION, SEALED, Workflow::Express);
    express.end_task(Err(ErrorOutput::default()));
    assert_eq!(express.redrive(), Some(Answer::NotRedrivable));
    let mut host = host(FUNCTION, SEALED);
    host.end_task(Err(ErrorOutput::default()));
    let mut config = Config::new(2, Settings::tokens());
    config.executions_max = 0;
    host.shard = Shard::new(config);
    assert_eq!(host.redrive(), Some(Answer::TooManyExecutions));
    assert!(host.shard.is_empty());
}

#[test]
fn an_execution_that_another_host_redrove_is_lost_here() {
    let mut host = host(FUNCTION, SEALED);
    host.end_task(Err(ErrorOutput::default()));
    let late = host.stored();
    host.redrive();
    let mut other = Shard::new(Config::new(2, Settings::tokens()));
    let effects = other.handle(Input::Redrive(Box::new(late)), host.now);
    let submitted = effects.into_iter().find_map(|effect| match effect {
        Effect::Submit(transition) => Some(*transition),
        _ => None,
    });
    let answers = world::commit_to(&host.store, vec![submitted.unwrap()]);
    assert_eq!(answers, [Err(shard::Refusal::Fenced)]);
}
