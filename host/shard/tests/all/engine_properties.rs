//! `Execution::handle` with any definition, any input and any order of answers, timers, duplicates and
//! answers to attempts that are over (I1, I3, I4, I5, I6).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use asl::StateMachine;
use engine::{
    AttemptId, Decision, Effect, Environment, ErrorOutput, Event, EventKind, Execution, Header,
    Input, InputKind, Status, TimerKey, Timestamp, TokenKey, Usage,
};
use expr::Data;
use proptest::prelude::*;
use serde_json::json;
use shard::sim::Settings;

use crate::draw::{Draw, config, tapes};
use crate::machines;
use crate::world;

const BEGINNING: Timestamp = Timestamp(1_767_225_600_000_000);

/// Inputs after the tape is used up until the execution has to have ended.
const DRAIN_MAX: usize = 20_000;

/// The same for one that may go round for ever: then it is stopped.
const ROUNDS_MAX: usize = 100;

/// µs.
const DAY_US: u64 = 86_400 * 1_000_000;

/// Events of one step of a machine without Parallel and Map: a task is scheduled and begins, a Wait is
/// armed and over.
const EVENTS_PER_STEP: usize = 2;

/// The same with them: a wave of iterations, or everything below a Parallel aborted.
const EVENTS_PER_WIDE_STEP: usize = 400;

/// What an input itself brings before the first step: a task that begins and ends by one callback, and
/// the end of the execution, which may be due with it.
const EVENTS_OF_INPUT: usize = 3;

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn whatever_happens_an_execution_goes_by_its_events(
        machine in tapes(400), life in tapes(200)
    ) {
        let mut world = World::new(&mut Draw::new(&machine));
        world.live(&mut Draw::new(&life));
    }
}

/// The property above says nothing of what it never sees.
#[test]
fn generated_lives_reach_every_kind_of_event() {
    let mut entropy = expr::Entropy::from_seed(1);
    let mut tape = |length: usize| -> Vec<u32> {
        let numbers = std::iter::repeat_with(|| u32::try_from(entropy.next_u64() >> 32).unwrap());
        numbers.take(length).collect()
    };
    let mut kinds = BTreeSet::new();
    let mut ends = BTreeMap::new();
    let mut types = BTreeSet::new();
    let mut top_types = BTreeSet::new();
    for _ in 0..400 {
        let (machine, life) = (tape(400), tape(120));
        let mut world = World::new(&mut Draw::new(&machine));
        world.live(&mut Draw::new(&life));
        kinds.extend(world.kinds);
        for state in &world.machine.states {
            types.insert(state.kind.type_name());
            if state.scope == asl::ScopeId::TOP {
                top_types.insert(state.kind.type_name());
            }
        }
        *ends.entry(world.execution.status().as_str()).or_insert(0) += 1;
    }
    assert_eq!(types.len(), 8, "{types:?}");
    assert_eq!(top_types.len(), 8, "{top_types:?}");
    assert_eq!(kinds.len(), 35, "{kinds:?}");
    assert_eq!(ends.len(), 4, "{ends:?}");
    assert!(ends["SUCCEEDED"] >= 100, "{ends:?}");
}

/// One execution, and everything it has outside.
struct World {
    machine: StateMachine,
    goes_round: bool,
    tokens: TokenKey,
    steps: u32,
    now: Timestamp,
    execution: Execution,
    /// What the events alone come to.
    fold: Execution,
    history_id: u64,
    last_at: Timestamp,
    timers: BTreeMap<TimerKey, Timestamp>,
    tasks: Vec<AttemptId>,
    /// Attempts that somebody was told of, over or not.
    known: Vec<AttemptId>,
    more: bool,
    /// The host has just died: what runs may run again.
    recovering: bool,
    /// The kinds of event that were seen.
    kinds: BTreeSet<&'static str>,
}

impl World {
    fn new(draw: &mut Draw<'_>) -> World {
        let definition = machines::definition(draw);
        let input = Data::new(machines::data(draw));
        let mut world = World {
            machine: world::machine(&definition.text),
            goes_round: definition.goes_round,
            tokens: Settings::tokens(),
            steps: 1 + draw.below(30),
            now: BEGINNING,
            execution: Execution::new(),
            fold: Execution::new(),
            history_id: 0,
            last_at: Timestamp(0),
            timers: BTreeMap::new(),
            tasks: Vec::new(),
            known: vec![AttemptId(7_777)],
            more: false,
            recovering: false,
            kinds: BTreeSet::new(),
        };
        world.handle(InputKind::Start(Box::new(header(input))));
        world
    }

    fn live(&mut self, draw: &mut Draw<'_>) {
        while !draw.is_used_up() {
            let input = self.anything(draw);
            self.handle(input);
        }
        for round in 0..DRAIN_MAX {
            if self.execution.status() != Status::Running {
                break;
            }
            if self.goes_round && round == ROUNDS_MAX {
                self.handle(InputKind::Stop(ErrorOutput::default()));
                break;
            }
            match self.next() {
                Some(input) => self.handle(input),
                None => panic!("nothing is left that could end the execution"),
            }
        }
        assert_ne!(self.execution.status(), Status::Running, "it does not end");
        assert_eq!(self.timers, BTreeMap::new(), "timers are left behind");
        assert_eq!(self.tasks, [], "tasks are left behind");
    }

    /// What would happen if nobody interfered.
    fn next(&mut self) -> Option<InputKind> {
        if self.more {
            return Some(InputKind::Continue);
        }
        if let Some(attempt) = self.tasks.first() {
            let result = json!({ "a": { "b": 1 } });
            return Some(ended(*attempt, Ok(result.into())));
        }
        let (key, at) = self.timers.iter().min_by_key(|(_, at)| **at)?;
        let (key, at) = (*key, *at);
        self.now = self.now.max(at);
        self.timers.remove(&key);
        Some(InputKind::Timer(key))
    }

    fn anything(&mut self, draw: &mut Draw<'_>) -> InputKind {
        self.now = match draw.below(10) {
            8 => Timestamp(self.now.0 - 5_000_000),
            9 => self.now.plus_micros(u64::from(draw.below(3_000_000))),
            _ => self.now,
        };
        let attempt = match draw.below(4) {
            3 => *draw.pick(&self.known),
            _ if self.tasks.is_empty() => *draw.pick(&self.known),
            _ => *draw.pick(&self.tasks),
        };
        if self.execution.status() != Status::Running && draw.once_in(8) {
            return InputKind::Redrive;
        }
        match draw.below(19) {
            18 if draw.once_in(4) => self.host_dies(draw),
            0 => self.next().unwrap_or(InputKind::Continue),
            1..=4 => ended(attempt, Ok(result(draw))),
            5..=8 => ended(attempt, Err(error(draw))),
            9 => InputKind::TaskStarted {
                attempt,
                worker: Some("worker".into()),
            },
            10 => InputKind::TaskSubmitted {
                attempt,
                output: result(draw),
            },
            11 => InputKind::Heartbeat { attempt },
            12 if draw.once_in(2) => self.early(draw),
            12 => InputKind::Timer(*draw.pick(&[
                TimerKey::Wait(attempt),
                TimerKey::Retry(attempt),
                TimerKey::Timeout(attempt),
                TimerKey::Heartbeat(attempt),
            ])),
            13 => InputKind::Continue,
            14 => InputKind::Start(Box::new(header(Data::empty_object()))),
            _ if draw.once_in(40) => InputKind::Stop(ErrorOutput::default()),
            _ => {
                // The end of the year is left for the end.
                if let Some(earliest) = self.timers.values().min().copied()
                    && earliest.micros_since(self.now) < DAY_US
                    && draw.below(3) > 0
                {
                    self.now = self.now.max(earliest);
                }
                let keys: Vec<TimerKey> = self.timers.keys().copied().collect();
                let due: Vec<TimerKey> = keys
                    .into_iter()
                    .filter(|key| self.timers[key] <= self.now)
                    .collect();
                for key in &due {
                    self.timers.remove(key);
                }
                InputKind::Timers(due)
            }
        }
    }

    /// What the host had in hand is gone with it.
    fn host_dies(&mut self, draw: &mut Draw<'_>) -> InputKind {
        self.recovering = true;
        let names = machines::FUNCTIONS.map(Arc::from);
        let once_only = names.into_iter().filter(|_| draw.once_in(2)).collect();
        InputKind::Recovered { once_only }
    }

    /// A timer that is armed and may not be due.
    fn early(&self, draw: &mut Draw<'_>) -> InputKind {
        let keys: Vec<TimerKey> = self.timers.keys().copied().collect();
        match keys.split_first() {
            // The first one is the end of the execution.
            Some((_, keys)) if !keys.is_empty() => InputKind::Timer(*draw.pick(keys)),
            _ => InputKind::Timers(Vec::new()),
        }
    }

    fn handle(&mut self, kind: InputKind) {
        let environment = Environment {
            machine: &self.machine,
            tokens: &self.tokens,
            steps: self.steps,
        };
        let input = Input { seed: 7, kind };
        let again = self.execution.decide(environment, input.clone(), self.now);
        let fired = match &input.kind {
            // A Wait or a retry delay is over whenever its timer says so.
            InputKind::Timer(key @ (TimerKey::Wait(_) | TimerKey::Retry(_))) => Some(*key),
            _ => None,
        };
        let decision = self.execution.handle(environment, input, self.now).unwrap();
        assert_eq!(format!("{decision:?}"), format!("{:?}", again.unwrap()));
        if let Some(key) = fired {
            self.timers.remove(&key);
        }
        self.check_events(&decision.events);
        self.check_outside(decision);
    }

    fn check_events(&mut self, events: &[Event]) {
        let is_wide = self.machine.scopes.len() > 1;
        let per_step = if is_wide {
            EVENTS_PER_WIDE_STEP
        } else {
            EVENTS_PER_STEP
        };
        assert!(
            events.len() <= self.steps as usize * per_step + EVENTS_OF_INPUT,
            "{} events in {} steps",
            events.len(),
            self.steps
        );
        for event in events {
            let stored: Event =
                serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
            assert_eq!(&stored, event, "an event survives being stored");
            assert_eq!(event.seq, self.fold.seq() + 1);
            assert!(event.at >= self.last_at, "time does not go backwards (I15)");
            self.last_at = event.at;
            self.check_timeout(event);
            if let Some(link) = event.history {
                self.history_id += 1;
                assert_eq!(link.id, self.history_id);
                assert!(link.previous < link.id);
            }
            self.fold.apply(&stored).unwrap();
            self.kinds.insert(event.kind.name());
        }
        assert_eq!(self.fold, self.execution, "the state is the fold");
        let text = serde_json::to_string(&self.execution).unwrap();
        let snapshot: Execution = serde_json::from_str(&text).unwrap();
        assert_eq!(snapshot, self.execution, "a snapshot is the state");
    }

    /// A task times out when its timer is due, and not before.
    fn check_timeout(&self, event: &Event) {
        if let EventKind::TaskTimedOut { attempt, heartbeat } = event.kind {
            let key = match heartbeat {
                true => TimerKey::Heartbeat(attempt),
                false => TimerKey::Timeout(attempt),
            };
            let is_due = self.timers.get(&key).is_none_or(|due| *due <= event.at);
            assert!(is_due, "{key:?} came early");
        }
    }

    fn check_outside(&mut self, decision: Decision) {
        self.more = decision.more;
        let recovering = std::mem::take(&mut self.recovering);
        for effect in decision.effects {
            match effect {
                Effect::Run(call) if recovering && self.tasks.contains(&call.attempt) => {
                    assert!(call.recoveries < engine::limits::HOST_DEATHS_MAX);
                }
                Effect::Run(call) => {
                    assert!(!self.known.contains(&call.attempt), "attempts are new");
                    assert_eq!(call.recoveries, 0);
                    self.known.push(call.attempt);
                    self.tasks.push(call.attempt);
                }
                Effect::Cancel(attempt) => {
                    let is_out = self.tasks.contains(&attempt);
                    assert!(is_out, "{attempt:?} is cancelled, and was not out");
                    self.tasks.retain(|task| *task != attempt);
                }
                Effect::Arm(key, at) => {
                    self.timers.insert(key, at);
                }
                Effect::Disarm(key) => {
                    self.timers.remove(&key);
                }
            }
        }
        let execution = &self.execution;
        self.tasks.retain(|task| execution.awaits(*task));
        let awaited = self.known.iter().filter(|known| execution.awaits(**known));
        assert_eq!(
            awaited.count(),
            self.tasks.len(),
            "what is over is not awaited"
        );
        let running: BTreeSet<AttemptId> = execution.running().collect();
        assert_eq!(
            running,
            self.tasks.iter().copied().collect(),
            "what runs is out"
        );
        let is_running = execution.status() == Status::Running;
        assert_eq!(self.more, !execution.is_quiescent());
        let needed: BTreeMap<TimerKey, Timestamp> =
            execution.timers(&self.machine).into_iter().collect();
        if is_running {
            assert_eq!(self.timers, needed, "the armed timers are those it needs");
            let waits = self.timers.keys().any(|key| *key != TimerKey::Execution);
            let is_parked = waits || !self.tasks.is_empty();
            assert!(self.more || is_parked, "it waits for nothing but its end");
        }
    }
}

fn header(input: Data) -> Header {
    Header {
        arn: Settings::execution(),
        name: "run".into(),
        machine_arn: "machine".into(),
        machine_name: "machine".into(),
        revision: "1".into(),
        role_arn: "role".into(),
        workflow: engine::Workflow::Standard,
        input,
        started_at: BEGINNING,
        version_arn: None,
        alias_arn: None,
        trace_header: None,
    }
}

/// What a task may answer; once in a while more than the payload limit, or all of it.
fn result(draw: &mut Draw<'_>) -> Data {
    if draw.once_in(60) {
        let bytes = engine::limits::PAYLOAD_BYTES_MAX - 3 + draw.below(4) as usize;
        return Data::new("x".repeat(bytes).into());
    }
    Data::new(machines::data(draw))
}

/// How a task may fail.
fn error(draw: &mut Draw<'_>) -> ErrorOutput {
    match draw.below(8) {
        6 => ErrorOutput::default(),
        7 => ErrorOutput::new("e".repeat(300), "c".repeat(40_000)),
        _ => ErrorOutput::new(*draw.pick(&machines::ERRORS), "cause"),
    }
}

fn ended(attempt: AttemptId, result: Result<Data, ErrorOutput>) -> InputKind {
    InputKind::TaskEnded {
        attempt,
        result,
        usage: Usage::default(),
    }
}
