//! Fail (ASL.md §1.2): ends its frame with an error. A name or cause that is not given stays absent.

use std::sync::Arc;

use asl::{Fail, Text};
use expr::EvalError;
use serde_json::Value;

use super::flow::Broken;
use super::scope::View;
use super::{Decider, Here, Stage, Step};
use crate::event::ErrorOutput;

impl Decider<'_> {
    pub(super) fn run_fail(&mut self, here: &Here<'_>, fail: &Fail) -> Step {
        // A Fail has no InputPath; AWS shows the input as if it had one.
        if !here.is_jsonata() {
            self.observe(Stage::AfterInputPath, &here.visit.input);
        }
        let made = self
            .fail_text(here, "Error", fail.error.as_ref())
            .and_then(|error| {
                Ok(ErrorOutput {
                    error,
                    cause: self.fail_text(here, "Cause", fail.cause.as_ref())?,
                })
            });
        match made {
            Ok(error) => self.propagate(here.id, error),
            Err(broken) => self.break_plain(here, broken),
        }
    }

    fn fail_text(
        &mut self,
        here: &Here<'_>,
        field: &str,
        text: Option<&Text>,
    ) -> Result<Option<Arc<str>>, Broken> {
        let expression = match text {
            None => return Ok(None),
            Some(Text::Literal(text)) => return Ok(Some(text.clone())),
            Some(Text::Computed(expression)) => expression,
            Some(Text::Jsonata(expression)) => {
                let value = self.queried(here, field, expression)?;
                return match value {
                    Value::String(text) => Ok(Some(text.into())),
                    other => Err(here.unexpected_type(field, expression, "string", &other)),
                };
            }
        };
        let field = &format!("{field}Path");
        let view = View::new(self.execution, here);
        let mut budget = self.budget();
        let scope = view.scope(&here.visit.input);
        match expression.evaluate(field, scope, &mut self.entropy, &mut budget) {
            Ok(Value::String(text)) => Ok(Some(text.into())),
            Ok(other) => Err(here.broken(&EvalError::runtime(format!(
                "The {field} field refers to value \"{other}\" which is not a string: {}",
                expression.text()
            )))),
            Err(error) => Err(here.broken(&error)),
        }
    }
}
