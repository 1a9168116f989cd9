//! `decide`: what an input leads to. Pure and total (I3): the same execution, input and time give the
//! same events and effects, whatever the definition and whatever comes in.
//!
//! Begin at [`Execution::handle`]. One file for each state type; what several of them share is in
//! `flow` (paths and templates), `query` (JSONata), `failure` (Retry, Catch, siblings) and `scope` (context, variables).

mod allowance;
mod choice;
mod fail;
mod failure;
mod flow;
mod input;
mod map;
mod observe;
mod parallel;
mod pass;
mod query;
mod recover;
mod redrive;
mod retry;
mod scope;
mod task;
mod wait;

use asl::{State, StateKind, StateMachine};
use expr::{Data, Entropy};
use serde_json::Value;

use self::allowance::{Allowance, Metered};
pub(crate) use self::failure::view_of;
pub use self::observe::Stage;
pub(crate) use self::observe::{Observer, Seen};
use crate::apply::IllegalEvent;
use crate::effect::{Effect, TimerKey};
use crate::event::{ErrorOutput, Event, EventKind, HistoryLink};
use crate::ids::{FrameId, Timestamp};
use crate::input::Input;
use crate::limits;
use crate::state::{Execution, Frame, Phase, Status, Visit};
use crate::token::TokenKey;

/// What does not change from input to input.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a> {
    /// The definition that the execution was started with.
    pub machine: &'a StateMachine,
    /// Signs task tokens.
    pub tokens: &'a TokenKey,
    /// How many steps one input may take: [`limits::STEPS_PER_INPUT`] but for tests.
    pub steps: u32,
}

/// What an input led to.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// What happened, in order. Already applied to the execution that was handled.
    pub events: Vec<Event>,
    /// What is to be done, in order.
    pub effects: Vec<Effect>,
    /// The step budget was used up, or the allowance of its expressions: send [`crate::InputKind::Continue`].
    pub more: bool,
}

impl Execution {
    /// Works off one input: decides, and applies what it decided.
    ///
    /// # Errors
    /// [`IllegalEvent`] if a decision contradicts the transition table: a defect of the engine. The
    /// execution must then not be used further.
    pub fn handle(
        &mut self,
        environment: Environment<'_>,
        input: Input,
        now: Timestamp,
    ) -> Result<Decision, IllegalEvent> {
        self.handle_observed(environment, input, now, None)
    }

    /// As [`Execution::handle`], with somebody looking on: a test of one state.
    pub(crate) fn handle_observed(
        &mut self,
        environment: Environment<'_>,
        input: Input,
        now: Timestamp,
        observer: Option<&Observer>,
    ) -> Result<Decision, IllegalEvent> {
        let mut decider = Decider {
            now: now.max(self.last_at),
            execution: self,
            environment,
            entropy: Entropy::from_seed(input.seed),
            decision: Decision::default(),
            effects_at_end: None,
            allowance: Allowance::default(),
            observer,
        };
        decider.take(input.kind)?;
        decider.run()?;
        let mut decision = decider.decision;
        if let Some(end) = decider.effects_at_end {
            decision.effects.truncate(end);
        }
        Ok(decision)
    }

    /// The same without changing the execution.
    ///
    /// # Errors
    /// As [`Execution::handle`].
    pub fn decide(
        &self,
        environment: Environment<'_>,
        input: Input,
        now: Timestamp,
    ) -> Result<Decision, IllegalEvent> {
        self.clone().handle(environment, input, now)
    }
}

/// One decision in the making.
struct Decider<'a> {
    execution: &'a mut Execution,
    environment: Environment<'a>,
    now: Timestamp,
    entropy: Entropy,
    decision: Decision,
    /// How many effects there were when the execution ended. A step that fills the history goes on to
    /// its end; what it still asks for is of no use to anybody.
    effects_at_end: Option<usize>,
    /// What its expressions have taken.
    allowance: Allowance,
    /// Looks on, in a test of one state.
    observer: Option<&'a Observer>,
}

/// What a frame stands in: its visit and the state it visits.
struct Here<'a> {
    id: FrameId,
    state: &'a State,
    visit: Visit,
    /// What a test of the state gives in the place of the context object.
    given_context: Option<&'a Value>,
}

type Step = Result<(), IllegalEvent>;

impl<'a> Decider<'a> {
    /// Goes on until every frame waits, or the step budget or the allowance is used up.
    fn run(&mut self) -> Step {
        let mut steps = self.environment.steps;
        while let Some(id) = self.execution.ready.front().copied() {
            if steps == 0 || self.allowance.is_used_up() {
                self.decision.more = true;
                return Ok(());
            }
            steps -= 1;
            self.step(id)?;
        }
        Ok(())
    }

    fn step(&mut self, id: FrameId) -> Step {
        let Some(frame) = self.execution.frame(id) else {
            return Err(self.defect("a frame that is ready is not there"));
        };
        match &frame.phase {
            Phase::Entering { state, input } => {
                let (state, input) = (*state, input.clone());
                self.emit(id, EventKind::StateEntered { state, input })
            }
            Phase::Entered => self.begin(id),
            Phase::Succeeded { result } => {
                let result = result.clone();
                self.finish(id, result)
            }
            Phase::Failing(failing) => {
                let failing = failing.clone();
                self.handle_failure(id, failing)
            }
            Phase::Children(_) => self.advance_children(id),
            Phase::Ended { output } => {
                let output = output.clone();
                self.end_frame(id, output)
            }
            Phase::Resuming(children) => {
                let length = children.as_ref().map(|children| {
                    let count = children.results.len() as u64;
                    children.map.is_some().then_some(count)
                });
                self.resume(id, length)
            }
            Phase::Running(_)
            | Phase::Waiting { .. }
            | Phase::Backoff { .. }
            | Phase::Halted(_) => Err(self.defect("a frame that waits is not ready")),
        }
    }

    /// A state was entered, or is tried again.
    fn begin(&mut self, id: FrameId) -> Step {
        let here = self.here(id)?;
        match &here.state.kind {
            StateKind::Task(task) => self.begin_task(&here, task),
            StateKind::Pass(pass) => self.run_pass(&here, pass),
            StateKind::Choice(choice) => self.run_choice(&here, choice),
            StateKind::Wait(wait) => self.begin_wait(&here, wait),
            StateKind::Succeed => self.run_succeed(&here),
            StateKind::Fail(fail) => self.run_fail(&here, fail),
            StateKind::Parallel(parallel) => self.begin_parallel(&here, parallel),
            StateKind::Map(map) => self.begin_map(&here, map),
        }
    }

    /// The raw result of a Task, Parallel or Map is there.
    fn finish(&mut self, id: FrameId, result: Data) -> Step {
        let here = self.here(id)?;
        match &here.state.kind {
            StateKind::Task(task) => self.leave_with_result(&here, &task.flow, &result),
            StateKind::Parallel(parallel) => self.leave_with_result(&here, &parallel.flow, &result),
            StateKind::Map(map) => self.leave_with_result(&here, &map.flow, &result),
            _ => Err(self.defect("a state of this type has no result")),
        }
    }

    fn advance_children(&mut self, id: FrameId) -> Step {
        let here = self.here(id)?;
        match &here.state.kind {
            StateKind::Parallel(_) if !self.results_fit(id) => {
                self.break_retryable(&here, here.too_large())
            }
            StateKind::Parallel(_) => self.emit(id, EventKind::ParallelSucceeded),
            StateKind::Map(map) => self.advance_map(&here, map),
            _ => Err(self.defect("a state of this type has no children")),
        }
    }

    fn results_fit(&self, id: FrameId) -> bool {
        match self.execution.frame(id).map(|frame| &frame.phase) {
            Some(Phase::Children(children)) => children.results_fit(),
            _ => true,
        }
    }

    /// The scope of a frame has ended.
    fn end_frame(&mut self, id: FrameId, output: Data) -> Step {
        let Some(frame) = self.execution.frame(id) else {
            return Err(self.defect("a frame that ended is not there"));
        };
        if frame.parent.is_none() {
            self.decision
                .effects
                .push(Effect::Disarm(TimerKey::Execution));
            self.emit(id, EventKind::ExecutionSucceeded { output })
        } else if frame.is_iteration {
            let index = frame.index;
            self.emit_aside(
                id,
                EventKind::IterationSucceeded { index },
                self.previous(id),
            )
        } else {
            self.emit(id, EventKind::BranchSucceeded)
        }
    }

    /// Records an event that follows the last one of its frame.
    fn emit(&mut self, frame: FrameId, kind: EventKind) -> Step {
        let previous = self.previous(frame);
        self.emit_aside(frame, kind, previous)
    }

    /// Records an event that follows another one. The last place in the history is for the event that
    /// ends the execution: whatever else would take it fails the execution, and nothing comes after.
    fn emit_aside(&mut self, frame: FrameId, kind: EventKind, previous: u64) -> Step {
        let is_redrive = matches!(kind, EventKind::ExecutionRedriven { .. });
        if self.execution.status != Status::Running && !is_redrive {
            return Ok(());
        }
        let is_last = self.execution.history_id + 1 >= limits::HISTORY_EVENTS_MAX;
        if is_last && kind.is_visible() && !kind.is_terminal() {
            return self.fail_execution(previous, history_full());
        }
        let history = kind.is_visible().then(|| HistoryLink {
            id: self.execution.history_id + 1,
            previous,
        });
        let event = Event {
            seq: self.execution.seq + 1,
            at: self.now,
            history,
            frame,
            kind,
        };
        self.execution.apply(&event)?;
        if event.kind.is_terminal() {
            self.effects_at_end = Some(self.decision.effects.len());
        }
        self.decision.events.push(event);
        Ok(())
    }

    fn previous(&self, frame: FrameId) -> u64 {
        self.execution
            .frame(frame)
            .map_or(0, |frame| frame.previous)
    }

    fn here(&self, id: FrameId) -> Result<Here<'a>, IllegalEvent> {
        let visit = self
            .execution
            .frame(id)
            .and_then(|frame: &Frame| frame.visit.clone());
        let machine: &'a StateMachine = self.environment.machine;
        match visit {
            Some(visit) => match machine.state(visit.state) {
                Some(state) => Ok(Here {
                    id,
                    state,
                    visit,
                    given_context: self.observer.map(|observer| &observer.context),
                }),
                None => Err(self.defect("the definition has no such state")),
            },
            None => Err(self.defect("the frame is in no state")),
        }
    }

    fn defect(&self, reason: &'static str) -> IllegalEvent {
        IllegalEvent {
            seq: self.execution.seq + 1,
            event: "decision",
            reason,
        }
    }

    fn budget(&self) -> Metered {
        self.allowance.budget()
    }
}

fn history_full() -> ErrorOutput {
    ErrorOutput::new(
        "States.Runtime",
        format!(
            "The execution reached the maximum number of history events ({}).",
            limits::HISTORY_EVENTS_MAX
        ),
    )
}
