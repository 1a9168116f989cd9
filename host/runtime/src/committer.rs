//! The committer thread: takes all transitions that wait and writes them as one group (DESIGN D6).

use std::sync::{Arc, Condvar, Mutex, Weak};

use engine::{ExecutionArn, Transition};
use shard::{Input, Refusal};
use store::{ConflictKind, Store};

use crate::lock::locked;
use crate::shell::Shell;

/// What waits to be written. Bounded by the shard: one transition an execution.
#[derive(Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Transition>,
    closed: bool,
}

impl Queue {
    pub(crate) fn push(&self, transition: Transition) {
        let mut state = locked(&self.state);
        state.waiting.push(transition);
        if state.waiting.len() == 1 {
            self.changed.notify_one();
        }
    }

    pub(crate) fn close(&self) {
        locked(&self.state).closed = true;
        self.changed.notify_one();
    }

    /// Waits for the next group; `None` once closed and empty.
    fn next(&self) -> Option<Vec<Transition>> {
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
            while let Some(group) = queue.next() {
                let count = group.len();
                let inputs = write(&*store, group);
                let Some(shell) = shell.upgrade() else { return };
                shell.committed(inputs, count);
            }
        })
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
                ConflictKind::Fenced => Refusal::Fenced,
            },
        },
    }
}
