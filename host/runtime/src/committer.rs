//! The committer thread: takes all transitions that wait and writes them as one group (DESIGN D6).

use std::sync::{Arc, Condvar, Mutex, Weak};

use engine::{ExecutionArn, Timestamp, Transition};
use shard::{Input, Refusal};
use store::{Batch, ConflictKind, Store};
use tokio::sync::oneshot;

use crate::lock::locked;
use crate::records::RecordError;
use crate::shell::Shell;

/// One thing to write.
pub(crate) enum Job {
    /// Of an execution.
    Transition(Box<Transition>),
    /// Of the catalogues.
    Records {
        batch: Batch,
        reply: oneshot::Sender<Result<(), RecordError>>,
    },
    /// Executions that ended before this moment, a page of them.
    Forget {
        before: Timestamp,
        max: usize,
        reply: oneshot::Sender<Result<usize, RecordError>>,
    },
}

/// What waits to be written. Bounded by the shard, one transition an execution, and by who waits for
/// records, one batch a request.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Job>,
    closed: bool,
}

impl Queue {
    /// `false`: it is closed, and the job is dropped.
    pub(crate) fn push(&self, job: Job) -> bool {
        let mut state = locked(&self.state);
        if state.closed {
            return false;
        }
        state.waiting.push(job);
        if state.waiting.len() == 1 {
            self.changed.notify_one();
        }
        true
    }

    pub(crate) fn close(&self) {
        locked(&self.state).closed = true;
        self.changed.notify_one();
    }

    /// Waits for the next group; `None` once closed and empty.
    fn next(&self) -> Option<Vec<Job>> {
        let mut state = locked(&self.state);
        loop {
            if !state.waiting.is_empty() {
                return Some(std::mem::take(&mut state.waiting));
            }
            if state.closed {
                return None;
            }
            state = match self.changed.wait(state) {
                Ok(state) => state,
                Err(poisoned) => poisoned.into_inner(),
            };
        }
    }
}

/// Starts the thread. It ends when the queue is closed.
pub(crate) fn start(
    queue: Arc<Queue>,
    store: Arc<dyn Store>,
    shell: Weak<Shell>,
) -> std::io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new()
        .name(String::from("committer"))
        .spawn(move || {
            while let Some(jobs) = queue.next() {
                let group = work_off(&*store, jobs);
                let count = group.len();
                if count == 0 {
                    continue;
                }
                let inputs = write(&*store, group);
                let Some(shell) = shell.upgrade() else { return };
                shell.committed(inputs, count);
            }
        })
}

/// Writes what is not of an execution, and gives the transitions back.
fn work_off(store: &dyn Store, jobs: Vec<Job>) -> Vec<Transition> {
    let (mut transitions, mut batches, mut replies) = (Vec::new(), Vec::new(), Vec::new());
    for job in jobs {
        match job {
            Job::Transition(transition) => transitions.push(*transition),
            Job::Records { batch, reply } => {
                batches.push(batch);
                replies.push(reply);
            }
            Job::Forget { before, max, reply } => {
                let forgotten = store.forget_ended(before, max);
                // Whoever asked may have gone away; so below.
                let _ = reply.send(forgotten.map_err(RecordError::from));
            }
        }
    }
    if !batches.is_empty() {
        let answers: Vec<Result<(), RecordError>> = match store.write(batches) {
            Ok(answers) => answers
                .into_iter()
                .map(|answer| answer.map_err(RecordError::from))
                .collect(),
            Err(dead) => vec![Err(dead.into()); replies.len()],
        };
        for (reply, answer) in replies.into_iter().zip(answers) {
            let _ = reply.send(answer);
        }
    }
    transitions
}

/// Writes a group and says what the shard has to be told.
pub(crate) fn write(store: &dyn Store, group: Vec<Transition>) -> Vec<Input> {
    let names: Vec<ExecutionArn> = group.iter().map(|t| t.execution.clone()).collect();
    match store.commit(group) {
        Ok(results) => results.into_iter().map(input_of).collect(),
        // A store that failed to write is not asked again (I14): nothing more becomes durable, and
        // every execution that waits for it is told.
        Err(_) => names
            .into_iter()
            .map(|execution| Input::Refused {
                execution,
                refusal: Refusal::Fenced,
            })
            .collect(),
    }
}

fn input_of(result: Result<store::Committed, store::Conflict>) -> Input {
    match result {
        Ok(committed) => Input::Durable {
            execution: committed.execution,
            seq: committed.seq,
        },
        Err(conflict) => Input::Refused {
            execution: conflict.execution,
            refusal: match conflict.kind {
                ConflictKind::NameTaken => Refusal::NameTaken,
                ConflictKind::Fenced | ConflictKind::Damaged => Refusal::Fenced,
            },
        },
    }
}
