//! Pass and Succeed: data through a state that does nothing.

use asl::Pass;
use expr::Data;

use super::flow::Broken;
use super::{Decider, Here, Stage, Step};

impl Decider<'_> {
    pub(super) fn run_pass(&mut self, here: &Here<'_>, pass: &Pass) -> Step {
        let made = self.pass_result(here, pass).and_then(|result| {
            self.observe(Stage::AfterResultSelector, &result);
            let merged = self.merged(here, &pass.result_path, &result)?;
            self.observe(Stage::AfterResultPath, &merged);
            let assigned = self.assigned(here, here.state.assign.as_ref(), &result)?;
            Ok((self.output(here, &merged)?, assigned))
        });
        match made {
            Ok((output, assigned)) => self.leave(here, output, assigned, pass.transition),
            Err(broken) => self.break_plain(here, broken),
        }
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
                let shaped = self.shaped(here, pass.parameters.as_ref(), &input)?;
                self.observe(Stage::AfterParameters, &shaped);
                Ok(shaped)
            }
        }
    }

    pub(super) fn run_succeed(&mut self, here: &Here<'_>) -> Step {
        let made = self
            .effective_input(here)
            .and_then(|input| self.output(here, &input));
        match made {
            Ok(output) => self.leave(here, output, Vec::new(), asl::Transition::End),
            Err(broken) => self.break_plain(here, broken),
        }
    }
}
