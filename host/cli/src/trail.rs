//! The audit trail: what an execution does, told to a person line by line while it happens.
//!
//! The one idea: the trail is a pure function of the durable events, so that it shows only what can be
//! proved later and is tested without running anything. It reads no clock, prints nothing and decides
//! nothing about an execution.
//!
//! A state has its line when it is left, an attempt when it will be retried, a Wait and whatever waits
//! for somebody outside when the waiting begins, a Parallel or Map also when its children begin. Lines
//! come in the order of their last offset. Where a branch ends its siblings the engine records the
//! siblings first; here the failure, which is the reason, goes before them.
//!
//! Begin reading at [`Trail::follow`]; a line is laid out in [`line`], the sums are in [`figures`].

pub mod amount;
pub mod figures;
mod line;
mod note;
#[cfg(test)]
mod tests;
mod visits;

use api::places::Places;
use asl::{Pattern, Resource, State, StateKind, StateMachine};
use engine::{ErrorOutput, Event, EventKind, FrameId, Status, Timestamp, Usage, Went};

pub use self::figures::Figures;
use self::figures::Meter;
use self::line::{Layout, Mark, Row};
use self::note::Failure;
use self::visits::{Visit, Visits};

/// How lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Nothing but ASCII, also in what guests say.
    pub ascii: bool,
    /// With escape sequences for colours.
    pub color: bool,
}

/// The trail of one execution.
#[derive(Debug)]
pub struct Trail<'a> {
    machine: &'a StateMachine,
    layout: Layout,
    places: Places,
    visits: Visits,
    meter: Meter,
    ended: Option<(Status, Option<ErrorOutput>)>,
    /// Lines of aborted siblings, until the line of the failure that ended them.
    held: Vec<String>,
}

impl<'a> Trail<'a> {
    /// The trail of an execution of `machine` that nothing has happened to.
    pub fn new(machine: &'a StateMachine, look: Look) -> Trail<'a> {
        Trail {
            machine,
            layout: Layout::new(machine, look),
            places: Places::new(),
            visits: Visits::default(),
            meter: Meter::default(),
            ended: None,
            held: Vec::new(),
        }
    }

    /// Takes the next event and gives the lines to print for it, without line ends; none for most.
    /// The events of an execution must come in order, from its first one. No line has a control
    /// character but those of colours.
    pub fn follow(&mut self, event: &Event) -> Vec<String> {
        self.places.follow(event);
        self.meter.follow(event);
        let parent = self.places.parent(event.frame).map(|(parent, _)| parent);
        self.visits.follow(event, parent);
        let mut lines = self.lines(event);
        if !is_part_of_an_abort(&event.kind) {
            lines.append(&mut self.held);
        }
        if let EventKind::BranchSucceeded | EventKind::IterationSucceeded { .. } = event.kind {
            self.places.forget(event.frame);
        }
        lines
    }

    /// The last lines, to be printed after the event that ended the execution, or when nobody follows
    /// it any more.
    pub fn summary(&self) -> Vec<String> {
        let (status, error) = match &self.ended {
            Some((status, error)) => (*status, error.as_ref()),
            None => (Status::Running, None),
        };
        self.layout
            .summary(status, error, &self.figures(), self.express_objection())
    }

    /// How many states were entered.
    pub fn states(&self) -> u64 {
        self.meter.states()
    }

    /// How many state transitions AWS would have counted.
    pub fn transitions(&self) -> u64 {
        self.meter.transitions()
    }

    /// The sums up to the last event.
    pub fn figures(&self) -> Figures {
        self.meter.figures()
    }

    /// Why AWS would not run this as Express, whatever it would have billed.
    pub fn express_objection(&self) -> Option<&'static str> {
        let tasks = self.machine.states.iter().filter_map(task_of);
        let refused = tasks.filter_map(|task| match task {
            Resource::Activity { .. } => Some("Express takes no activities"),
            Resource::Integration { pattern, .. } => match pattern {
                Pattern::WaitForTaskToken => Some("Express takes no task tokens"),
                Pattern::Sync | Pattern::Sync2 => Some("Express takes no .sync"),
                Pattern::RequestResponse => None,
            },
            Resource::Function { .. } => None,
        });
        let seconds = self.meter.duration_us() / 1_000_000;
        let is_long = seconds >= engine::limits::EXPRESS_SECONDS_MAX;
        refused
            .min()
            .or(is_long.then_some("Express ends after 5 minutes"))
    }

    fn lines(&mut self, event: &Event) -> Vec<String> {
        let (frame, at) = (event.frame, event.at);
        match &event.kind {
            EventKind::ExecutionStarted { header, .. } => {
                self.layout.start(header.started_at);
                Vec::new()
            }
            EventKind::ExecutionSucceeded { .. } => self.end(event, Status::Succeeded, None),
            EventKind::ExecutionFailed(error) => self.end(event, Status::Failed, Some(error)),
            EventKind::ExecutionTimedOut(error) => self.end(event, Status::TimedOut, Some(error)),
            EventKind::ExecutionAborted(error) => self.end(event, Status::Aborted, Some(error)),
            EventKind::StateEntered { state, .. } => {
                self.visits.open(frame, Visit::new(*state, at));
                Vec::new()
            }
            EventKind::StateExited { went, .. } => self.exited(frame, at, *went),
            EventKind::StateAborted => self.aborted(frame, at),
            EventKind::StateFailed(error) => {
                self.drop_children(frame, at);
                self.fail(frame, Failure::new(error), Usage::default())
            }
            EventKind::ChildFailed { child, error } => self.child_failed(frame, at, *child, error),
            EventKind::RetryArmed { until, .. } => self.retried(frame, at, *until),
            EventKind::RetryBegun => self.tried_again(frame, at),
            EventKind::WaitArmed { until, .. } if *until > at => {
                let note = format!("waits {}", self.layout.duration(until.micros_since(at)));
                self.waits(frame, note)
            }
            EventKind::TaskScheduled { .. } if self.is_activity(frame) => {
                self.waits(frame, "waits for a worker".to_owned())
            }
            EventKind::TaskSubmitted { .. } => self.submitted(frame),
            EventKind::TaskSucceeded { usage, .. } => {
                if let Some(visit) = self.visits.get_mut(frame) {
                    visit.usage = *usage;
                }
                Vec::new()
            }
            EventKind::TaskFailed { error, usage, .. } => {
                self.fail(frame, Failure::new(error), *usage)
            }
            EventKind::TaskTimedOut { heartbeat, .. } => {
                self.fail(frame, Failure::timeout(*heartbeat), Usage::default())
            }
            EventKind::ParallelStarted { branches, .. } => {
                let note = amount::counted(branches.len() as u64, "branch", "branches");
                self.begins(frame, note)
            }
            EventKind::MapStarted {
                length,
                concurrency,
                ..
            } => self.begins(frame, map_note(*length, *concurrency)),
            EventKind::WaitArmed { .. }
            | EventKind::TaskScheduled { .. }
            | EventKind::TaskStarted { .. }
            | EventKind::ExecutionRedriven { .. }
            | EventKind::StateResumed
            | EventKind::ChildrenResumed { .. }
            | EventKind::TaskRecovered { .. }
            | EventKind::HeartbeatRecorded { .. }
            | EventKind::ParallelSucceeded
            | EventKind::ParallelFailed
            | EventKind::IterationStarted { .. }
            | EventKind::IterationSucceeded { .. }
            | EventKind::IterationFailed { .. }
            | EventKind::IterationAborted { .. }
            | EventKind::MapSucceeded
            | EventKind::MapFailed
            | EventKind::EvaluationFailed { .. }
            | EventKind::BranchSucceeded => Vec::new(),
        }
    }

    fn aborted(&mut self, frame: FrameId, at: Timestamp) -> Vec<String> {
        let line = self.close(frame, at, Mark::Stopped, String::new());
        self.held.extend(line);
        Vec::new()
    }

    fn tried_again(&mut self, frame: FrameId, at: Timestamp) -> Vec<String> {
        if let Some(visit) = self.visits.get_mut(frame) {
            visit.begin_again(at);
        }
        Vec::new()
    }

    /// The state is done, or a catcher took its failure.
    fn exited(&mut self, frame: FrameId, at: Timestamp, went: Went) -> Vec<String> {
        let Some(visit) = self.visits.get(frame) else {
            return Vec::new();
        };
        let next = match went {
            Went::Next(next) => self.name_of(self.machine.state(next)),
            Went::End => "",
        };
        let (mark, note) = match &visit.failure {
            Some(failure) => {
                let note = failure.note();
                (Mark::Caught, self.layout.then(&note, next))
            }
            None if self.is_choice(frame) => (Mark::Done, self.layout.then("", next)),
            None => (Mark::Done, String::new()),
        };
        self.close(frame, at, mark, note).into_iter().collect()
    }

    /// The execution is over. On a failure the state that it comes from goes first; whatever else was
    /// going on is stopped, from the inside out.
    fn end(&mut self, event: &Event, status: Status, error: Option<&ErrorOutput>) -> Vec<String> {
        let culprit = match (status, event.history) {
            (Status::Failed, Some(link)) => self.visits.frame_of(link.previous),
            _ => None,
        };
        let mut lines = Vec::new();
        if let (Some(culprit), Some(error)) = (culprit, error) {
            lines.extend(self.failed_for_good(culprit, event.at, error));
        }
        let mut open: Vec<FrameId> = self.visits.frames().collect();
        open.sort_by_key(|frame| (usize::MAX - self.depth(*frame), *frame));
        for frame in open {
            lines.extend(self.close(frame, event.at, Mark::Stopped, String::new()));
        }
        self.ended = Some((status, error.cloned()));
        lines
    }

    fn child_failed(
        &mut self,
        frame: FrameId,
        at: Timestamp,
        child: FrameId,
        error: &ErrorOutput,
    ) -> Vec<String> {
        let line = self.failed_for_good(child, at, error);
        self.drop_children(frame, at);
        self.fail(frame, Failure::new(error), Usage::default());
        line.into_iter().collect()
    }

    fn failed_for_good(
        &mut self,
        frame: FrameId,
        at: Timestamp,
        error: &ErrorOutput,
    ) -> Option<String> {
        let failure = match self.visits.get(frame)?.failure.clone() {
            Some(known) if known.is_of(error) => known,
            _ => Failure::new(error),
        };
        let note = self.layout.then(&failure.note(), "");
        self.close(frame, at, Mark::Failed, note)
    }

    fn retried(&mut self, frame: FrameId, at: Timestamp, until: Timestamp) -> Vec<String> {
        let Some(visit) = self.visits.get(frame) else {
            return Vec::new();
        };
        let delay = self.layout.duration(until.micros_since(at));
        let reason = visit.failure.as_ref().map_or(String::new(), Failure::note);
        let note = self.layout.then(&reason, &format!("again in {delay}"));
        self.row(frame, Some(at), Mark::Retried, note)
            .into_iter()
            .collect()
    }

    fn submitted(&self, frame: FrameId) -> Vec<String> {
        let note = match self.state(frame).and_then(task_of) {
            Some(Resource::Integration {
                pattern: Pattern::Sync | Pattern::Sync2,
                ..
            }) => "waits for the job",
            _ => "waits for a task token",
        };
        self.waits(frame, note.to_owned())
    }

    fn waits(&self, frame: FrameId, note: String) -> Vec<String> {
        let line = self.row(frame, None, Mark::Waits, note);
        line.into_iter().collect()
    }

    fn begins(&self, frame: FrameId, note: String) -> Vec<String> {
        let line = self.row(frame, None, Mark::Begins, note);
        line.into_iter().collect()
    }

    /// Remembers a failure until it is known what becomes of it.
    fn fail(&mut self, frame: FrameId, failure: Failure, usage: Usage) -> Vec<String> {
        if let Some(visit) = self.visits.get_mut(frame) {
            // A state that cannot use its task's result has still had the task.
            if usage != Usage::default() {
                visit.usage = usage;
            }
            visit.failure = Some(failure);
        }
        Vec::new()
    }

    /// What is left below a frame is gone with it. Those that were in a state have their lines.
    fn drop_children(&mut self, frame: FrameId, at: Timestamp) {
        let below: Vec<FrameId> = self
            .visits
            .frames()
            .filter(|inner| self.is_below(*inner, frame))
            .collect();
        for inner in below {
            self.aborted(inner, at);
        }
    }

    fn is_below(&self, inner: FrameId, outer: FrameId) -> bool {
        let mut at = inner;
        while let Some((parent, _)) = self.places.parent(at) {
            if parent == outer {
                return true;
            }
            at = parent;
        }
        false
    }

    fn depth(&self, frame: FrameId) -> usize {
        self.places.path(frame, self.machine).len()
    }

    fn close(&mut self, frame: FrameId, at: Timestamp, mark: Mark, note: String) -> Option<String> {
        let line = self.row(frame, Some(at), mark, note);
        self.visits.close(frame);
        self.meter.close(frame, at);
        line
    }

    fn row(
        &self,
        frame: FrameId,
        until: Option<Timestamp>,
        mark: Mark,
        note: String,
    ) -> Option<String> {
        let visit = self.visits.get(frame)?;
        let state = self.machine.state(visit.state)?;
        Some(self.layout.line(&Row {
            mark,
            name: &state.name,
            from: visit.begun_at,
            until,
            type_name: state.kind.type_name(),
            path: &self.places.path(frame, self.machine),
            attempt: visit.attempt,
            usage: visit.usage,
            note,
        }))
    }

    fn state(&self, frame: FrameId) -> Option<&'a State> {
        self.machine.state(self.visits.get(frame)?.state)
    }

    fn name_of(&self, state: Option<&'a State>) -> &'a str {
        state.map_or("?", |state| &*state.name)
    }

    fn is_choice(&self, frame: FrameId) -> bool {
        let kind = self.state(frame).map(|state| &state.kind);
        matches!(kind, Some(StateKind::Choice(_)))
    }

    fn is_activity(&self, frame: FrameId) -> bool {
        let resource = self.state(frame).and_then(task_of);
        matches!(resource, Some(Resource::Activity { .. }))
    }
}

/// The engine records these before the failure that they follow from.
fn is_part_of_an_abort(kind: &EventKind) -> bool {
    matches!(
        kind,
        EventKind::StateAborted
            | EventKind::IterationAborted { .. }
            | EventKind::IterationFailed { .. }
    )
}

fn task_of(state: &State) -> Option<&Resource> {
    match &state.kind {
        StateKind::Task(task) => Some(&task.resource),
        _ => None,
    }
}

fn map_note(length: u64, concurrency: u64) -> String {
    let items = amount::counted(length, "item", "items");
    if concurrency < length {
        format!("{items}, {concurrency} at a time")
    } else {
        items
    }
}
