//! Parallel (ASL.md §3.1): all branches get the same input; their results come in branch order.

use asl::Parallel;

use super::{Decider, Here, Step};
use crate::event::{EventKind, Place};

impl Decider<'_> {
    pub(super) fn begin_parallel(&mut self, here: &Here<'_>, parallel: &Parallel) -> Step {
        let mut branches = Vec::with_capacity(parallel.branches.len());
        for scope in &parallel.branches {
            match self.environment.machine.scope(*scope) {
                Some(branch) => branches.push(Place {
                    scope: *scope,
                    start_at: branch.start_at,
                }),
                None => return Err(self.defect("the definition has no such branch")),
            }
        }
        let made = self
            .effective_input(here)
            .and_then(|input| self.shaped(here, parallel.flow.parameters.as_ref(), &input))
            .and_then(|input| super::flow::within_limit(here, input));
        match made {
            Ok(input) => self.emit(here.id, EventKind::ParallelStarted { input, branches }),
            Err(broken) => self.break_retryable(here, broken),
        }
    }
}
