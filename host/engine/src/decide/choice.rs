//! Choice (ASL.md §2): the first rule that matches, else `Default`, else `States.NoChoiceMatched`.

use asl::{Assign, Choice, StateId, Transition, When};
use expr::Data;
use expr::jsonata::{Jsonata, JsonataTemplate};
use serde_json::Value;

use super::flow::Broken;
use super::query::Subject;
use super::scope::View;
use super::{Decider, Here, Step};
use crate::event::ErrorOutput;

/// Where a Choice goes, and what it does on the way.
struct Matched<'c> {
    /// Index of the rule; `None`: `Default`.
    rule: Option<usize>,
    next: StateId,
    assign: Option<&'c Assign>,
    output: Option<&'c JsonataTemplate>,
}

impl Decider<'_> {
    pub(super) fn run_choice(&mut self, here: &Here<'_>, choice: &Choice) -> Step {
        let made = self.effective_input(here).and_then(|input| {
            let matched = self.matching(here, choice, &input)?;
            let field = |name: &str| match matched.rule {
                Some(index) => format!("Choices[{index}]/{name}"),
                None => name.to_owned(),
            };
            let subject = Subject::Entry;
            let output = match here.is_jsonata() {
                true => {
                    let input = &here.visit.input;
                    self.queried_output(here, &field("Output"), matched.output, input, subject)?
                }
                false => self.output(here, &input)?,
            };
            let assign = matched.assign;
            let assigned = self.assigned(here, &field("Assign"), assign, &input, subject)?;
            Ok((output, assigned, matched.next))
        });
        match made {
            Ok((output, assigned, next)) => {
                self.leave(here, output, assigned, Transition::Next(next))
            }
            Err(broken) => self.break_plain(here, broken),
        }
    }

    fn matching<'c>(
        &mut self,
        here: &Here<'c>,
        choice: &'c Choice,
        input: &Data,
    ) -> Result<Matched<'c>, Broken> {
        let mut budget = self.budget();
        for (index, rule) in choice.rules.iter().enumerate() {
            let matches = match &rule.condition {
                When::Literal(value) => *value,
                When::Jsonata(expression) => self.is_met(here, index, expression)?,
                When::JsonPath(condition) => {
                    let view = View::new(self.execution, here);
                    asl::choice::evaluate(condition, view.scope(input), &mut budget)
                        .map_err(|error| here.broken(&error))?
                }
            };
            if matches {
                return Ok(Matched {
                    rule: Some(index),
                    next: rule.next,
                    assign: rule.assign.as_ref(),
                    output: rule.output.as_ref(),
                });
            }
        }
        match choice.default {
            Some(next) => Ok(Matched {
                rule: None,
                next,
                assign: here.state.assign.as_ref(),
                output: here.state.output.as_ref(),
            }),
            None => Err(Broken {
                error: ErrorOutput::new(
                    "States.NoChoiceMatched",
                    here.cause(
                        "Failed to transition out of the state. The state did not match any of \
                         its Choices and has no Default.",
                    ),
                ),
                is_fatal: false,
                evaluation: None,
            }),
        }
    }

    /// Whether a condition gives `true`; it has to give a boolean.
    fn is_met(
        &mut self,
        here: &Here<'_>,
        index: usize,
        expression: &Jsonata,
    ) -> Result<bool, Broken> {
        let field = format!("Choices[{index}]/Condition");
        match self.queried(here, &field, expression)? {
            Value::Bool(value) => Ok(value),
            other => Err(here.unexpected_type(&field, expression, "boolean", &other)),
        }
    }
}
