//! Executions that come from the store: one that goes on in this host, and one that was over and is
//! redriven.

use engine::{Execution, ExecutionArn, InputKind, Status, Timestamp};

use crate::effect::Answer;
use crate::input::LoadExecution;
use crate::shard::Shard;
use crate::slot::Slot;

impl Shard {
    /// Goes on with a stored execution: its timers are armed again, and what its last host still owed
    /// is run again or has failed.
    pub(crate) fn load(&mut self, load: LoadExecution, now: Timestamp) {
        let LoadExecution {
            execution,
            pinned,
            reply,
        } = load;
        let arn = match execution.header() {
            Some(header) if execution.status() == Status::Running => header.arn.clone(),
            _ => return self.answer(reply, Answer::NoSuchExecution),
        };
        self.make_way(&arn, &execution);
        if self.slots.contains_key(&arn) {
            // What is in memory is never behind what is stored.
            return self.answer(reply, Answer::Loaded);
        }
        if self.is_full() {
            return self.answer(reply, Answer::TooManyExecutions);
        }
        for (key, at) in execution.timers(&pinned.machine) {
            self.timers.arm(&arn, key, at);
        }
        let once_only = pinned.once_only();
        let slot = Slot::loaded(execution, pinned, self.config.events_ahead_max);
        self.slots.insert(arn.clone(), slot);
        self.answer(reply, Answer::Loaded);
        self.deliver(&arn, InputKind::Recovered { once_only }, now);
    }

    /// Goes on with a stored execution that is over.
    pub(crate) fn redrive(&mut self, load: LoadExecution, now: Timestamp) {
        let LoadExecution {
            execution,
            pinned,
            reply,
        } = load;
        let Some(arn) = execution.header().map(|header| header.arn.clone()) else {
            return self.answer(reply, Answer::NoSuchExecution);
        };
        self.make_way(&arn, &execution);
        // One that is still here runs, or its end is not durable yet.
        if self.slots.contains_key(&arn) || !execution.is_redrivable() {
            return self.answer(reply, Answer::NotRedrivable);
        }
        if self.is_full() {
            return self.answer(reply, Answer::TooManyExecutions);
        }
        let slot = Slot::loaded(execution, pinned, self.config.events_ahead_max);
        self.slots.insert(arn.clone(), slot);
        self.deliver(&arn, InputKind::Redrive, now);
        let at = self
            .slots
            .get(&arn)
            .and_then(|slot| slot.execution.redriven_at());
        match at {
            Some(at) => self.answer_when_durable(&arn, reply, Answer::Redriven { at }),
            None => self.answer(reply, Answer::NotRedrivable),
        }
    }

    /// A start that waits for its commit while a stored execution of its name, an earlier one, comes in: the
    /// store will refuse it, and until then it must not hide the other. One that began at the same time is
    /// the stored one itself, of which the commit is written and not told yet.
    fn make_way(&mut self, arn: &ExecutionArn, stored: &Execution) {
        let began = |execution: &Execution| execution.header().map(|header| header.started_at);
        let slot = self.slots.get(arn);
        if slot.is_some_and(|slot| began(&slot.execution) != began(stored)) {
            self.take_name_back(arn);
        }
    }
}
