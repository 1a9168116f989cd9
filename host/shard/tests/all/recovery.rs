//! A host may die at any commit, and nobody can tell: an execution that goes on in another host has the
//! same history as one that was never interrupted (I2, I5, I6, DESIGN D3).

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use asl::{Pattern, Resource, StateMachine};
use engine::{
    ErrorOutput, Event, EventKind, Execution, Header, InputKind, Status, TaskCall, Timestamp,
    TokenTarget, Transition, Usage, Workflow,
};
use expr::Data;
use proptest::prelude::*;
use serde_json::json;
use shard::sim::Settings;
use shard::{
    Answer, Callback, Config, Effect, FunctionFacts, Input, LoadExecution, Pinned, ReplyId, Shard,
    StartExecution,
};
use store::{MemoryStore, Store};

use crate::draw::{Draw, config, tapes};
use crate::machines;
use crate::world;

const BEGINNING: Timestamp = Timestamp(1_767_225_600_000_000);

/// Inputs of one life; one that goes on for longer is no case.
const INPUTS_MAX: usize = 4_000;

/// Events of one life; one with more, which goes round until its history is full, is no case.
const EVENTS_MAX: usize = 3_000;

/// Crash points that are tried of one execution.
const POINTS_MAX: usize = 40;

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn an_execution_that_is_interrupted_has_the_history_of_one_that_is_not(
        machine in tapes(300)
    ) {
        let mut draw = Draw::new(&machine);
        let definition = machines::definition(&mut draw);
        // What is random is another one in another host.
        let text = definition
            .text
            .replace("States.UUID()", "States.Array()")
            .replace("\"FULL\"", "\"NONE\"");
        let case = Case {
            machine: world::machine(&text),
            input: Data::new(machines::data(&mut draw)),
            salt: draw.below(1_000),
        };
        interrupt(&case);
    }
}

/// The property above says nothing of recoveries that have nothing to do.
#[test]
fn generated_interruptions_find_tasks_to_run_again() {
    let definition = json!({ "StartAt": "A", "States": { "A": {
        "Type": "Task", "End": true,
        "Resource": "arn:aws:lambda:us-east-1:123456789012:function:sealed",
    }}});
    let case = |salt| Case {
        machine: world::machine(&definition.to_string()),
        input: Data::empty_object(),
        salt,
    };
    let recovered: Vec<usize> = (0..20).map(|salt| interrupt(&case(salt))).collect();
    // After the commit that starts it, and before the one that ends it; twice if it is redriven.
    assert!(recovered.iter().all(|count| *count >= 2), "{recovered:?}");
}

/// Lets the host of an execution die at every commit; says how many tasks ran again for it.
fn interrupt(case: &Case) -> usize {
    let Some(whole) = Life::of(case, None) else {
        return 0;
    };
    let mut recovered = 0;
    if whole.events().len() > EVENTS_MAX {
        return 0;
    }
    for commit in points(whole.commits) {
        for is_written in [false, true] {
            let crash = Crash { commit, is_written };
            let Some(life) = Life::of(case, Some(crash)) else {
                panic!("{crash:?}: it goes on and on");
            };
            let events = life.events();
            assert_eq!(told(&events), told(&whole.events()), "{crash:?}");
            life.check_outcomes();
            let is_again = |event: &&Event| matches!(event.kind, EventKind::TaskRecovered { .. });
            recovered += events.iter().filter(is_again).count();
        }
    }
    recovered
}

/// Every commit, or as many as there is time for.
fn points(commits: usize) -> impl Iterator<Item = usize> {
    (1..=commits).step_by(1 + commits / POINTS_MAX)
}

/// A history without what only a recovery adds.
fn told(events: &[Event]) -> Vec<String> {
    let is_told = |event: &&Event| !matches!(event.kind, EventKind::TaskRecovered { .. });
    let line = |event: &Event| {
        let (at, frame, kind) = (event.at, event.frame, &event.kind);
        format!("{at:?} {:?} {frame:?} {kind:?}", event.history)
    };
    events.iter().filter(is_told).map(line).collect()
}

/// What is run.
struct Case {
    machine: StateMachine,
    input: Data,
    /// Decides what the tasks answer.
    salt: u32,
}

/// The host dies at this commit.
#[derive(Clone, Copy, Debug)]
struct Crash {
    commit: usize,
    /// Right after it was written, not right before.
    is_written: bool,
}

/// Something that is going to happen outside the shard.
enum Happening {
    /// In the host: gone with it.
    Inside(Input),
    /// Somewhere else: it happens whatever becomes of the host.
    Outside(TokenTarget, Callback),
    /// Somebody redrives what did not succeed.
    Redrive,
}

/// One execution from its start to its end. Commits take no time, and what tasks answer, and when,
/// follows from what they were given: a crash must not change either.
struct Life<'a> {
    case: &'a Case,
    crash: Option<Crash>,
    pinned: Arc<Pinned>,
    shard: Shard,
    store: MemoryStore,
    now: Timestamp,
    wake_at: Option<Timestamp>,
    at_once: VecDeque<Input>,
    agenda: BTreeMap<(Timestamp, usize), Happening>,
    order: usize,
    replies: u64,
    /// Callbacks that nobody has acknowledged: whoever sent them sends them again.
    unanswered: BTreeMap<ReplyId, (TokenTarget, Callback)>,
    /// Tokens that somebody outside has.
    tokens: BTreeSet<Arc<str>>,
    commits: usize,
}

impl<'a> Life<'a> {
    /// The whole life; `None`: it goes on for too long.
    fn of(case: &'a Case, crash: Option<Crash>) -> Option<Life<'a>> {
        let facts = |name: &str| FunctionFacts {
            is_sealed: name == "sealed",
            is_idempotent: true,
        };
        let functions = machines::FUNCTIONS.map(|name| (Arc::from(name), facts(name)));
        let mut life = Life {
            case,
            crash,
            pinned: Arc::new(Pinned {
                machine: Arc::new(case.machine.clone()),
                functions: Arc::new(functions.into_iter().collect()),
            }),
            shard: Shard::new(Config::new(5, Settings::tokens())),
            store: MemoryStore::new(),
            now: BEGINNING,
            wake_at: None,
            at_once: VecDeque::new(),
            agenda: BTreeMap::new(),
            order: 0,
            replies: 0,
            unanswered: BTreeMap::new(),
            tokens: BTreeSet::new(),
            commits: 0,
        };
        life.start();
        for _ in 0..INPUTS_MAX {
            match life.next() {
                Some(input) => life.handle(input),
                None => {
                    assert!(life.shard.is_empty(), "nothing is left to happen");
                    return Some(life);
                }
            }
        }
        None
    }

    fn events(&self) -> Vec<Event> {
        let arn = Settings::execution();
        self.store.events(&arn, 0, usize::MAX).unwrap()
    }

    fn check_outcomes(&self) {
        let mut over = BTreeSet::new();
        for event in self.events() {
            if let EventKind::TaskSucceeded { attempt, .. }
            | EventKind::TaskFailed { attempt, .. }
            | EventKind::TaskTimedOut { attempt, .. } = event.kind
            {
                assert!(over.insert(attempt), "{attempt:?} has two outcomes");
            }
        }
        let index = self.store.index(&Settings::execution()).unwrap().unwrap();
        assert_ne!(index.status, Status::Running);
    }

    fn start(&mut self) {
        let header = Header {
            arn: Settings::execution(),
            name: "run".into(),
            machine_arn: "machine".into(),
            machine_name: "machine".into(),
            revision: "1".into(),
            role_arn: "role".into(),
            workflow: Workflow::Standard,
            input: self.case.input.clone(),
            started_at: BEGINNING,
            version_arn: None,
            alias_arn: None,
            trace_header: None,
        };
        let start = StartExecution {
            header,
            pinned: self.pinned.clone(),
            reply: ReplyId(0),
        };
        self.at_once.push_back(Input::Start(Box::new(start)));
    }

    fn put(&mut self, at: Timestamp, happening: Happening) {
        self.order += 1;
        self.agenda
            .insert((at.max(self.now), self.order), happening);
    }

    fn next(&mut self) -> Option<Input> {
        if let Some(input) = self.at_once.pop_front() {
            return Some(input);
        }
        let happening = self.agenda.first_key_value().map(|((at, _), _)| *at);
        match (happening, self.wake_at) {
            (Some(at), wake) if wake.is_none_or(|wake| at <= wake) => {
                self.now = at;
                Some(match self.agenda.pop_first()?.1 {
                    Happening::Inside(input) => input,
                    Happening::Outside(target, callback) => self.call_back(target, callback),
                    Happening::Redrive => Input::Redrive(Box::new(self.stored()?)),
                })
            }
            (_, Some(at)) => {
                self.now = self.now.max(at);
                self.wake_at = None;
                Some(Input::Wake)
            }
            (_, None) => None,
        }
    }

    fn stored(&self) -> Option<LoadExecution> {
        Some(LoadExecution {
            execution: store::recover(&self.store, &Settings::execution()).unwrap()?,
            pinned: self.pinned.clone(),
            reply: ReplyId(0),
        })
    }

    /// It is over: it is redriven once, whatever becomes of the host meanwhile.
    fn over(&mut self, state: &Execution) {
        let is_asked = |happening: &Happening| matches!(happening, Happening::Redrive);
        if state.is_redrivable()
            && state.redrive_count() == 0
            && !self.agenda.values().any(is_asked)
        {
            let at = state.stopped_at().unwrap().plus_seconds(1);
            self.put(at, Happening::Redrive);
        }
    }

    fn call_back(&mut self, target: TokenTarget, callback: Callback) -> Input {
        self.replies += 1;
        let reply = ReplyId(self.replies);
        self.unanswered
            .insert(reply, (target.clone(), callback.clone()));
        Input::Callback {
            target,
            callback,
            reply,
        }
    }

    fn handle(&mut self, input: Input) {
        for effect in self.shard.handle(input, self.now) {
            match effect {
                Effect::Submit(transition) => {
                    if self.commit(*transition) {
                        // What the shard wanted after that, nobody has heard.
                        return;
                    }
                }
                Effect::Run(run) => self.run(run.call),
                Effect::WakeAt(at) => self.wake_at = at,
                Effect::Continue { execution } => {
                    self.at_once.push_back(Input::Continue { execution });
                }
                Effect::Answer { reply, answer } => {
                    assert!(!matches!(answer, Answer::Failed(_) | Answer::Throttled));
                    self.unanswered.remove(&reply);
                }
                Effect::Lost { reason, .. } => panic!("{reason}"),
                Effect::Ended { .. } => {
                    let stored = self.stored().unwrap();
                    self.over(&stored.execution);
                }
                Effect::Cancel { .. } | Effect::Publish { .. } => {}
            }
        }
    }

    /// `true`: the host died of it.
    fn commit(&mut self, transition: Transition) -> bool {
        self.commits += 1;
        let (execution, seq) = (transition.execution.clone(), transition.last_seq());
        let is_last = self.crash.is_some_and(|crash| crash.commit == self.commits);
        if !is_last || self.crash.is_some_and(|crash| crash.is_written) {
            assert_eq!(world::commit_to(&self.store, vec![transition]), [Ok(())]);
        }
        if is_last {
            self.restart();
            return true;
        }
        self.at_once.push_front(Input::Durable { execution, seq });
        false
    }

    fn restart(&mut self) {
        self.at_once.clear();
        self.wake_at = None;
        self.agenda
            .retain(|_, happening| !matches!(happening, Happening::Inside(_)));
        for (_, (target, callback)) in std::mem::take(&mut self.unanswered) {
            self.put(self.now, Happening::Outside(target, callback));
        }
        let mut config = Config::new(6, Settings::tokens());
        config.epoch = self.store.claim_shard(0).unwrap();
        self.shard = Shard::new(config);
        match self.stored() {
            None => self.start(),
            Some(load) if load.execution.status() == Status::Running => {
                self.at_once.push_back(Input::Load(Box::new(load)));
            }
            Some(load) => self.over(&load.execution),
        }
    }

    /// A task answers when, and what, it would have answered without a crash.
    fn run(&mut self, call: TaskCall) {
        let mut hasher = DefaultHasher::new();
        let given = (&call.state_name, call.retry_count, call.parameters.text());
        (given, self.case.salt).hash(&mut hasher);
        let number = hasher.finish();
        // No two of them at the same moment: then their order would be chance.
        let after_us = 1_000 + number % 3_000_000 + call.attempt.0;
        let at = call.scheduled_at.plus_micros(after_us);
        let result = match number % 8 {
            0..=4 => Ok(Data::new(
                json!({ "a": { "b": 1 }, "n": number % 4, "r": 1 }),
            )),
            5 | 6 => {
                let name = machines::ERRORS[usize::try_from(number / 8 % 3).unwrap()];
                Err(ErrorOutput::new(name, "cause"))
            }
            _ => return,
        };
        let attempt = call.attempt;
        let is_waited_for = matches!(
            &call.resource,
            Resource::Activity { .. }
                | Resource::Integration {
                    pattern: Pattern::WaitForTaskToken,
                    ..
                }
        );
        if !is_waited_for {
            let usage = Usage::default();
            self.deliver(
                at,
                InputKind::TaskEnded {
                    attempt,
                    result,
                    usage,
                },
            );
            return;
        }
        if matches!(call.resource, Resource::Integration { .. }) {
            let output = json!({ "MessageId": attempt.0 }).into();
            self.deliver(
                call.scheduled_at,
                InputKind::TaskSubmitted { attempt, output },
            );
        }
        let token = call.token.unwrap();
        if self.tokens.insert(token.clone()) {
            let target = Settings::tokens().open(&token).unwrap();
            let callback = match result {
                Ok(output) => Callback::Success(output),
                Err(error) => Callback::Failure(error),
            };
            self.put(at, Happening::Outside(target, callback));
        }
    }

    fn deliver(&mut self, at: Timestamp, input: InputKind) {
        let execution = Settings::execution();
        self.put(at, Happening::Inside(Input::Deliver { execution, input }));
    }
}
