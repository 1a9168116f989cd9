//! The lines of tasks: one for each activity, first come, first served.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use engine::{AttemptId, ExecutionArn};
use tokio::sync::Notify;

use super::{ActivityTask, LineFull};
use crate::limits;

/// A place in a line. A task that is put back keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ticket(u64);

/// All lines.
#[derive(Default)]
pub(super) struct Waiting {
    lines: HashMap<Arc<str>, Line>,
    /// Where each task stands.
    places: HashMap<(ExecutionArn, AttemptId), (Arc<str>, Ticket)>,
    next: u64,
}

#[derive(Default)]
struct Line {
    tasks: BTreeMap<Ticket, ActivityTask>,
    pollers: usize,
    wake: Arc<Notify>,
}

impl Waiting {
    pub(super) fn add(&mut self, task: ActivityTask) -> Result<(), LineFull> {
        let key = (task.execution.clone(), task.attempt);
        if self.places.contains_key(&key) {
            return Ok(());
        }
        let count = self.places.len();
        let in_line = self
            .lines
            .get(&task.activity)
            .map_or(0, |line| line.tasks.len());
        if in_line >= limits::ACTIVITY_TASKS_MAX || count >= limits::ACTIVITY_TASKS_ALL_MAX {
            return Err(LineFull { count: in_line });
        }
        self.next += 1;
        self.insert(Ticket(self.next), task);
        Ok(())
    }

    /// Puts a task back that was taken and not given to anybody.
    pub(super) fn put_back(&mut self, ticket: Ticket, task: ActivityTask) {
        let key = (task.execution.clone(), task.attempt);
        if !self.places.contains_key(&key) {
            self.insert(ticket, task);
        }
    }

    fn insert(&mut self, ticket: Ticket, task: ActivityTask) {
        let key = (task.execution.clone(), task.attempt);
        self.places.insert(key, (task.activity.clone(), ticket));
        let line = self.lines.entry(task.activity.clone()).or_default();
        line.tasks.insert(ticket, task);
        line.wake.notify_one();
    }

    /// Takes the first task of a line.
    pub(super) fn take(&mut self, activity: &str) -> Option<(Ticket, ActivityTask)> {
        let line = self.lines.get_mut(activity)?;
        let (ticket, task) = line.tasks.pop_first()?;
        if !line.tasks.is_empty() {
            // Whoever was woken for this one may have been somebody else.
            line.wake.notify_one();
        }
        self.places.remove(&(task.execution.clone(), task.attempt));
        self.tidy(activity);
        Some((ticket, task))
    }

    pub(super) fn remove(&mut self, execution: &ExecutionArn, attempt: AttemptId) {
        let Some((activity, ticket)) = self.places.remove(&(execution.clone(), attempt)) else {
            return;
        };
        if let Some(line) = self.lines.get_mut(&activity) {
            line.tasks.remove(&ticket);
        }
        self.tidy(&activity);
    }

    /// One more polls: what it is woken by; `None`: there are too many.
    pub(super) fn arrive(&mut self, activity: &str) -> Option<Arc<Notify>> {
        let line = self.lines.entry(activity.into()).or_default();
        if line.pollers >= limits::ACTIVITY_POLLERS_MAX {
            return None;
        }
        line.pollers += 1;
        Some(line.wake.clone())
    }

    pub(super) fn leave(&mut self, activity: &str) {
        if let Some(line) = self.lines.get_mut(activity) {
            line.pollers = line.pollers.saturating_sub(1);
        }
        self.tidy(activity);
    }

    pub(super) fn wake(&self, activity: &str) {
        if let Some(line) = self.lines.get(activity) {
            line.wake.notify_waiters();
        }
    }

    pub(super) fn wake_everybody(&self) {
        for line in self.lines.values() {
            line.wake.notify_waiters();
        }
    }

    /// A line in which nobody stands is not kept.
    fn tidy(&mut self, activity: &str) {
        let is_empty = |line: &Line| line.tasks.is_empty() && line.pollers == 0;
        if self.lines.get(activity).is_some_and(is_empty) {
            self.lines.remove(activity);
        }
    }

    #[cfg(test)]
    pub(super) fn lines(&self) -> usize {
        self.lines.len()
    }
}
