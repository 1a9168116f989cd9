//! `Shard::handle` with several executions, any order of commits, reports, answers, callbacks, timers,
//! duplicates and stops (D3, D5, I2, I3, I5, I6).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use asl::{Pattern, Resource};
use engine::{
    AttemptId, ErrorOutput, Event, EventKind, ExecutionArn, Header, InputKind, Status, TimerKey,
    Timestamp, TokenTarget, Transition, Usage,
};
use expr::Data;
use proptest::prelude::*;
use serde_json::json;
use shard::sim::Settings;
use shard::{
    Answer, Callback, Config, Effect, FunctionFacts, Input, LoadExecution, Pinned, ReplyId,
    RunTask, Shard, StartExecution,
};
use store::{MemoryStore, Store};

use crate::draw::{Draw, config, tapes};
use crate::machines;
use crate::world;

const BEGINNING: Timestamp = Timestamp(1_767_225_600_000_000);

/// Inputs after the tape is used up until everything has to have ended.
const DRAIN_MAX: usize = 50_000;

/// The same for executions that may go round for ever: then they are stopped.
const ROUNDS_MAX: usize = 300;

/// What only the end of an execution without TimeoutSeconds is away (µs): 300 days.
const STUCK_US: u64 = 300 * 86_400 * 1_000_000;

const NAMES: [&str; 4] = ["e0", "e1", "e2", "e3"];

proptest! {
    #![proptest_config(config(160))]

    #[test]
    fn whatever_happens_a_shard_shows_what_is_durable_and_comes_to_an_end(
        machine in tapes(300), life in tapes(240)
    ) {
        let once = lived(&machine, &life);
        prop_assert_eq!(once, lived(&machine, &life), "the same inputs give the same effects");
    }
}

/// A whole life, as the text of all effects.
fn lived(machine: &[u32], life: &[u32]) -> String {
    let mut draw = Draw::new(machine);
    let mut world = World::new(&mut draw);
    let mut life = Draw::new(life);
    world.start("e0");
    while !life.is_used_up() {
        world.anything(&mut life);
    }
    world.drain();
    world.trace
}

/// What was asked for, and is true once it is accepted.
enum Asked {
    Start(ExecutionArn),
    Stop(ExecutionArn),
    End(ExecutionArn, AttemptId),
    Beat,
    Load,
    Redrive(ExecutionArn, u32),
}

struct World {
    config: Config,
    shard: Shard,
    store: MemoryStore,
    pinned: Arc<Pinned>,
    goes_round: bool,
    input: Data,
    now: Timestamp,
    wake_at: Option<Timestamp>,
    /// Submitted, not committed.
    submitted: VecDeque<Transition>,
    /// Committed or refused, not told yet; and inputs that the shard asked for.
    reports: VecDeque<Input>,
    /// Tasks that run.
    tasks: Vec<RunTask>,
    /// Attempts that somebody was told of, over or not.
    known: Vec<(ExecutionArn, AttemptId)>,
    /// When the executions were started.
    starts: BTreeMap<ExecutionArn, Timestamp>,
    replies: u64,
    unanswered: BTreeMap<ReplyId, Asked>,
    published: BTreeMap<ExecutionArn, u64>,
    ended: BTreeSet<ExecutionArn>,
    trace: String,
}

impl World {
    fn new(draw: &mut Draw<'_>) -> World {
        let definition = machines::definition(draw);
        let input = Data::new(machines::data(draw));
        let mut config = Config::new(3, Settings::tokens());
        config.steps = 1 + draw.below(20);
        config.run_ahead = !draw.once_in(3);
        config.executions_max = 3;
        if draw.once_in(2) {
            config.events_ahead_max = 1 + draw.below(30) as usize;
        }
        let functions = machines::FUNCTIONS.map(|name| {
            let facts = FunctionFacts {
                is_sealed: name == "sealed",
                is_idempotent: false,
            };
            (Arc::from(name), facts)
        });
        World {
            shard: Shard::new(config.clone()),
            config,
            store: MemoryStore::new(),
            pinned: Arc::new(Pinned {
                machine: Arc::new(world::machine(&definition.text)),
                functions: Arc::new(functions.into_iter().collect()),
            }),
            goes_round: definition.goes_round,
            input,
            now: BEGINNING,
            wake_at: None,
            submitted: VecDeque::new(),
            reports: VecDeque::new(),
            tasks: Vec::new(),
            known: vec![(arn("nobody"), AttemptId(3))],
            starts: BTreeMap::new(),
            replies: 0,
            unanswered: BTreeMap::new(),
            published: BTreeMap::new(),
            ended: BTreeSet::new(),
            trace: String::new(),
        }
    }

    fn anything(&mut self, draw: &mut Draw<'_>) {
        match draw.below(16) {
            15 => {
                let name: &str = draw.pick::<&str>(&NAMES);
                self.redrive(&arn(name));
            }
            14 if draw.once_in(3) => self.crash(draw),
            0 | 1 => {
                let count = 1 + draw.below(3) as usize;
                self.commit(count);
            }
            2 | 3 => self.report(),
            4..=6 => self.answer_a_task(draw),
            7 | 8 => self.call_back(draw),
            9 => self.wake(),
            10 => self.handle(Input::Wake),
            11 => {
                let name: &str = draw.pick::<&str>(&NAMES);
                self.start(name);
            }
            12 if draw.once_in(4) => {
                let execution = draw.pick(&self.known).0.clone();
                self.stop(execution);
            }
            _ => self.now = self.now.plus_micros(u64::from(draw.below(2_000_000))),
        }
    }

    /// Lets everything that is under way come to its end.
    fn drain(&mut self) {
        for round in 0..DRAIN_MAX {
            if self.goes_round && round == ROUNDS_MAX {
                NAMES.iter().for_each(|name| self.stop(arn(name)));
            }
            if !self.submitted.is_empty() {
                self.commit(9);
            } else if !self.reports.is_empty() {
                self.report();
            } else if let Some(run) = self.tasks.pop() {
                self.deliver(
                    &run,
                    ended(&run, Ok(json!({ "a": { "b": 1 }, "n": 1 }).into())),
                );
            } else if let Some(at) = self.wake_at {
                let is_near = at.micros_since(self.now) < STUCK_US;
                assert!(is_near, "an execution waits for nothing but its end");
                self.wake();
            } else {
                break;
            }
        }
        assert!(self.shard.is_empty(), "something does not end");
        assert!(self.unanswered.is_empty(), "nobody is left waiting");
        let timers = self.store.timers_due(0, Timestamp(i64::MAX), 9).unwrap();
        assert_eq!(timers, [], "timers are left behind");
        NAMES
            .iter()
            .for_each(|name| self.check_outcomes(&arn(name)));
    }

    /// I6: an attempt has one outcome, whoever reported it and however often.
    fn check_outcomes(&self, execution: &ExecutionArn) {
        let mut over = BTreeSet::new();
        for event in self.store.events(execution, 0, usize::MAX).unwrap() {
            if let EventKind::TaskSucceeded { attempt, .. }
            | EventKind::TaskFailed { attempt, .. }
            | EventKind::TaskTimedOut { attempt, .. } = event.kind
            {
                assert!(over.insert(attempt), "{attempt:?} has two outcomes");
            }
        }
    }

    fn stop(&mut self, execution: ExecutionArn) {
        let reply = self.reply(Asked::Stop(execution.clone()));
        let error = ErrorOutput::new("Stopped", "by hand");
        self.handle(Input::Stop {
            execution,
            error,
            reply,
        });
    }

    fn commit(&mut self, count: usize) {
        let count = count.min(self.submitted.len());
        let group: Vec<Transition> = self.submitted.drain(..count).collect();
        let about: Vec<(ExecutionArn, u64)> = group
            .iter()
            .map(|one| (one.execution.clone(), one.last_seq()))
            .collect();
        let answers = world::commit_to(&self.store, group);
        for ((execution, seq), answer) in about.into_iter().zip(answers) {
            self.reports.push_back(match answer {
                Ok(()) => Input::Durable { execution, seq },
                Err(refusal) => Input::Refused { execution, refusal },
            });
        }
    }

    /// The host dies: some of what was submitted is written, and nobody hears of it. The next one goes
    /// on with what is stored.
    fn crash(&mut self, draw: &mut Draw<'_>) {
        let written = draw.below(4) as usize;
        self.commit(written);
        self.submitted.clear();
        self.reports.clear();
        self.tasks.clear();
        self.unanswered.clear();
        self.wake_at = None;
        self.config.epoch = self.store.claim_shard(0).unwrap();
        self.config.seed += 1;
        self.shard = Shard::new(self.config.clone());
        for execution in NAMES.map(arn) {
            let stored = self.store.events(&execution, 0, usize::MAX).unwrap();
            self.published.insert(execution, stored.len() as u64);
        }
        for execution in self.store.running(0, None, 99).unwrap() {
            self.load(&execution);
            if draw.once_in(2) {
                self.load(&execution);
            }
        }
    }

    fn load(&mut self, execution: &ExecutionArn) {
        let state = store::recover(&self.store, execution).unwrap().unwrap();
        self.starts
            .insert(execution.clone(), state.header().unwrap().started_at);
        let reply = self.reply(Asked::Load);
        self.handle(Input::Load(Box::new(LoadExecution {
            execution: state,
            pinned: self.pinned.clone(),
            reply,
        })));
        assert!(!self.unanswered.contains_key(&reply));
    }

    fn redrive(&mut self, execution: &ExecutionArn) {
        let Some(state) = store::recover(&self.store, execution).unwrap() else {
            return;
        };
        let may_be = state.is_redrivable();
        let has_ended = self.ended.remove(execution);
        let reply = self.reply(Asked::Redrive(execution.clone(), state.redrive_count() + 1));
        self.handle(Input::Redrive(Box::new(LoadExecution {
            execution: state,
            pinned: self.pinned.clone(),
            reply,
        })));
        let is_refused = !self.unanswered.contains_key(&reply);
        assert!(may_be || is_refused, "it runs, or succeeded");
        if is_refused && has_ended {
            self.ended.insert(execution.clone());
        }
    }

    fn report(&mut self) {
        if let Some(input) = self.reports.pop_front() {
            self.handle(input);
        }
        if self.submitted.is_empty() && self.reports.is_empty() {
            self.check_stored_timers();
        }
    }

    fn answer_a_task(&mut self, draw: &mut Draw<'_>) {
        if self.tasks.is_empty() {
            return;
        }
        let index = draw.below(u32::try_from(self.tasks.len()).unwrap()) as usize;
        let run = self.tasks[index].clone();
        let attempt = run.call.attempt;
        let answer = draw.below(8);
        let input = match answer {
            0..=3 => ended(&run, Ok(Data::new(machines::data(draw)))),
            4 | 5 => {
                let name = *draw.pick(&machines::ERRORS);
                ended(&run, Err(ErrorOutput::new(name, "cause")))
            }
            6 => InputKind::TaskSubmitted {
                attempt,
                output: json!(1).into(),
            },
            _ => InputKind::TaskStarted {
                attempt,
                worker: None,
            },
        };
        self.deliver(&run, input);
        // The others are still to come to their end; of those that have, some answer again.
        if answer <= 5 && !draw.once_in(4) {
            self.tasks
                .retain(|task| task.call.attempt != attempt || task.execution != run.execution);
        }
    }

    fn call_back(&mut self, draw: &mut Draw<'_>) {
        let (execution, attempt) = draw.pick(&self.known).clone();
        let end = Asked::End(execution.clone(), attempt);
        let (callback, asked) = match draw.below(3) {
            0 => (Callback::Success(json!({ "n": 1 }).into()), end),
            1 => (Callback::Failure(ErrorOutput::default()), end),
            _ => (Callback::Heartbeat, Asked::Beat),
        };
        let reply = self.reply(asked);
        let started_at = self.starts.get(&execution).copied();
        self.handle(Input::Callback {
            target: TokenTarget {
                execution,
                started_at: started_at.unwrap_or_default(),
                attempt,
            },
            callback,
            reply,
        });
    }

    fn wake(&mut self) {
        if let Some(at) = self.wake_at.take() {
            self.now = self.now.max(at);
            self.handle(Input::Wake);
        }
    }

    fn start(&mut self, name: &str) {
        let reply = self.reply(Asked::Start(arn(name)));
        let header = Header {
            arn: arn(name),
            name: name.into(),
            machine_arn: "machine".into(),
            machine_name: "machine".into(),
            revision: "1".into(),
            role_arn: "role".into(),
            workflow: engine::Workflow::Standard,
            input: self.input.clone(),
            started_at: Timestamp(0),
            version_arn: None,
            alias_arn: None,
            trace_header: None,
        };
        let pinned = self.pinned.clone();
        let before = self.starts.insert(arn(name), self.now);
        self.handle(Input::Start(Box::new(StartExecution {
            header,
            pinned,
            reply,
        })));
        if let (Some(before), false) = (before, self.unanswered.contains_key(&reply)) {
            // It was refused at once: the one that is there stays.
            self.starts.insert(arn(name), before);
        }
    }

    fn reply(&mut self, asked: Asked) -> ReplyId {
        self.replies += 1;
        self.unanswered.insert(ReplyId(self.replies), asked);
        ReplyId(self.replies)
    }

    fn deliver(&mut self, run: &RunTask, input: InputKind) {
        self.handle(Input::Deliver {
            execution: run.execution.clone(),
            input,
        });
    }

    fn handle(&mut self, input: Input) {
        let effects = self.shard.handle(input, self.now);
        self.trace.push_str(&format!("{effects:?}\n"));
        for effect in effects {
            self.take(effect);
        }
    }

    fn take(&mut self, effect: Effect) {
        match effect {
            Effect::Submit(transition) => self.submitted.push_back(*transition),
            Effect::Run(run) => self.run(*run),
            Effect::Cancel { execution, attempt } => {
                self.tasks
                    .retain(|task| task.call.attempt != attempt || task.execution != execution);
                let was_out = self.known.contains(&(execution, attempt));
                assert!(was_out, "what was never out is not cancelled");
            }
            Effect::WakeAt(at) => self.wake_at = at,
            Effect::Continue { execution } => {
                self.reports.push_back(Input::Continue { execution });
            }
            Effect::Publish { execution, events } => self.publish(&execution, &events),
            Effect::Answer { reply, answer } => {
                let asked = self.unanswered.remove(&reply);
                match (&answer, asked) {
                    (_, None) => panic!("{reply:?} was answered before"),
                    (Answer::Failed(_), _) => panic!("{answer:?}"),
                    (
                        Answer::Started { .. } | Answer::Accepted { .. } | Answer::Redriven { .. },
                        Some(asked),
                    ) => {
                        self.check_accepted(&asked);
                    }
                    _ => {}
                }
            }
            Effect::Ended { execution, .. } => {
                assert!(self.ended.insert(execution), "an execution ends once");
            }
            Effect::Lost { execution, reason } => panic!("{execution} was lost: {reason}"),
        }
    }

    /// What is accepted is durable.
    fn check_accepted(&self, asked: &Asked) {
        let status = |execution| self.store.index(execution).unwrap().unwrap().status;
        match asked {
            Asked::Start(execution) => _ = status(execution),
            Asked::Stop(execution) => assert_ne!(status(execution), Status::Running),
            Asked::End(execution, attempt) => {
                let events = self.store.events(execution, 0, usize::MAX).unwrap();
                let has_ended = events.iter().any(|event| match &event.kind {
                    EventKind::TaskSucceeded { attempt: of, .. }
                    | EventKind::TaskFailed { attempt: of, .. } => of == attempt,
                    _ => false,
                });
                assert!(
                    has_ended,
                    "a callback that was accepted is not in the history"
                );
            }
            Asked::Redrive(execution, count) => {
                let index = self.store.index(execution).unwrap().unwrap();
                assert_eq!(index.redrive_count, *count);
            }
            Asked::Beat | Asked::Load => {}
        }
    }

    /// I2: what can be seen outside runs only when its events are durable.
    fn run(&mut self, run: RunTask) {
        let attempt = run.call.attempt;
        let is_sealed = run.call.function.as_deref() == Some("sealed")
            && !matches!(
                &run.call.resource,
                Resource::Integration { pattern, .. } if *pattern != Pattern::RequestResponse
            );
        if !is_sealed || !self.config.run_ahead {
            let events = self.store.events(&run.execution, 0, usize::MAX).unwrap();
            let is_durable = events.iter().any(|event| {
                matches!(&event.kind, EventKind::TaskScheduled { attempt: of, .. } if *of == attempt)
            });
            assert!(is_durable, "a task ran outside before it was durable");
        }
        if run.call.recoveries > 0 {
            let events = self.store.events(&run.execution, 0, usize::MAX).unwrap();
            let is_counted = events.iter().any(
                |event| matches!(&event.kind, EventKind::TaskRecovered { attempt: of } if *of == attempt),
            );
            assert!(is_counted, "it runs again and that is not durable");
        }
        self.known.push((run.execution.clone(), attempt));
        self.tasks.push(run);
    }

    fn publish(&mut self, execution: &ExecutionArn, events: &[Event]) {
        let shown = self.published.entry(execution.clone()).or_insert(0);
        let stored = self.store.events(execution, *shown, events.len()).unwrap();
        assert_eq!(stored, events, "what is shown is what is stored, in order");
        *shown += events.len() as u64;
    }

    /// When all is durable, the stored timers are those that the durable state needs.
    fn check_stored_timers(&self) {
        let due = self.store.timers_due(0, Timestamp(i64::MAX), 999).unwrap();
        let stored: BTreeSet<(ExecutionArn, TimerKey, Timestamp)> = due
            .into_iter()
            .map(|due| (due.execution, due.key, due.at))
            .collect();
        let mut needed = BTreeSet::new();
        for execution in self.store.running(0, None, 99).unwrap() {
            let state = store::recover(&self.store, &execution).unwrap().unwrap();
            for (key, at) in state.timers(&self.pinned.machine) {
                needed.insert((execution.clone(), key, at));
            }
        }
        assert_eq!(stored, needed, "stored timers are those the state needs");
    }
}

fn arn(name: &str) -> ExecutionArn {
    ExecutionArn(format!("arn:aws:states:us-east-1:123456789012:execution:machine:{name}").into())
}

fn ended(run: &RunTask, result: Result<Data, ErrorOutput>) -> InputKind {
    InputKind::TaskEnded {
        attempt: run.call.attempt,
        result,
        usage: Usage::default(),
    }
}
