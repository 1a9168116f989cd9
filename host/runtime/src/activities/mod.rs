//! Activities (ASL.md §7.5): the catalogue, and the tasks that wait for a worker.
//!
//! The one idea: only an execution knows what it waits for. The lines of tasks are a copy in memory of
//! that, offered anew when a host comes back; a worker is given a task only after its execution has
//! said, durably, that it still waits ([`Starter`]). So a task that is in a line for too long, or twice,
//! does no harm.

mod catalogue;
mod poll;
mod waiting;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use engine::{AttemptId, ExecutionArn};
use expr::Data;

use crate::clock::Clock;
use crate::limits;
use crate::lock::locked;
use crate::place::Place;
use crate::records::{RecordError, Records};
use crate::tags::TagError;

use waiting::Waiting;

pub use catalogue::Activity;
pub use poll::{NotStarted, Starter};

/// Activities and their waiting tasks.
pub struct Activities {
    records: Records,
    place: Place,
    clock: Clock,
    /// How many there are; `None` until it was counted. Only the limit needs it.
    count: Mutex<Option<usize>>,
    waiting: Mutex<Waiting>,
    closed: AtomicBool,
    poll: Duration,
}

/// A task that waits for a worker.
#[derive(Clone, Debug)]
pub struct ActivityTask {
    /// ARN of the activity.
    pub activity: Arc<str>,
    /// The execution that waits.
    pub execution: ExecutionArn,
    /// The attempt it waits for.
    pub attempt: AttemptId,
    /// What the worker answers with.
    pub token: Arc<str>,
    /// What the worker is given.
    pub input: Data,
}

/// Why something was not done with an activity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivityError {
    /// AWS's ActivityDoesNotExist.
    #[error("Activity Does Not Exist: '{0}'")]
    DoesNotExist(String),
    /// AWS's ActivityLimitExceeded.
    #[error("Activity Limit Exceeded: 'there are {0} activities, and there can be no more'")]
    LimitExceeded(usize),
    /// AWS's ActivityWorkerLimitExceeded.
    #[error("Activity Worker Limit Exceeded: '{0}'")]
    WorkerLimitExceeded(String),
    /// Its execution could not say whether it still waits for the task.
    #[error(transparent)]
    NotStarted(#[from] NotStarted),
    /// Its tags were refused.
    #[error(transparent)]
    Tags(#[from] TagError),
    /// The records could not be read or written.
    #[error(transparent)]
    Records(#[from] RecordError),
}

/// A task that found no place in the line of its activity: see [`limits::ACTIVITY_TASKS_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{count} tasks wait for workers already")]
pub struct LineFull {
    /// So many wait.
    pub count: usize,
}

impl Activities {
    pub(crate) fn new(records: Records, place: Place, clock: Clock) -> Activities {
        Activities {
            records,
            place,
            clock,
            count: Mutex::new(None),
            waiting: Mutex::new(Waiting::default()),
            closed: AtomicBool::new(false),
            poll: Duration::from_millis(limits::ACTIVITY_POLL_MS),
        }
    }

    /// The same with another longest time for which [`Activities::take`] waits.
    #[must_use]
    pub fn polling_for(mut self, poll: Duration) -> Activities {
        self.poll = poll;
        self
    }

    /// Puts a task into the line of its activity: when it is scheduled, and again after a restart. One
    /// that is in the line already stays where it is.
    ///
    /// # Errors
    /// [`LineFull`]: the attempt has failed, and it is for the caller to say so.
    pub fn offer(&self, task: ActivityTask) -> Result<(), LineFull> {
        self.waiting().add(task)
    }

    /// Nobody waits for this attempt any more. One that is in no line may be withdrawn.
    pub fn withdraw(&self, execution: &ExecutionArn, attempt: AttemptId) {
        self.waiting().remove(execution, attempt);
    }

    /// Ends every [`Activities::take`]: the server shuts down.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.waiting().wake_everybody();
    }

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        locked(&self.waiting)
    }
}

#[cfg(test)]
mod tests;
