//! The shard itself: routes inputs to executions, and turns what the engine decides into effects in
//! the right order. An effect that leaves the host is held until its events are durable; one that
//! stays inside goes out at once (DESIGN D3).

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{
    AttemptId, Environment, ErrorOutput, ExecutionArn, InputKind, Outcome, Status, TaskCall,
    TimerChange, Timestamp, TokenKey, TokenTarget,
};
use expr::Entropy;

use crate::effect::{Answer, Effect, RunTask};
use crate::input::{Callback, Input, Refusal, ReplyId, StartExecution};
use crate::limits;
use crate::slot::{Held, Slot};
use crate::timers::Timers;

/// How a shard works.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which shard this is.
    pub shard: u32,
    /// The owner's fencing number.
    pub epoch: u64,
    /// Seed of all randomness in it.
    pub seed: u64,
    /// Signs task tokens.
    pub tokens: TokenKey,
    /// `false`: durability = "every-event": nothing runs before its events are durable.
    pub run_ahead: bool,
    /// Steps that one input may take.
    pub steps: u32,
    /// Executions in memory.
    pub executions_max: usize,
    /// Events an execution may be ahead of what is durable.
    pub events_ahead_max: usize,
}

impl Config {
    /// The defaults, with what cannot have one.
    pub fn new(seed: u64, tokens: TokenKey) -> Config {
        Config {
            shard: 0,
            epoch: 1,
            seed,
            tokens,
            run_ahead: true,
            steps: engine::limits::STEPS_PER_INPUT,
            executions_max: limits::EXECUTIONS_MAX,
            events_ahead_max: limits::EVENTS_AHEAD_MAX,
        }
    }
}

/// The executions of one shard.
#[derive(Debug)]
pub struct Shard {
    pub(crate) config: Config,
    entropy: Entropy,
    pub(crate) slots: BTreeMap<ExecutionArn, Slot>,
    pub(crate) timers: Timers,
    /// What `Effect::WakeAt` asked for last.
    wake_at: Option<Timestamp>,
    effects: Vec<Effect>,
}

impl Shard {
    /// A shard without executions.
    pub fn new(config: Config) -> Shard {
        Shard {
            entropy: Entropy::from_seed(config.seed),
            config,
            slots: BTreeMap::new(),
            timers: Timers::default(),
            wake_at: None,
            effects: Vec::new(),
        }
    }

    /// How many executions it holds.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.slots.len() >= self.config.executions_max
    }

    /// Works off one input. The same shard, inputs and times give the same effects.
    pub fn handle(&mut self, input: Input, now: Timestamp) -> Vec<Effect> {
        match input {
            Input::Start(start) => self.start(*start, now),
            Input::Deliver { execution, input } => self.deliver(&execution, input, now),
            Input::Load(load) => self.load(*load, now),
            Input::Redrive(load) => self.redrive(*load, now),
            Input::Callback {
                target,
                callback,
                reply,
            } => self.callback(&target, callback, reply, now),
            Input::Stop {
                execution,
                error,
                reply,
            } => self.stop(&execution, error, reply, now),
            Input::Wake => self.wake(now),
            Input::Continue { execution } => {
                if let Some(slot) = self.slots.get_mut(&execution) {
                    slot.continues = false;
                    self.deliver(&execution, InputKind::Continue, now);
                }
            }
            Input::Durable { execution, seq } => self.durable(&execution, seq, now),
            Input::Refused { execution, refusal } => self.refused(&execution, refusal),
        }
        self.wish_to_wake();
        std::mem::take(&mut self.effects)
    }

    fn start(&mut self, start: StartExecution, now: Timestamp) {
        let StartExecution {
            mut header,
            pinned,
            reply,
        } = start;
        let arn = header.arn.clone();
        if let Some(slot) = self.slots.get_mut(&arn) {
            // Whoever is told that it exists has to find it: not before its start is durable.
            let answer = Answer::AlreadyExists;
            if slot.durable_seq == 0 {
                slot.held.push_back((1, Held::Answer(reply, answer)));
                return;
            }
            return self.answer(reply, answer);
        }
        if self.is_full() {
            return self.answer(reply, Answer::TooManyExecutions);
        }
        header.started_at = now;
        let mut slot = Slot::new(pinned, self.config.events_ahead_max);
        let started = Answer::Started {
            execution: arn.clone(),
            started_at: now,
        };
        // ExecutionStarted is event 1.
        slot.held.push_back((1, Held::Answer(reply, started)));
        self.slots.insert(arn.clone(), slot);
        self.deliver(&arn, InputKind::Start(Box::new(header)), now);
    }

    fn callback(
        &mut self,
        target: &TokenTarget,
        callback: Callback,
        reply: ReplyId,
        now: Timestamp,
    ) {
        let (arn, attempt) = (&target.execution, target.attempt);
        let is_of = |slot: &&Slot| {
            let header = slot.execution.header();
            header.is_some_and(|header| header.started_at == target.started_at)
        };
        let Some(slot) = self.slots.get(arn).filter(is_of) else {
            return self.answer(reply, Answer::NoSuchExecution);
        };
        if !slot.execution.awaits(attempt) {
            return self.answer(reply, Answer::AttemptOver);
        }
        if slot.is_too_far_ahead() {
            // Taking it now and writing it later could lose an answer that was acknowledged.
            return self.answer(reply, Answer::Throttled);
        }
        let input = match callback {
            Callback::Success(output) => ended(attempt, Ok(output)),
            Callback::Failure(error) => ended(attempt, Err(error)),
            Callback::Heartbeat => InputKind::Heartbeat { attempt },
            Callback::Started(worker) => InputKind::TaskStarted { attempt, worker },
        };
        self.deliver(arn, input, now);
        self.answer_when_durable(arn, reply, Answer::Accepted { at: now });
    }

    fn stop(&mut self, arn: &ExecutionArn, error: ErrorOutput, reply: ReplyId, now: Timestamp) {
        if !self.slots.contains_key(arn) {
            return self.answer(reply, Answer::NoSuchExecution);
        }
        self.deliver(arn, InputKind::Stop(error), now);
        self.answer_when_durable(arn, reply, Answer::Accepted { at: now });
    }

    fn wake(&mut self, now: Timestamp) {
        self.wake_at = None;
        for _ in 0..limits::TIMERS_PER_WAKE {
            let Some((arn, keys)) = self.timers.pop_due(now) else {
                break;
            };
            self.deliver(&arn, InputKind::Timers(keys), now);
        }
    }

    /// Gives an input to its execution, or puts it into the mailbox when that is too far ahead.
    pub(crate) fn deliver(&mut self, arn: &ExecutionArn, input: InputKind, now: Timestamp) {
        let Some(slot) = self.slots.get_mut(arn) else {
            return;
        };
        // A stop is never kept waiting: it is what ends an execution that runs too far ahead.
        if slot.is_too_far_ahead() && !matches!(input, InputKind::Stop(_)) {
            let is_beat = matches!(input, InputKind::Heartbeat { .. });
            if !is_beat || slot.mailbox.len() < limits::MAILBOX_MAX {
                slot.mailbox.push_back(input);
            }
            return;
        }
        self.process(arn, input, now);
        self.submit(arn);
    }

    fn process(&mut self, arn: &ExecutionArn, input: InputKind, now: Timestamp) {
        let seed = self.entropy.next_u64();
        let Some(slot) = self.slots.get_mut(arn) else {
            return;
        };
        let pinned = slot.pinned.clone();
        let environment = Environment {
            machine: &pinned.machine,
            tokens: &self.config.tokens,
            steps: self.config.steps,
        };
        if let InputKind::Timers(keys) = &input {
            // They have fired: the stored table must not bring them back.
            let fired = keys.iter().copied().map(TimerChange::Disarm);
            slot.timer_changes.extend(fired);
        }
        let input = engine::Input { seed, kind: input };
        match slot.execution.handle(environment, input, now) {
            Ok(decision) => {
                slot.gather(decision.events);
                let continues = decision.more && !slot.continues;
                slot.continues |= decision.more;
                for effect in decision.effects {
                    self.take_effect(arn, effect);
                }
                if continues {
                    self.effects.push(Effect::Continue {
                        execution: arn.clone(),
                    });
                }
            }
            Err(illegal) => self.lose(arn, illegal.to_string()),
        }
    }

    fn take_effect(&mut self, arn: &ExecutionArn, effect: engine::Effect) {
        let Some(slot) = self.slots.get_mut(arn) else {
            return;
        };
        match effect {
            engine::Effect::Run(call) => {
                let seq = slot.execution.seq();
                // That it runs again is counted before it can kill this host, too (D3).
                let runs_ahead =
                    self.config.run_ahead && call.recoveries == 0 && stays_inside(slot, &call);
                if runs_ahead || seq <= slot.durable_seq {
                    self.run(arn, *call);
                } else {
                    slot.held.push_back((seq, Held::Run(call)));
                }
            }
            engine::Effect::Cancel(attempt) => {
                let before = slot.held.len();
                slot.held.retain(|(_, held)| !is_run_of(held, attempt));
                if slot.held.len() == before {
                    self.effects.push(Effect::Cancel {
                        execution: arn.clone(),
                        attempt,
                    });
                }
            }
            engine::Effect::Arm(key, at) => {
                slot.timer_changes.push(TimerChange::Arm(key, at));
                self.timers.arm(arn, key, at);
            }
            engine::Effect::Disarm(key) => {
                slot.timer_changes.push(TimerChange::Disarm(key));
                self.timers.disarm(arn, key);
            }
        }
    }

    fn run(&mut self, arn: &ExecutionArn, call: TaskCall) {
        let Some(header) = self.slots.get(arn).and_then(|slot| slot.execution.header()) else {
            return;
        };
        let run = RunTask {
            execution: arn.clone(),
            execution_name: header.name.clone(),
            machine_arn: header.machine_arn.clone(),
            call,
        };
        self.effects.push(Effect::Run(Box::new(run)));
    }

    fn submit(&mut self, arn: &ExecutionArn) {
        let Some(slot) = self.slots.get_mut(arn) else {
            return;
        };
        if let Some(transition) = slot.next_transition(arn, self.config.shard, self.config.epoch) {
            self.effects.push(Effect::Submit(Box::new(transition)));
        }
    }

    /// A commit came through: shows its events, lets go what waited for it, and goes on.
    fn durable(&mut self, arn: &ExecutionArn, seq: u64, now: Timestamp) {
        let Some(slot) = self.slots.get_mut(arn) else {
            return;
        };
        let Some(events) = slot.take_durable(seq) else {
            return;
        };
        self.effects.push(Effect::Publish {
            execution: arn.clone(),
            events,
        });
        self.release_held(arn, seq);
        while let Some(slot) = self.slots.get_mut(arn) {
            if slot.is_too_far_ahead() {
                break;
            }
            let Some(input) = slot.mailbox.pop_front() else {
                break;
            };
            self.process(arn, input, now);
        }
        self.submit(arn);
        self.forget_if_over(arn);
    }

    fn release_held(&mut self, arn: &ExecutionArn, seq: u64) {
        while let Some(slot) = self.slots.get_mut(arn) {
            if slot
                .held
                .front()
                .is_none_or(|(waits_for, _)| *waits_for > seq)
            {
                break;
            }
            match slot.held.pop_front() {
                Some((_, Held::Run(call))) => self.run(arn, *call),
                Some((_, Held::Answer(reply, answer))) => self.answer(reply, answer),
                None => break,
            }
        }
    }

    fn forget_if_over(&mut self, arn: &ExecutionArn) {
        let Some(slot) = self.slots.get(arn) else {
            return;
        };
        let all_durable = slot.in_flight.is_none() && slot.gathered.is_empty();
        if slot.execution.status() == Status::Running || !all_durable {
            return;
        }
        let status = slot.execution.status();
        let outcome = slot.execution.outcome().cloned();
        let outcome = outcome.unwrap_or(Outcome::Error(ErrorOutput::default()));
        self.effects.push(Effect::Ended {
            execution: arn.clone(),
            status,
            outcome,
        });
        self.slots.remove(arn);
        self.timers.forget(arn);
    }

    fn refused(&mut self, arn: &ExecutionArn, refusal: Refusal) {
        match refusal {
            Refusal::NameTaken => self.take_name_back(arn),
            Refusal::Fenced => self.lose(arn, String::from("another host owns it")),
        }
    }

    /// Gives a start up whose name is taken by a stored execution. One of which anything is durable is that
    /// execution itself, and stays: the refusal is that of a start which was here before it was loaded.
    pub(crate) fn take_name_back(&mut self, arn: &ExecutionArn) {
        let is_only_wished = |slot: &Slot| slot.durable_seq == 0;
        if !self.slots.get(arn).is_some_and(is_only_wished) {
            return;
        }
        let Some(slot) = self.slots.remove(arn) else {
            return;
        };
        self.abandon(arn, &slot);
        for (_, held) in slot.held {
            if let Held::Answer(reply, _) = held {
                self.answer(reply, Answer::AlreadyExists);
            }
        }
        self.timers.forget(arn);
    }

    /// Gives an execution up: nothing of it is written or run here any more.
    fn lose(&mut self, arn: &ExecutionArn, reason: String) {
        let Some(slot) = self.slots.remove(arn) else {
            return;
        };
        self.timers.forget(arn);
        self.abandon(arn, &slot);
        for (_, held) in slot.held {
            if let Held::Answer(reply, _) = held {
                let error = ErrorOutput::new("InternalServerError", reason.as_str());
                self.answer(reply, Answer::Failed(error));
            }
        }
        self.effects.push(Effect::Lost {
            execution: arn.clone(),
            reason,
        });
    }

    /// The tasks of an execution that is no longer run here ran ahead of a commit that never came:
    /// nobody waits for them.
    fn abandon(&mut self, arn: &ExecutionArn, slot: &Slot) {
        for attempt in slot.execution.running() {
            if !slot.held.iter().any(|(_, held)| is_run_of(held, attempt)) {
                self.effects.push(Effect::Cancel {
                    execution: arn.clone(),
                    attempt,
                });
            }
        }
    }

    pub(crate) fn answer(&mut self, reply: ReplyId, answer: Answer) {
        self.effects.push(Effect::Answer { reply, answer });
    }

    pub(crate) fn answer_when_durable(
        &mut self,
        arn: &ExecutionArn,
        reply: ReplyId,
        answer: Answer,
    ) {
        let Some(slot) = self.slots.get_mut(arn) else {
            return self.answer(reply, Answer::NoSuchExecution);
        };
        let seq = slot.execution.seq();
        if seq <= slot.durable_seq {
            self.answer(reply, answer);
        } else {
            slot.held.push_back((seq, Held::Answer(reply, answer)));
        }
    }

    fn wish_to_wake(&mut self) {
        let next = self.timers.next();
        if next != self.wake_at {
            self.wake_at = next;
            self.effects.push(Effect::WakeAt(next));
        }
    }
}

/// A task whose doing nobody outside can see before its outcome is durable: it runs a sealed
/// function, or one that does not exist. An event for a function is a message, and outlives its sender.
fn stays_inside(slot: &Slot, call: &TaskCall) -> bool {
    let invocation_type = call.parameters.value().get("InvocationType");
    let is_event = invocation_type.is_some_and(|kind| kind.as_str() == Some("Event"));
    let is_plain = !matches!(
        &call.resource,
        asl::Resource::Integration { pattern, .. } if *pattern != asl::Pattern::RequestResponse
    );
    match &call.function {
        Some(name) if is_plain && !is_event => slot
            .pinned
            .functions
            .get(name)
            .is_none_or(|facts| facts.is_sealed),
        _ => false,
    }
}

fn is_run_of(held: &Held, attempt: AttemptId) -> bool {
    matches!(held, Held::Run(call) if call.attempt == attempt)
}

fn ended(attempt: AttemptId, result: Result<expr::Data, ErrorOutput>) -> InputKind {
    InputKind::TaskEnded {
        attempt,
        result,
        usage: engine::Usage::default(),
    }
}

// The shard moves between the threads of its shell.
const _: () = {
    const fn is_send<T: Send>() {}
    is_send::<Shard>();
    is_send::<Arc<Slot>>();
};
