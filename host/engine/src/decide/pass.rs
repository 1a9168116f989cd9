//! Pass and Succeed: data through a state that does nothing.

use asl::Pass;
use expr::Data;

use super::flow::{Broken, Exit};
use super::query::Subject;
use super::{Decider, Here, Stage, Step};

impl Decider<'_> {
    pub(super) fn run_pass(&mut self, here: &Here<'_>, pass: &Pass) -> Step {
        let made = match here.is_jsonata() {
            true => self.queried_exit(here),
            false => self.passed(here, pass),
        };
        match made {
            Ok((output, assigned)) => self.leave(here, output, assigned, pass.transition),
            Err(broken) => self.break_plain(here, broken),
        }
    }

    fn passed(&mut self, here: &Here<'_>, pass: &Pass) -> Result<Exit, Broken> {
        self.pass_result(here, pass).and_then(|result| {
            self.observe(Stage::AfterResultSelector, &result);
            let merged = self.merged(here, &pass.result_path, &result)?;
            self.observe(Stage::AfterResultPath, &merged);
            let assign = here.state.assign.as_ref();
            let assigned = self.assigned(here, "Assign", assign, &result, Subject::Entry)?;
            Ok((self.output(here, &merged)?, assigned))
        })
    }

    fn pass_result(&mut self, here: &Here<'_>, pass: &Pass) -> Result<Data, Broken> {
        let input = self.effective_input(here)?;
        match &pass.result {
            Some(result) => {
                let result = Data::new((**result).clone());
                self.observe(Stage::Result, &result);
                Ok(result)
            }
            None => {
                let shaped = self.selected(here, pass.parameters.as_ref(), &input)?;
                self.observe(Stage::AfterParameters, &shaped);
                Ok(shaped)
            }
        }
    }

    pub(super) fn run_succeed(&mut self, here: &Here<'_>) -> Step {
        let made = match here.is_jsonata() {
            true => self.queried_exit(here).map(|(output, _)| output),
            false => self
                .effective_input(here)
                .and_then(|input| self.output(here, &input)),
        };
        match made {
            Ok(output) => self.leave(here, output, Vec::new(), asl::Transition::End),
            Err(broken) => self.break_plain(here, broken),
        }
    }
}
