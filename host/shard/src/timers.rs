//! The timers of a shard: by time for waking, by execution and key for changing.

use std::collections::{BTreeMap, BTreeSet};

use engine::{ExecutionArn, TimerKey, Timestamp};

/// A set of timers; one for each execution and key.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    by_time: BTreeSet<(Timestamp, ExecutionArn, TimerKey)>,
    by_key: BTreeMap<(ExecutionArn, TimerKey), Timestamp>,
}

impl Timers {
    pub(crate) fn arm(&mut self, execution: &ExecutionArn, key: TimerKey, at: Timestamp) {
        if let Some(before) = self.by_key.insert((execution.clone(), key), at) {
            self.by_time.remove(&(before, execution.clone(), key));
        }
        self.by_time.insert((at, execution.clone(), key));
    }

    pub(crate) fn disarm(&mut self, execution: &ExecutionArn, key: TimerKey) {
        if let Some(at) = self.by_key.remove(&(execution.clone(), key)) {
            self.by_time.remove(&(at, execution.clone(), key));
        }
    }

    /// The time of the earliest timer.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.by_time.first().map(|(at, ..)| *at)
    }

    /// Takes the earliest timer if it is due, and with it those of the same execution and moment.
    pub(crate) fn pop_due(&mut self, now: Timestamp) -> Option<(ExecutionArn, Vec<TimerKey>)> {
        let moment = self.next().filter(|at| *at <= now)?;
        let execution = self.by_time.first().map(|(_, owner, _)| owner.clone())?;
        let mut keys = Vec::new();
        while let Some((at, owner, key)) = self.by_time.first()
            && *at == moment
            && *owner == execution
        {
            keys.push(*key);
            self.disarm(&execution, *keys.last()?);
        }
        Some((execution, keys))
    }

    /// Drops all timers of an execution.
    pub(crate) fn forget(&mut self, execution: &ExecutionArn) {
        let keys: Vec<TimerKey> = self
            .by_key
            .range((execution.clone(), TimerKey::Execution)..)
            .take_while(|((owner, _), _)| owner == execution)
            .map(|((_, key), _)| *key)
            .collect();
        for key in keys {
            self.disarm(execution, key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::AttemptId;

    fn arn(name: &str) -> ExecutionArn {
        ExecutionArn(name.into())
    }

    #[test]
    fn timers_come_out_by_time_and_only_when_due() {
        let mut timers = Timers::default();
        timers.arm(&arn("b"), TimerKey::Execution, Timestamp(20));
        timers.arm(&arn("a"), TimerKey::Wait(AttemptId(1)), Timestamp(10));
        assert_eq!(timers.next(), Some(Timestamp(10)));
        assert_eq!(timers.pop_due(Timestamp(9)), None);
        assert_eq!(
            timers.pop_due(Timestamp(25)),
            Some((arn("a"), vec![TimerKey::Wait(AttemptId(1))]))
        );
        assert_eq!(
            timers.pop_due(Timestamp(25)),
            Some((arn("b"), vec![TimerKey::Execution]))
        );
        assert_eq!(timers.pop_due(Timestamp(25)), None);
    }

    #[test]
    fn timers_of_one_execution_and_moment_come_out_together() {
        let mut timers = Timers::default();
        timers.arm(&arn("a"), TimerKey::Timeout(AttemptId(1)), Timestamp(10));
        timers.arm(&arn("b"), TimerKey::Execution, Timestamp(10));
        timers.arm(&arn("a"), TimerKey::Timeout(AttemptId(2)), Timestamp(10));
        timers.arm(&arn("a"), TimerKey::Timeout(AttemptId(3)), Timestamp(11));
        let keys = vec![
            TimerKey::Timeout(AttemptId(1)),
            TimerKey::Timeout(AttemptId(2)),
        ];
        assert_eq!(timers.pop_due(Timestamp(99)), Some((arn("a"), keys)));
        assert_eq!(
            timers.pop_due(Timestamp(99)),
            Some((arn("b"), vec![TimerKey::Execution]))
        );
    }

    #[test]
    fn arming_again_replaces_and_forgetting_leaves_the_others() {
        let mut timers = Timers::default();
        timers.arm(&arn("a"), TimerKey::Execution, Timestamp(10));
        timers.arm(&arn("a"), TimerKey::Execution, Timestamp(30));
        timers.arm(&arn("a"), TimerKey::Retry(AttemptId(9)), Timestamp(5));
        timers.arm(&arn("b"), TimerKey::Execution, Timestamp(20));
        timers.forget(&arn("a"));
        assert_eq!(
            timers.pop_due(Timestamp(99)),
            Some((arn("b"), vec![TimerKey::Execution]))
        );
        assert_eq!(timers.next(), None);
    }
}
