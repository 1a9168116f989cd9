//! What the expressions of one decision may take together (DESIGN D2). Each evaluation has its own bound;
//! a decision of many steps would multiply it, with the shard waiting. So what each of them took is
//! summed up, and a decision that has used up its allowance ends before the next step.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use expr::Budget;

use crate::limits;

/// What has been spent so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowance(Rc<Spent>);

#[derive(Debug, Default)]
struct Spent {
    steps: Cell<u64>,
    bytes: Cell<u64>,
}

/// The budget of one evaluation. What it took is spent when it is dropped.
#[derive(Debug)]
pub(super) struct Metered {
    budget: Budget,
    given: (u64, u64),
    spent: Rc<Spent>,
}

impl Allowance {
    /// A whole budget for one evaluation, whatever is left: an expression that works in a short
    /// decision works in a long one, too.
    pub(super) fn budget(&self) -> Metered {
        let budget = Budget::default();
        Metered {
            given: (budget.steps_left(), budget.bytes_left()),
            budget,
            spent: self.0.clone(),
        }
    }

    pub(super) fn is_used_up(&self) -> bool {
        self.0.steps.get() >= limits::EXPRESSION_STEPS_PER_INPUT
            || self.0.bytes.get() >= limits::EXPRESSION_BYTES_PER_INPUT
    }
}

impl Deref for Metered {
    type Target = Budget;

    fn deref(&self) -> &Budget {
        &self.budget
    }
}

impl DerefMut for Metered {
    fn deref_mut(&mut self) -> &mut Budget {
        &mut self.budget
    }
}

impl Drop for Metered {
    fn drop(&mut self) {
        let (steps, bytes) = self.given;
        let add = |sum: &Cell<u64>, given: u64, left: u64| {
            sum.set(sum.get().saturating_add(given.saturating_sub(left)));
        };
        add(&self.spent.steps, steps, self.budget.steps_left());
        add(&self.spent.bytes, bytes, self.budget.bytes_left());
    }
}
