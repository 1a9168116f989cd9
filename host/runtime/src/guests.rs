//! The guest threads: run tasks and bring their outcomes home. A thread that has brought one home
//! runs the task that follows from it, so that a chain of tasks changes no thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use asl::Resource;
use engine::{AttemptId, ExecutionArn, InputKind, Usage};
use expr::Data;
use shard::{Input, RunTask};
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::host::Monitor;
use crate::integrations::{self, Progress};
use crate::limits;
use crate::message::Answered;
use crate::shell::Shell;

/// Tells a running guest that nobody waits for it.
#[derive(Debug, Default)]
pub(crate) struct Cancel {
    is_set: AtomicBool,
    was_set: Notify,
}

impl Cancel {
    pub(crate) fn set(&self) {
        self.is_set.store(true, Ordering::Release);
        // Whoever waits, or the one who will.
        self.was_set.notify_one();
    }

    fn is_set(&self) -> bool {
        self.is_set.load(Ordering::Acquire)
    }

    /// Waits until it is set. For one waiter.
    async fn wait(&self) {
        while !self.is_set() {
            self.was_set.notified().await;
        }
    }
}

/// Runs a task on the guest threads.
pub(crate) fn spawn(shell: &Arc<Shell>, task: RunTask, cancel: Arc<Cancel>) {
    let shell = shell.clone();
    let guests = shell.guests.clone();
    guests.spawn(async move { run_chain(shell, task, cancel).await });
}

async fn run_chain(shell: Arc<Shell>, mut task: RunTask, mut cancel: Arc<Cancel>) {
    for count in 1_u32.. {
        let execution = task.execution.clone();
        let attempt = task.call.attempt;
        if cancel.is_set() {
            // It was cancelled while it waited for a thread: what it would do, nobody wants any more.
            shell.finished(1);
            return;
        }
        let line: Arc<dyn Monitor> = Arc::new(Line {
            shell: shell.clone(),
            execution: execution.clone(),
            attempt,
            cancel: cancel.clone(),
            clock: shell.clock.clone(),
            last_beat_us: AtomicI64::new(i64::MIN),
        });
        let progress = integrations::run(&shell, task, line).await;
        if !matches!(progress, Progress::Pending { .. }) {
            if cancel.is_set() {
                // Nobody waits for it; and by now the same name and number may be another one's.
                shell.finished(1);
                return;
            }
            shell.task_done(&execution, attempt);
        }
        let next = match progress {
            Progress::Ended { result, usage } => {
                let input = InputKind::TaskEnded {
                    attempt,
                    result,
                    usage,
                };
                shell.input_keeping_one(Input::Deliver { execution, input })
            }
            Progress::Submitted { output, message } => {
                let input = InputKind::TaskSubmitted { attempt, output };
                let next = shell.input_keeping_one(Input::Deliver { execution, input });
                // After the submission is on its way: an answer may come back at once.
                if let Some(message) = message {
                    shell.messages.deliver(*message);
                }
                next
            }
            Progress::Pending { output, end, child } => {
                let input = InputKind::TaskSubmitted { attempt, output };
                shell.input(Input::Deliver {
                    execution: execution.clone(),
                    input,
                });
                spawn_end(&shell, execution, attempt, cancel.clone(), end, child);
                return;
            }
        };
        shell.finished(1);
        let Some((following, its_cancel)) = next else {
            return;
        };
        (task, cancel) = (*following, its_cancel);
        if count.is_multiple_of(limits::TASKS_BEFORE_YIELD) {
            tokio::task::yield_now().await;
        }
    }
}

/// Whether a task is for somebody else to take: it runs on no thread of this host.
pub(crate) fn is_offer(task: &RunTask) -> bool {
    matches!(task.call.resource, Resource::Activity { .. })
}

/// Offers a task to whoever works for it.
pub(crate) fn offer(shell: &Arc<Shell>, task: &RunTask, cancel: &Cancel) {
    let (execution, attempt) = (&task.execution, task.call.attempt);
    let refused = match cancel.is_set() {
        // It was cancelled before it was offered: nobody wants it any more.
        true => None,
        false => {
            let message = integrations::activity_message(shell, task);
            shell.messages.offer(message).err()
        }
    };
    shell.task_done(execution, attempt);
    if let Some(error) = refused {
        let input = InputKind::TaskEnded {
            attempt,
            result: Err(error),
            usage: Usage::default(),
        };
        shell.input(Input::Deliver {
            execution: execution.clone(),
            input,
        });
    }
    shell.finished(1);
}

/// Waits for what was started elsewhere, without a guest thread of its own, until it ends or nobody
/// waits for it any more.
fn spawn_end(
    shell: &Arc<Shell>,
    execution: ExecutionArn,
    attempt: AttemptId,
    cancel: Arc<Cancel>,
    end: Answered<Data>,
    child: ExecutionArn,
) {
    let shell = shell.clone();
    let guests = shell.guests.clone();
    guests.spawn(async move {
        tokio::select! {
            result = end => {
                shell.task_done(&execution, attempt);
                let usage = Usage::default();
                let input = InputKind::TaskEnded { attempt, result, usage };
                shell.input(Input::Deliver { execution, input });
            }
            () = cancel.wait() => {
                // A host that shuts down cancels what runs; the child goes on after it.
                if !shell.is_closed() {
                    shell.messages.abandon_child(child);
                }
            }
        }
        shell.finished(1);
    });
}

/// The line of one attempt.
struct Line {
    shell: Arc<Shell>,
    execution: ExecutionArn,
    attempt: AttemptId,
    cancel: Arc<Cancel>,
    clock: Clock,
    last_beat_us: AtomicI64,
}

impl Monitor for Line {
    fn heartbeat(&self) -> bool {
        if self.cancel.is_set() {
            return false;
        }
        let now = self.clock.now().0;
        let last = self.last_beat_us.load(Ordering::Relaxed);
        if now.saturating_sub(last) >= limits::HEARTBEAT_INTERVAL_MS * 1_000 {
            self.last_beat_us.store(now, Ordering::Relaxed);
            let input = InputKind::Heartbeat {
                attempt: self.attempt,
            };
            self.shell.input(Input::Deliver {
                execution: self.execution.clone(),
                input,
            });
        }
        !self.cancel.is_set()
    }

    fn is_cancelled(&self) -> bool {
        self.cancel.is_set()
    }
}
