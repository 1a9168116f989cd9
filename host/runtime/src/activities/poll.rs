//! GetActivityTask: waits for a task, and has its execution say that the worker may have it.

use std::future::{Future, pending};
use std::pin::pin;

use tokio::time::timeout;

use super::waiting::Ticket;
use super::{Activities, ActivityError, ActivityTask};
use crate::request::CallbackError;
use crate::runtime::Runtime;

/// Whoever runs the executions.
pub trait Starter: Send + Sync {
    /// A worker takes the task. `true`: the execution waits for it, and that it was started is durable,
    /// now or since an earlier call: a worker that went away before it had the task is followed by
    /// another. `false`: the attempt is over.
    fn start(
        &self,
        task: &ActivityTask,
        worker: Option<&str>,
    ) -> impl Future<Output = Result<bool, NotStarted>> + Send;
}

/// The host could not say whether an execution still waits for a task.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotStarted {
    /// The execution is too far ahead of its commits: AWS's ThrottlingException.
    #[error("the execution is too far ahead of its commits; try again")]
    Throttled,
    /// The host failed.
    #[error("{0}")]
    Internal(String),
}

impl Starter for Runtime {
    async fn start(&self, task: &ActivityTask, worker: Option<&str>) -> Result<bool, NotStarted> {
        let started = self.activity_started(&task.token, worker).await;
        started.map_err(|error| match error {
            CallbackError::Throttled => NotStarted::Throttled,
            other => NotStarted::Internal(other.to_string()),
        })
    }
}

impl Activities {
    /// GetActivityTask: the next task of an activity, once there is one; `None`: there was none for as
    /// long as a call is held, or the server shuts down. A call that is dropped takes no task with it.
    ///
    /// # Errors
    /// [`ActivityError`].
    pub async fn take(
        &self,
        starter: &impl Starter,
        activity: &str,
        worker: Option<&str>,
    ) -> Result<Option<ActivityTask>, ActivityError> {
        // Before it stands in a line: lines are kept for activities, not for whatever is asked for.
        self.describe(activity)?;
        let Some(wake) = self.waiting().arrive(activity) else {
            return Err(ActivityError::WorkerLimitExceeded(activity.to_owned()));
        };
        let _here = Here {
            activities: self,
            activity,
        };
        let mut over = pin!(timeout(self.poll, pending::<()>()));
        loop {
            // Made before anything is looked at, so that what changes from now on is told.
            let woken = wake.notified();
            if self.is_closed() {
                return Ok(None);
            }
            self.describe(activity)?;
            if let Some(task) = self.start_first(starter, activity, worker).await? {
                return Ok(Some(task));
            }
            tokio::select! {
                () = woken => {}
                _ = &mut over => return Ok(None),
            }
        }
    }

    /// The first task in the line that its execution still waits for.
    async fn start_first(
        &self,
        starter: &impl Starter,
        activity: &str,
        worker: Option<&str>,
    ) -> Result<Option<ActivityTask>, ActivityError> {
        loop {
            let Some((ticket, task)) = self.waiting().take(activity) else {
                return Ok(None);
            };
            let mut taken = Taken {
                activities: self,
                ticket,
                task: Some(task),
            };
            let Some(task) = &taken.task else {
                return Ok(None);
            };
            let is_waited_for = starter.start(task, worker).await?;
            let task = taken.task.take();
            if is_waited_for {
                return Ok(task);
            }
        }
    }
}

/// Somebody who polls.
struct Here<'a> {
    activities: &'a Activities,
    activity: &'a str,
}

impl Drop for Here<'_> {
    fn drop(&mut self) {
        self.activities.waiting().leave(self.activity);
    }
}

/// A task that was taken from its line and is in nobody's hands: goes back when it is dropped.
struct Taken<'a> {
    activities: &'a Activities,
    ticket: Ticket,
    task: Option<ActivityTask>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            self.activities.waiting().put_back(self.ticket, task);
        }
    }
}
