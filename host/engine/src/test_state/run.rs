//! The run of a test: an execution of one state, step by step.

use std::sync::Arc;

use asl::service::Fragment;
use asl::{ResultFlow, State, StateKind};
use expr::Data;
use serde_json::{Map, Value};

use super::request::Mocked;
use super::{ErrorDetails, Refusal, TestRequest, TestResult, TestStatus, context};
use crate::decide::{Environment, Observer, Seen, Stage, view_of};
use crate::effect::{Effect, TaskCall, TimerKey};
use crate::event::{ErrorOutput, EventKind, Header, Usage, Went, Workflow};
use crate::ids::{AttemptId, FrameId, Timestamp};
use crate::input::{Input, InputKind};
use crate::limits;
use crate::state::{Execution, Failing, Phase};
use crate::token::TokenKey;

/// A test that has begun.
#[derive(Debug)]
pub struct TestRun {
    request: TestRequest,
    fragment: Fragment,
    variables: Vec<(Arc<str>, Data)>,
    mocked: Option<Mocked>,
    execution: Execution,
    observer: Observer,
    now: Timestamp,
    /// The last failure that Retry and Catch were asked about.
    failing: Option<Failing>,
    /// The Map or Parallel got as far as its iterations or branches.
    has_begun_children: bool,
    /// The task that is out.
    attempt: Option<AttemptId>,
}

/// How far a test got.
#[derive(Debug)]
pub enum Progress {
    /// The task has to be run; its outcome goes to [`TestRun::outcome`].
    NeedsTask(Box<TestRun>, Box<TaskCall>),
    /// The state has ended.
    Done(Box<TestResult>),
}

/// How the state ended, before it is told.
struct End {
    status: TestStatus,
    output: Option<Data>,
    error: Option<ErrorOutput>,
    assigned: Vec<(Arc<str>, Data)>,
    went: Option<Went>,
    details: ErrorDetails,
}

impl TestRun {
    /// Reads the request and runs the state as far as it goes by itself.
    ///
    /// # Errors
    /// [`Refusal`]: the request does not say a test. What goes wrong in the state is no error but its
    /// result.
    pub fn start(request: TestRequest, now: Timestamp) -> Result<Progress, Refusal> {
        request.check_without_mock()?;
        let name = request.state_name.as_deref();
        let fragment = asl::service::fragment(&request.definition, name)?;
        let Some(state) = fragment.machine.state(fragment.state) else {
            return Err(asl::service::FragmentError::NotFound.into());
        };
        let mocked = request.read_mock(state)?;
        let input = request.read_input()?;
        let variables = request.read_variables()?;
        let context = context::of(&request, state, &input, now)?;
        let observer = Observer::new(context);
        observer.note(Stage::Input, &input);
        let mut run = TestRun {
            request,
            fragment,
            variables,
            mocked,
            execution: Execution::new(),
            observer,
            now,
            failing: None,
            has_begun_children: false,
            attempt: None,
        };
        run.enter(input)?;
        run.advance()
    }

    /// Goes on with the outcome of the task.
    ///
    /// # Errors
    /// [`Refusal::Defect`], and as [`TestRun::start`] for what is only known now.
    pub fn outcome(
        mut self,
        result: Result<Data, ErrorOutput>,
        now: Timestamp,
    ) -> Result<TestResult, Refusal> {
        if let Some(attempt) = self.attempt.take() {
            let usage = Usage::default();
            self.answer(
                InputKind::TaskEnded {
                    attempt,
                    result,
                    usage,
                },
                now,
            )?;
        }
        self.end_of_task()
    }

    /// Goes on after the task did not end in its time. `deadline` is that of its call.
    ///
    /// # Errors
    /// As [`TestRun::outcome`].
    pub fn timed_out(mut self, deadline: Timestamp) -> Result<TestResult, Refusal> {
        if let Some(attempt) = self.attempt.take() {
            self.answer(InputKind::Timer(TimerKey::Timeout(attempt)), deadline)?;
        }
        self.end_of_task()
    }

    fn answer(&mut self, kind: InputKind, now: Timestamp) -> Result<(), Refusal> {
        self.now = now.max(self.now);
        self.take(kind, 0).map(|_| ())
    }

    fn end_of_task(self) -> Result<TestResult, Refusal> {
        match self.advance()? {
            Progress::Done(result) => Ok(*result),
            Progress::NeedsTask(..) => Err(defect("a task was handed out twice")),
        }
    }

    /// Begins the execution and enters the state, with what the request pretends.
    fn enter(&mut self, input: Data) -> Result<(), Refusal> {
        let identity = self.request.identity.clone();
        let header = Header {
            arn: identity.execution_arn,
            name: identity.execution_name,
            machine_arn: identity.machine_arn,
            machine_name: identity.machine_name,
            revision: "".into(),
            role_arn: self.request.role_arn.as_deref().unwrap_or_default().into(),
            workflow: Workflow::Express,
            input,
            started_at: self.now,
            version_arn: None,
            alias_arn: None,
            trace_header: None,
        };
        self.take(InputKind::Start(Box::new(header)), 0)?;
        if let Some(root) = self.execution.frames.get_mut(&FrameId::ROOT) {
            root.variables.extend(self.variables.iter().cloned());
        }
        self.take(InputKind::Continue, 1)?;
        let used = self.request.configuration.retrier_retry_count;
        let root = self.execution.frames.get_mut(&FrameId::ROOT);
        if let (Some(used), Some(visit)) = (used, root.and_then(|root| root.visit.as_mut())) {
            let retriers = flow_of(&self.fragment).map_or(0, |flow| flow.retry.len());
            visit.retries = used;
            visit.retrier_counts = (0_u32..)
                .take(retriers)
                .map(|index| (index, used))
                .collect();
        }
        Ok(())
    }

    fn advance(mut self) -> Result<Progress, Refusal> {
        for _ in 0..limits::TEST_STEPS_MAX {
            let root = self.execution.frame(FrameId::ROOT);
            let (kind, steps) = match root.map(|root| &root.phase) {
                Some(Phase::Waiting { attempt, until }) => {
                    self.now = (*until).max(self.now);
                    (InputKind::Timer(TimerKey::Wait(*attempt)), 0)
                }
                Some(Phase::Children(_)) => {
                    self.replace_children()?;
                    continue;
                }
                Some(Phase::Failing(failing)) => {
                    self.failing = Some(failing.clone());
                    (InputKind::Continue, 1)
                }
                _ => (InputKind::Continue, 1),
            };
            let (end, call) = self.take(kind, steps)?;
            if let Some(end) = end {
                return Ok(Progress::Done(Box::new(self.told(end))));
            }
            let Some(call) = call else { continue };
            let attempt = call.attempt;
            let usage = Usage::default();
            let result = match self.mocked.take() {
                Some(Mocked::Result(result)) => Ok(result),
                Some(Mocked::Error(error)) => Err(error),
                None => {
                    self.attempt = Some(attempt);
                    return Ok(Progress::NeedsTask(Box::new(self), call));
                }
            };
            let now = self.now;
            self.answer(
                InputKind::TaskEnded {
                    attempt,
                    result,
                    usage,
                },
                now,
            )?;
        }
        Err(defect("a state does not come to its end"))
    }

    /// Gives the execution an input; says how the state ended, if it did, and what task is wanted.
    fn take(
        &mut self,
        kind: InputKind,
        steps: u32,
    ) -> Result<(Option<End>, Option<Box<TaskCall>>), Refusal> {
        // Nobody answers the tokens of a test: their key is no secret.
        let tokens = TokenKey::new([0; 32]);
        let environment = Environment {
            machine: &self.fragment.machine,
            tokens: &tokens,
            steps,
        };
        let input = Input {
            seed: self.request.seed,
            kind,
        };
        let observer = Some(&self.observer);
        let decision = self
            .execution
            .handle_observed(environment, input, self.now, observer)?;
        let end = decision
            .events
            .into_iter()
            .find_map(|event| self.end(event.kind));
        let call = decision
            .effects
            .into_iter()
            .find_map(|effect| match effect {
                Effect::Run(call) => Some(call),
                Effect::Cancel(_) | Effect::Arm(..) | Effect::Disarm(_) => None,
            });
        Ok((end, call))
    }

    /// The end of the state, if this is what the event says.
    fn end(&self, event: EventKind) -> Option<End> {
        let mut end = End {
            status: TestStatus::Failed,
            output: None,
            error: self.failing.as_ref().map(|failing| failing.error.clone()),
            assigned: Vec::new(),
            went: None,
            details: self.handlers(),
        };
        match event {
            EventKind::StateExited {
                output,
                assigned,
                went,
            } => {
                end.status = match self.failing {
                    Some(_) => TestStatus::CaughtError,
                    None => TestStatus::Succeeded,
                };
                end.output = Some(output);
                end.assigned = assigned;
                end.went = Some(went);
            }
            EventKind::RetryArmed { until, .. } => {
                end.status = TestStatus::Retriable;
                end.details.catch_index = None;
                let delay_us = until.micros_since(self.now);
                end.details.retry_backoff_interval_seconds = Some(delay_us.div_ceil(1_000_000));
            }
            EventKind::ExecutionFailed(error) => {
                end.error = Some(error);
                end.details.catch_index = None;
            }
            _ => return None,
        }
        Some(end)
    }

    /// The retrier and the catcher that the failure belongs to.
    fn handlers(&self) -> ErrorDetails {
        let (Some(failing), Some(flow)) = (&self.failing, flow_of(&self.fragment)) else {
            return ErrorDetails::default();
        };
        let failure = view_of(failing);
        let matches = |names: &[Arc<str>]| asl::errors::matches(names, &failure);
        let index = |position: Option<usize>| position.and_then(|at| u64::try_from(at).ok());
        ErrorDetails {
            catch_index: index(flow.catch.iter().position(|one| matches(&one.error_equals))),
            retry_index: index(flow.retry.iter().position(|one| matches(&one.error_equals))),
            retry_backoff_interval_seconds: None,
        }
    }

    /// The mock in the place of the branches or iterations. They are no part of the test, so that this
    /// changes the state of the execution without an event; nobody will ever read it back.
    fn replace_children(&mut self) -> Result<(), Refusal> {
        self.has_begun_children = true;
        let Some(root) = self.execution.frames.get_mut(&FrameId::ROOT) else {
            return Err(defect("there is no state to go on with"));
        };
        if let Phase::Children(children) = &root.phase
            && children.map.is_some()
        {
            let count = children.results.len() as u64;
            self.request.check_iterations(count)?;
        }
        root.phase = match self.mocked.take() {
            Some(Mocked::Result(result)) => Phase::Succeeded { result },
            Some(Mocked::Error(error)) => Phase::Failing(Failing {
                children: None,
                timed_out: error.error.as_deref() == Some(limits::TIMEOUT) && error.cause.is_none(),
                error,
                is_heartbeat: false,
                from_child: true,
                from_task: true,
            }),
            None => return Err(defect("iterations ran in a test")),
        };
        self.execution.frames.retain(|id, _| *id == FrameId::ROOT);
        self.execution.attempts.clear();
        self.execution.ready.clear();
        self.execution.ready.push_back(FrameId::ROOT);
        Ok(())
    }

    fn told(self, end: End) -> TestResult {
        let next_state = match end.went {
            Some(Went::Next(id)) => self.fragment.machine.state(id),
            Some(Went::End) | None => None,
        };
        let next_state = next_state.map(|state| state.name.clone());
        let state = self.fragment.machine.state(self.fragment.state);
        let Seen {
            mut stages,
            max_concurrency,
        } = self.observer.seen();
        stages.retain(|stage, _| state.is_none_or(|state| is_shown(state, *stage)));
        let mut variables: Map<String, Value> = Map::new();
        for (name, value) in self.variables.iter().chain(&end.assigned) {
            variables.insert(name.to_string(), value.value().clone());
        }
        TestResult {
            status: end.status,
            output: end.output,
            error: end.error,
            next_state,
            stages,
            variables: (!variables.is_empty()).then(|| Value::Object(variables).into()),
            max_concurrency: max_concurrency.filter(|_| self.has_begun_children),
            error_details: (end.details != ErrorDetails::default()).then_some(end.details),
        }
    }
}

fn flow_of(fragment: &Fragment) -> Option<&ResultFlow> {
    match &fragment.machine.state(fragment.state)?.kind {
        StateKind::Task(task) => Some(&task.flow),
        StateKind::Parallel(parallel) => Some(&parallel.flow),
        StateKind::Map(map) => Some(&map.flow),
        _ => None,
    }
}

/// What AWS shows of a type of state (recorded): of a Map or Parallel not the mock itself, of a Pass with a
/// `Result` not what it does not use.
fn is_shown(state: &State, stage: Stage) -> bool {
    match &state.kind {
        StateKind::Parallel(_) => !matches!(
            stage,
            Stage::AfterInputPath | Stage::AfterParameters | Stage::Result
        ),
        StateKind::Map(_) => stage != Stage::Result,
        StateKind::Pass(pass) if pass.result.is_some() => {
            !matches!(stage, Stage::AfterInputPath | Stage::AfterParameters)
        }
        _ => true,
    }
}

fn defect(reason: &'static str) -> Refusal {
    Refusal::Defect(crate::IllegalEvent {
        seq: 0,
        event: "test",
        reason,
    })
}
