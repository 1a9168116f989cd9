//! TestState: the engine runs the state ([`engine::test_state`]); a Task that has no mock does its work
//! here, on the guest threads as in an execution, and nobody else ever learns of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use engine::test_state::{Progress, Refusal, TestRequest, TestResult, TestRun};
use engine::{ErrorOutput, TaskCall};
use expr::Data;
use shard::RunTask;

use super::Runtime;
use crate::host::Monitor;
use crate::lock::locked;
use crate::{integrations, limits};

/// What came of a task.
enum Outcome {
    Ended(Result<Data, ErrorOutput>),
    /// Its `TimeoutSeconds` ran out.
    TimedOut,
}

impl Runtime {
    /// Tests one state. Takes five minutes at the most.
    ///
    /// # Errors
    /// [`Refusal`]: the request says no test. What goes wrong in the state is in the result.
    pub async fn test_state(&self, mut request: TestRequest) -> Result<TestResult, Refusal> {
        request.seed = locked(&self.0.ids).next_u64();
        let identity = request.identity.clone();
        let clock = &self.0.clock;
        let (run, call) = match TestRun::start(request, clock.now())? {
            Progress::Done(result) => return Ok(*result),
            Progress::NeedsTask(run, call) => (run, call),
        };
        let deadline = call.deadline;
        let task = RunTask {
            execution: identity.execution_arn,
            execution_name: identity.execution_name,
            machine_arn: identity.machine_arn,
            call: *call,
        };
        match self.run_for_test(task).await {
            Outcome::Ended(result) => run.outcome(result, clock.now()),
            Outcome::TimedOut => run.timed_out(deadline.unwrap_or_else(|| clock.now())),
        }
    }

    async fn run_for_test(&self, task: RunTask) -> Outcome {
        let shell = self.0.standard.clone();
        let (longest, has_timeout) = longest(&task.call);
        let line = Arc::new(Line::default());
        let monitor: Arc<dyn Monitor> = line.clone();
        let guests = shell.guests.clone();
        let work = guests.spawn(async move { integrations::run(&shell, task, monitor).await });
        let ended = match tokio::time::timeout(longest, work).await {
            Ok(Ok(integrations::Progress::Ended { result, .. })) => result,
            Ok(Ok(_)) => Err(failed("The state waits for an answer from outside.")),
            Ok(Err(_)) => Err(failed("The task was cut off.")),
            Err(_) => {
                line.is_cancelled.store(true, Ordering::Release);
                if has_timeout {
                    return Outcome::TimedOut;
                }
                let seconds = limits::TEST_SECONDS_MAX;
                Err(failed(&format!("The test took longer than {seconds} s.")))
            }
        };
        Outcome::Ended(ended)
    }
}

/// How long the task may take, and whether this is what its state says.
fn longest(call: &TaskCall) -> (Duration, bool) {
    let test = Duration::from_secs(limits::TEST_SECONDS_MAX);
    let own = call
        .deadline
        .map(|deadline| Duration::from_micros(deadline.micros_since(call.scheduled_at)));
    match own {
        Some(own) if own <= test => (own, true),
        Some(_) | None => (test, false),
    }
}

fn failed(cause: &str) -> ErrorOutput {
    ErrorOutput::new("States.TaskFailed", cause)
}

/// The line of a task that is tested: nobody waits for its heartbeats.
#[derive(Debug, Default)]
struct Line {
    is_cancelled: AtomicBool,
}

impl Monitor for Line {
    fn heartbeat(&self) -> bool {
        !self.is_cancelled()
    }

    fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Acquire)
    }
}
