//! Answers to callbacks: given beforehand with `--answer`, or typed when the question comes.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

use asl::{Pattern, Resource, StateKind, StateMachine};
use engine::ErrorOutput;
use expr::Data;

use crate::exit::Failure;
use crate::input;
use source::nearest;

/// What is sent to a task token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// SendTaskSuccess.
    Success(Data),
    /// SendTaskFailure.
    Failure(ErrorOutput),
}

/// The answers of the command line, by state. Several for one state are used in order.
#[derive(Debug, Default)]
pub(crate) struct Answers(BTreeMap<String, VecDeque<Answer>>);

impl Answers {
    /// Reads `STATE=VALUE` as often as it was given.
    pub(crate) fn parse(given: &[String], machine: &StateMachine) -> Result<Answers, Failure> {
        let mut answers = Answers::default();
        for one in given {
            let Some((state, value)) = one.split_once('=') else {
                let text = format!(
                    "--answer {one}: it must be STATE=FILE, STATE=JSON or STATE=fail:ERROR"
                );
                return Err(Failure::usage(text));
            };
            check_state(state, machine)?;
            let answer = parse_answer(value, &format!("--answer {state}"))?;
            answers
                .0
                .entry(state.to_owned())
                .or_default()
                .push_back(answer);
        }
        Ok(answers)
    }

    /// The next answer for a state.
    pub(crate) fn take(&mut self, state: &str) -> Option<Answer> {
        self.0.get_mut(state)?.pop_front()
    }
}

/// `fail:ERROR[:CAUSE]`, a file, or JSON.
pub(crate) fn parse_answer(value: &str, what: &str) -> Result<Answer, Failure> {
    if let Some(error) = value.strip_prefix("fail:") {
        let (name, cause) = match error.split_once(':') {
            Some((name, cause)) => (name, Some(cause)),
            None => (error, None),
        };
        if name.is_empty() {
            return Err(Failure::usage(format!(
                "{what}: fail: wants the name of an error"
            )));
        }
        return Ok(Answer::Failure(ErrorOutput {
            error: Some(name.into()),
            cause: cause.map(Into::into),
        }));
    }
    let path = Path::new(value);
    if path.is_file() {
        return Ok(Answer::Success(input::read_file(path)?));
    }
    input::read_text(what, value).map(Answer::Success)
}

fn check_state(name: &str, machine: &StateMachine) -> Result<(), Failure> {
    let state = machine.states.iter().find(|state| &*state.name == name);
    match state.map(|state| &state.kind) {
        Some(StateKind::Task(task)) if is_answered(&task.resource) => Ok(()),
        Some(_) => Err(Failure::usage(format!(
            "--answer {name}: this state does not wait for an answer"
        ))
        .with_help(
            "states that do have a Resource that ends in .waitForTaskToken, or an activity",
        )),
        None => {
            let names = machine.states.iter().map(|state| &*state.name);
            let failure = Failure::usage(format!("--answer {name}: there is no such state"));
            Err(match nearest(name, names) {
                Some(close) => failure.with_help(format!("did you mean {close}?")),
                None => failure,
            })
        }
    }
}

fn is_answered(resource: &Resource) -> bool {
    match resource {
        Resource::Integration { pattern, .. } => *pattern == Pattern::WaitForTaskToken,
        Resource::Activity { .. } => true,
        Resource::Function { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_json_or_a_failure() {
        let json = parse_answer("{\"approved\": true}", "x").unwrap();
        assert_eq!(
            json,
            Answer::Success(Data::parse("{\"approved\": true}").unwrap())
        );
        let failure = parse_answer("fail:Rejected:too dear: no", "x").unwrap();
        assert_eq!(
            failure,
            Answer::Failure(ErrorOutput::new("Rejected", "too dear: no"))
        );
        assert!(parse_answer("fail:", "x").is_err());
        assert!(parse_answer("{\"approved\": ", "x").is_err());
    }
}
