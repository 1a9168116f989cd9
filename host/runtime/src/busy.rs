//! What is under way in all shards: a skipping clock does not jump over it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::clock::Clock;
use crate::timer::Alarm;

/// Counts commits, tasks, continuations and messages that wait for an answer.
pub(crate) struct Busy {
    count: AtomicUsize,
    clock: Clock,
    alarms: Vec<Arc<Alarm>>,
}

impl Busy {
    pub(crate) fn new(clock: Clock, alarms: Vec<Arc<Alarm>>) -> Busy {
        Busy {
            count: AtomicUsize::new(0),
            clock,
            alarms,
        }
    }

    /// Whether nothing is under way.
    pub(crate) fn is_idle(&self) -> bool {
        self.count.load(Ordering::Acquire) == 0
    }

    /// `count` more things are under way.
    pub(crate) fn began(&self, count: usize) {
        self.count.fetch_add(count, Ordering::AcqRel);
    }

    /// `count` things that were under way are done.
    pub(crate) fn finished(&self, count: usize) {
        if self.count.fetch_sub(count, Ordering::AcqRel) == count && self.clock.skips() {
            self.alarms.iter().for_each(|alarm| alarm.nudge());
        }
    }
}
