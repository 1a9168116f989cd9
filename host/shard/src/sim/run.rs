//! The loop: takes the earliest happening off the agenda, hands it to the shard, and puts what comes
//! of the effects back on the agenda.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use asl::{Pattern, Resource, StateMachine};
use engine::{
    ErrorOutput, Event, Execution, ExecutionArn, Header, InputKind, Outcome, Status, TaskCall,
    Timestamp, TokenKey, TokenTarget, Transition, Usage, Workflow,
};
use expr::Data;
use serde_json::{Value, json};

use super::script::{Script, StepKind};
use crate::{
    Answer, Callback, Config, Effect, FunctionFacts, Input, LoadExecution, Pinned, Refusal,
    ReplyId, RunTask, Shard, StartExecution,
};

/// The world begins here: 2026-01-01T00:00:00Z.
const BEGINNING: Timestamp = Timestamp(1_767_225_600_000_000);

/// Inputs that one simulation takes before it is given up: a full history asks for fewer.
const INPUTS_MAX: u64 = 200_000;

/// Writes a group of transitions, and answers for each of them.
pub type Commit<'a> = &'a mut dyn FnMut(Vec<Transition>) -> Vec<Result<(), Refusal>>;

/// What is simulated.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The definition.
    pub machine: StateMachine,
    /// Input of the execution.
    pub input: Data,
    /// What happens around it.
    pub script: Script,
    /// Seed of the shard.
    pub seed: u64,
}

impl Settings {
    /// ARN of the execution that is simulated.
    pub fn execution() -> ExecutionArn {
        ExecutionArn("arn:aws:states:us-east-1:123456789012:execution:machine:run".into())
    }

    /// The key that signs its tokens.
    pub fn tokens() -> TokenKey {
        TokenKey::new([7; 32])
    }

    fn header(&self) -> Header {
        Header {
            arn: Settings::execution(),
            name: "run".into(),
            machine_arn: "arn:aws:states:us-east-1:123456789012:stateMachine:machine".into(),
            machine_name: "machine".into(),
            revision: "revision".into(),
            role_arn: "arn:aws:iam::123456789012:role/role".into(),
            workflow: if self.script.express {
                Workflow::Express
            } else {
                Workflow::Standard
            },
            input: self.input.clone(),
            started_at: BEGINNING,
            version_arn: None,
            alias_arn: None,
            trace_header: None,
        }
    }

    fn pinned(&self) -> Pinned {
        let mut functions: BTreeMap<Arc<str>, FunctionFacts> = BTreeMap::new();
        for name in self.script.tasks.keys() {
            let is_sealed = !self
                .script
                .outward
                .iter()
                .any(|outward| **outward == **name);
            let facts = FunctionFacts {
                is_sealed,
                is_idempotent: false,
            };
            functions.insert(name.as_str().into(), facts);
        }
        Pinned {
            machine: Arc::new(self.machine.clone()),
            functions: Arc::new(functions),
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// How the execution ended.
    pub status: Status,
    /// With what.
    pub outcome: Outcome,
    /// What was published, which is all of it.
    pub events: Vec<Event>,
    /// What callers were told, in the order of their requests' answers.
    pub answers: Vec<(ReplyId, Answer)>,
    /// When it ended, after its start (µs).
    pub lasted_us: u64,
    /// Tokens that were handed out, in order.
    pub tokens: Vec<Arc<str>>,
}

/// Why there is no story.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimError {
    /// The shard gave the execution up.
    #[error("the execution was lost: {0}")]
    Lost(String),
    /// It was not started.
    #[error("the execution was not started: {0}")]
    NotStarted(String),
    /// Nothing is left that could happen, and it has not ended.
    #[error("nothing is left to happen at {0:?}, and the execution has not ended")]
    Stuck(Timestamp),
    /// It goes on and on.
    #[error("the execution took more than {INPUTS_MAX} inputs")]
    Endless,
    /// A task has no script.
    #[error("the script has nothing for the task '{0}' of state '{1}'")]
    Unscripted(String, String),
    /// The shard showed events out of order, or before they were durable.
    #[error("event {0} was shown out of order or before it was durable")]
    ShownEarly(u64),
}

/// Runs one execution from its start to its end.
///
/// # Errors
/// [`SimError`]: a defect of the shard, or a script that does not fit the definition.
pub fn run(settings: &Settings, commit: Commit<'_>) -> Result<Story, SimError> {
    let mut config = Config::new(settings.seed, Settings::tokens());
    if let Some(steps) = settings.script.steps {
        config.steps = steps;
    }
    let pinned = Arc::new(settings.pinned());
    let mut simulation = Simulation {
        pinned: pinned.clone(),
        redrives: settings.script.redrives,
        shard: Shard::new(config),
        script: &settings.script,
        now: BEGINNING,
        wake_at: None,
        agenda: BTreeMap::new(),
        order: 0,
        replies: 0,
        calls: BTreeMap::new(),
        durable_seq: 0,
        events: Vec::new(),
        answers: Vec::new(),
        tokens: Vec::new(),
        ended: None,
    };
    let reply = simulation.reply();
    simulation.put(
        0,
        Input::Start(Box::new(StartExecution {
            header: settings.header(),
            pinned,
            reply,
        })),
    );
    if let Some(stop) = &settings.script.stop {
        let reply = simulation.reply();
        let stopped = Input::Stop {
            execution: Settings::execution(),
            error: stop.error.clone(),
            reply,
        };
        simulation.put(stop.after_us, stopped);
    }
    simulation.run(commit)
}

struct Simulation<'a> {
    pinned: Arc<Pinned>,
    redrives: u32,
    shard: Shard,
    script: &'a Script,
    now: Timestamp,
    wake_at: Option<Timestamp>,
    /// What is going to happen, by time and then in the order of its causes.
    agenda: BTreeMap<(Timestamp, u64), Input>,
    order: u64,
    replies: u64,
    /// How often each task was handed out.
    calls: BTreeMap<String, usize>,
    durable_seq: u64,
    events: Vec<Event>,
    answers: Vec<(ReplyId, Answer)>,
    tokens: Vec<Arc<str>>,
    ended: Option<(Status, Outcome)>,
}

impl Simulation<'_> {
    fn run(mut self, commit: Commit<'_>) -> Result<Story, SimError> {
        for _ in 0..INPUTS_MAX {
            let input = self.next().ok_or(SimError::Stuck(self.now))?;
            if let Input::Durable { seq, .. } = input {
                self.durable_seq = seq;
            }
            let effects = self.shard.handle(input, self.now);
            self.take(effects, commit)?;
            if let Some((status, outcome)) = self.ended.take() {
                if status != Status::Succeeded && self.redrives > 0 {
                    self.redrive()?;
                    continue;
                }
                return Ok(Story {
                    status,
                    outcome,
                    events: self.events,
                    answers: self.answers,
                    lasted_us: self.now.micros_since(BEGINNING),
                    tokens: self.tokens,
                });
            }
        }
        Err(SimError::Endless)
    }

    fn redrive(&mut self) -> Result<(), SimError> {
        self.redrives -= 1;
        let mut execution = Execution::new();
        for event in &self.events {
            execution
                .apply(event)
                .map_err(|illegal| SimError::Lost(illegal.to_string()))?;
        }
        let redrive = LoadExecution {
            execution,
            pinned: self.pinned.clone(),
            reply: self.reply(),
        };
        self.put(1_000_000, Input::Redrive(Box::new(redrive)));
        Ok(())
    }

    fn reply(&mut self) -> ReplyId {
        self.replies += 1;
        ReplyId(self.replies)
    }

    fn put(&mut self, after_us: u64, input: Input) {
        self.order += 1;
        self.agenda
            .insert((self.now.plus_micros(after_us), self.order), input);
    }

    /// The earliest happening; what happens outside goes before a timer of the same time.
    fn next(&mut self) -> Option<Input> {
        let happening = self.agenda.first_key_value().map(|((at, _), _)| *at);
        match (happening, self.wake_at) {
            (Some(at), wake) if wake.is_none_or(|wake| at <= wake) => {
                self.now = self.now.max(at);
                self.agenda.pop_first().map(|(_, input)| input)
            }
            (_, Some(wake)) => {
                self.now = self.now.max(wake);
                self.wake_at = None;
                Some(Input::Wake)
            }
            (_, None) => None,
        }
    }

    fn take(&mut self, effects: Vec<Effect>, commit: Commit<'_>) -> Result<(), SimError> {
        let mut group = VecDeque::new();
        for effect in effects {
            match effect {
                Effect::Submit(transition) => group.push_back(*transition),
                Effect::Run(run) => self.hand_out(*run)?,
                // An outcome that comes nevertheless is dropped by the engine (I6).
                Effect::Cancel { .. } => {}
                Effect::WakeAt(at) => self.wake_at = at,
                Effect::Continue { execution } => self.put(0, Input::Continue { execution }),
                Effect::Publish { events, .. } => self.publish(&events)?,
                Effect::Answer { reply, answer } => {
                    if reply == ReplyId(1) && !matches!(answer, Answer::Started { .. }) {
                        return Err(SimError::NotStarted(format!("{answer:?}")));
                    }
                    self.answers.push((reply, answer));
                }
                Effect::Ended {
                    status, outcome, ..
                } => self.ended = Some((status, outcome)),
                Effect::Lost { reason, .. } => return Err(SimError::Lost(reason)),
            }
        }
        if group.is_empty() {
            return Ok(());
        }
        let group: Vec<Transition> = group.into();
        let written: Vec<(ExecutionArn, u64)> = group
            .iter()
            .map(|one| (one.execution.clone(), one.last_seq()))
            .collect();
        for ((execution, seq), answer) in written.into_iter().zip(commit(group)) {
            let input = match answer {
                Ok(()) => Input::Durable { execution, seq },
                Err(refusal) => Input::Refused { execution, refusal },
            };
            self.put(self.script.commit_us, input);
        }
        Ok(())
    }

    fn publish(&mut self, events: &[Event]) -> Result<(), SimError> {
        for event in events {
            let follows = event.seq == self.events.len() as u64 + 1;
            if !follows || event.seq > self.durable_seq {
                return Err(SimError::ShownEarly(event.seq));
            }
            self.events.push(event.clone());
        }
        Ok(())
    }

    fn hand_out(&mut self, run: RunTask) -> Result<(), SimError> {
        let call = run.call;
        self.tokens.extend(call.token.clone());
        let name = task_name(&call);
        let name = if self.script.tasks.contains_key(&*call.state_name) {
            call.state_name.to_string()
        } else {
            name
        };
        let Some(attempts) = self.script.tasks.get(&name) else {
            return Err(SimError::Unscripted(name, call.state_name.to_string()));
        };
        let count = self.calls.entry(name).or_insert(0);
        let steps = attempts.get(*count).or(attempts.last()).cloned();
        *count += 1;
        for step in steps.unwrap_or_default() {
            let input = self.input_of(&run.execution, &call, step.kind);
            self.put(step.after_us, input);
        }
        Ok(())
    }

    fn input_of(&mut self, execution: &ExecutionArn, call: &TaskCall, step: StepKind) -> Input {
        let attempt = call.attempt;
        let input = match step {
            StepKind::Success(value) => {
                return self.callback(execution, call, Callback::Success(value.into()));
            }
            StepKind::Failure(error) => {
                return self.callback(execution, call, Callback::Failure(error));
            }
            StepKind::Heartbeat => return self.callback(execution, call, Callback::Heartbeat),
            StepKind::Submitted(value) => InputKind::TaskSubmitted {
                attempt,
                output: value.into(),
            },
            StepKind::Started(worker) => InputKind::TaskStarted { attempt, worker },
            StepKind::Result(value) => ended(call, Ok(value)),
            StepKind::Echo => ended(call, Ok(event_of(call))),
            StepKind::ResultBytes(bytes) => ended(call, Ok(Value::String("a".repeat(bytes)))),
            StepKind::Error(error) => ended(call, Err(error)),
        };
        Input::Deliver {
            execution: execution.clone(),
            input,
        }
    }

    fn callback(&mut self, execution: &ExecutionArn, call: &TaskCall, callback: Callback) -> Input {
        Input::Callback {
            target: TokenTarget {
                execution: execution.clone(),
                started_at: BEGINNING,
                attempt: call.attempt,
            },
            callback,
            reply: self.reply(),
        }
    }
}

fn task_name(call: &TaskCall) -> String {
    match (&call.function, &call.resource) {
        (Some(function), _) => function.to_string(),
        (None, Resource::Function { name, .. } | Resource::Activity { name, .. }) => {
            name.to_string()
        }
        (
            None,
            Resource::Integration {
                service, action, ..
            },
        ) => format!("{service}:{action}"),
    }
}

fn is_invoke(call: &TaskCall) -> bool {
    matches!(
        &call.resource,
        Resource::Integration { service, action, pattern, .. }
            if &**service == "lambda" && &**action == "invoke"
                && *pattern == Pattern::RequestResponse
    )
}

/// What the function itself is given. A `Payload` is the text of the request: `null` is none of it, and
/// a string is JSON text (recorded from AWS).
fn event_of(call: &TaskCall) -> Value {
    let parameters = call.parameters.value();
    if is_invoke(call) {
        match parameters.get("Payload") {
            None | Some(Value::Null) => json!({}),
            Some(Value::String(text)) => {
                serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()))
            }
            Some(payload) => payload.clone(),
        }
    } else {
        parameters.clone()
    }
}

fn ended(call: &TaskCall, result: Result<Value, ErrorOutput>) -> InputKind {
    let result = result.map(|value| {
        if is_invoke(call) {
            Data::new(json!({
                "ExecutedVersion": "$LATEST",
                "Payload": value,
                "StatusCode": 200,
            }))
        } else {
            Data::new(value)
        }
    });
    InputKind::TaskEnded {
        attempt: call.attempt,
        result,
        usage: Usage::default(),
    }
}
