//! Choice (ASL.md §2): the first rule that matches, else `Default`, else `States.NoChoiceMatched`.

use asl::{Assign, Choice, StateId, Transition};
use expr::Data;

use super::flow::Broken;
use super::scope::View;
use super::{Decider, Here, Step};
use crate::event::ErrorOutput;

impl Decider<'_> {
    pub(super) fn run_choice(&mut self, here: &Here<'_>, choice: &Choice) -> Step {
        let made = self.effective_input(here).and_then(|input| {
            let (next, assign) = self.matching(here, choice, &input)?;
            let assigned = self.assigned(here, assign, &input)?;
            Ok((self.output(here, &input)?, assigned, next))
        });
        match made {
            Ok((output, assigned, next)) => {
                self.leave(here, output, assigned, Transition::Next(next))
            }
            Err(broken) => self.break_plain(here, broken),
        }
    }

    fn matching<'c>(
        &self,
        here: &Here<'c>,
        choice: &'c Choice,
        input: &Data,
    ) -> Result<(StateId, Option<&'c Assign>), Broken> {
        let view = View::new(self.execution, here);
        let mut budget = self.budget();
        for rule in &choice.rules {
            match asl::choice::evaluate(&rule.condition, view.scope(input), &mut budget) {
                Ok(true) => return Ok((rule.next, rule.assign.as_ref())),
                Ok(false) => {}
                Err(error) => return Err(here.broken(&error)),
            }
        }
        match choice.default {
            Some(next) => Ok((next, here.state.assign.as_ref())),
            None => Err(Broken {
                error: ErrorOutput::new(
                    "States.NoChoiceMatched",
                    here.cause(
                        "Failed to transition out of the state. The state did not match any of \
                         its Choices and has no Default.",
                    ),
                ),
                is_fatal: false,
            }),
        }
    }
}
