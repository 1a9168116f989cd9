//! Data through a state (ASL.md §1.4): InputPath, Parameters, ResultSelector, ResultPath, OutputPath, Assign,
//! and the size rule (§1.7). What is JSONata alone is in `query`.

use std::sync::Arc;

use asl::{Assign, PathField, Payload, ResultFlow, ResultPath, Transition};
use expr::{Data, Scope};
use expr::{EvalError, Path, ReferencePath, Template};
use serde_json::Value;

use super::query::{Extra, Subject};
use super::scope::View;
use super::{Decider, Here, Stage, Step};
use crate::event::{ErrorOutput, EventKind, Went};
use crate::limits;

/// What a state is left with: its output, and the variables that it assigns.
pub(super) type Exit = (Data, Vec<(Arc<str>, Data)>);

/// Why a state cannot go on.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) error: ErrorOutput,
    /// Neither Retry nor Catch sees it: the execution fails (ASL.md §4.3, `States.Runtime`).
    pub(super) is_fatal: bool,
    /// It is an expression in JSONata that failed, which AWS has an event for.
    pub(super) evaluation: Option<Evaluation>,
}

/// Which expression failed.
#[derive(Clone, Debug)]
pub(super) struct Evaluation {
    /// The field that it stands in, where one is to blame.
    pub(super) location: Option<Arc<str>>,
}

impl Here<'_> {
    /// An error of the interpreter itself, in AWS's words.
    pub(super) fn runtime_error(&self, cause: &str) -> Broken {
        self.broken(&EvalError::runtime(cause))
    }

    pub(super) fn broken(&self, error: &EvalError) -> Broken {
        Broken {
            error: ErrorOutput::new(&*error.error, self.cause(&error.cause)),
            is_fatal: error.error == "States.Runtime",
            evaluation: None,
        }
    }

    /// The state's output is over the payload limit.
    pub(super) fn too_large(&self) -> Broken {
        Broken {
            error: ErrorOutput::too_large(&self.state.name),
            is_fatal: true,
            evaluation: None,
        }
    }

    pub(super) fn cause(&self, text: &str) -> String {
        if self.given_context.is_some() {
            // In a test of one state there is nothing to tell it from (recorded from AWS).
            return text.to_owned();
        }
        format!(
            "An error occurred while executing the state '{}' (entered at the event id #{}). {text}",
            self.state.name, self.visit.entered_id
        )
    }
}

pub(super) fn went(transition: Transition) -> Went {
    match transition {
        Transition::Next(state) => Went::Next(state),
        Transition::End => Went::End,
    }
}

impl Decider<'_> {
    /// The raw input through `InputPath`.
    pub(super) fn effective_input(&self, here: &Here<'_>) -> Result<Data, Broken> {
        let input = self.through(here, &here.state.input_path, &here.visit.input)?;
        if !here.is_jsonata() {
            self.observe(Stage::AfterInputPath, &input);
        }
        Ok(input)
    }

    fn through(&self, here: &Here<'_>, field: &PathField, data: &Data) -> Result<Data, Broken> {
        match field {
            PathField::Whole => Ok(data.clone()),
            PathField::Discard => Ok(Data::empty_object()),
            PathField::Path(path) => {
                let view = View::new(self.execution, here);
                self.select(here, path, view.scope(data))
            }
        }
    }

    fn select(&self, here: &Here<'_>, path: &Path, scope: Scope<'_>) -> Result<Data, Broken> {
        match path.select(scope, &mut self.budget()) {
            Ok(Some(value)) => Ok(Data::new(value.into_owned())),
            Ok(None) => Err(here.broken(&path.not_found(scope))),
            Err(error) => Err(here.broken(&error)),
        }
    }

    /// A template against `input`.
    fn evaluate(
        &mut self,
        here: &Here<'_>,
        template: &Template,
        input: &Data,
    ) -> Result<Value, Broken> {
        let view = View::new(self.execution, here);
        let mut budget = self.budget();
        template
            .evaluate(view.scope(input), &mut self.entropy, &mut budget)
            .map_err(|error| here.broken(&error))
    }

    /// `input` through `Parameters` or `Arguments`, if there are any.
    pub(super) fn shaped(
        &mut self,
        here: &Here<'_>,
        payload: Option<&Payload>,
        input: &Data,
    ) -> Result<Data, Broken> {
        let Some(payload) = payload else {
            return Ok(input.clone());
        };
        let seen = (Subject::Entry, Extra::default());
        let made = self.payload(here, "Arguments", payload, input, seen)?;
        Ok(made.into())
    }

    /// `result` through a template, if there is one.
    pub(super) fn selected(
        &mut self,
        here: &Here<'_>,
        template: Option<&Template>,
        result: &Data,
    ) -> Result<Data, Broken> {
        match template {
            None => Ok(result.clone()),
            Some(template) => Ok(self.evaluate(here, template, result)?.into()),
        }
    }

    /// The value of a `…Path` field that names one node; `None`: nothing there.
    pub(super) fn reference<T>(
        &self,
        here: &Here<'_>,
        path: &ReferencePath,
        input: &Data,
        read: impl FnOnce(&Value) -> T,
    ) -> Option<T> {
        let view = View::new(self.execution, here);
        path.get(view.scope(input)).map(read)
    }

    /// The result merged into the raw input.
    pub(super) fn merged(
        &self,
        here: &Here<'_>,
        path: &ResultPath,
        result: &Data,
    ) -> Result<Data, Broken> {
        match path {
            ResultPath::Replace => Ok(result.clone()),
            ResultPath::Discard => Ok(here.visit.input.clone()),
            ResultPath::Insert(path) => {
                match path.put(here.visit.input.value().clone(), result.value().clone()) {
                    Ok(value) => Ok(value.into()),
                    Err(error) => Err(Broken {
                        error: ErrorOutput::new(error.error, here.cause(&error.cause)),
                        is_fatal: false,
                        evaluation: None,
                    }),
                }
            }
        }
    }

    /// Through `OutputPath`, and within the payload limit.
    pub(super) fn output(&self, here: &Here<'_>, data: &Data) -> Result<Data, Broken> {
        let output = self.through(here, &here.state.output_path, data)?;
        within_limit(here, output)
    }

    /// The variables that `Assign` gives values to. `field` says which one, for JSONata; `input` is what `$` is
    /// in JSONPath.
    pub(super) fn assigned(
        &mut self,
        here: &Here<'_>,
        field: &str,
        assign: Option<&Assign>,
        input: &Data,
        subject: Subject<'_>,
    ) -> Result<Vec<(Arc<str>, Data)>, Broken> {
        let Some(assign) = assign else {
            return Ok(Vec::new());
        };
        let seen = (subject, Extra::default());
        match self.payload(here, field, &assign.template, input, seen)? {
            Value::Object(members) => {
                let mut assigned = Vec::with_capacity(members.len());
                for (name, value) in members {
                    assigned.push((name.into(), within_limit(here, value.into())?));
                }
                self.check_variables(here, &assigned)?;
                Ok(assigned)
            }
            _ => Err(here.runtime_error("Assign must be an object.")),
        }
    }

    /// What one `Assign` gives, and all variables with it, is within the limits (ASL.md §1.6).
    fn check_variables(
        &self,
        here: &Here<'_>,
        assigned: &[(Arc<str>, Data)],
    ) -> Result<(), Broken> {
        let variables = self.execution.frame(here.id).map(|frame| &frame.variables);
        let before = |name: &Arc<str>| {
            let before = variables.and_then(|variables| variables.get(name));
            before.map_or(0, Data::len_bytes)
        };
        let bytes: usize = assigned.iter().map(|(_, value)| value.len_bytes()).sum();
        let replaced: usize = assigned.iter().map(|(name, _)| before(name)).sum();
        let all = self.execution.variables_bytes() + bytes;
        let is_within = bytes <= limits::ASSIGN_BYTES_MAX
            && all.saturating_sub(replaced) <= limits::VARIABLES_BYTES_MAX;
        match is_within {
            true => Ok(()),
            false => Err(here.too_large()),
        }
    }

    /// `Output` and `Assign` of a state that only passes data on, in JSONata.
    pub(super) fn queried_exit(&mut self, here: &Here<'_>) -> Result<Exit, Broken> {
        let (input, subject) = (&here.visit.input, Subject::Entry);
        let output = here.state.output.as_ref();
        let output = self.queried_output(here, "Output", output, input, subject)?;
        let assign = here.state.assign.as_ref();
        Ok((
            output,
            self.assigned(here, "Assign", assign, input, subject)?,
        ))
    }

    /// Leaves a Task, Parallel or Map that succeeded.
    pub(super) fn leave_with_result(
        &mut self,
        here: &Here<'_>,
        flow: &ResultFlow,
        result: &Data,
    ) -> Step {
        self.observe(Stage::Result, result);
        let subject = Subject::Result(result);
        let assign = here.state.assign.as_ref();
        if here.is_jsonata() {
            let made = self
                .queried_output(here, "Output", here.state.output.as_ref(), result, subject)
                .and_then(|output| {
                    let assigned = self.assigned(here, "Assign", assign, result, subject)?;
                    Ok((output, assigned))
                });
            return match made {
                Ok((output, assigned)) => self.leave(here, output, assigned, flow.transition),
                Err(broken) => self.break_retryable(here, broken),
            };
        }
        let made = self
            .selected(here, flow.result_selector.as_ref(), result)
            .and_then(|selected| {
                self.observe(Stage::AfterResultSelector, &selected);
                let merged = self.merged(here, &flow.result_path, &selected)?;
                self.observe(Stage::AfterResultPath, &merged);
                let assigned = self.assigned(here, "Assign", assign, result, subject)?;
                Ok((self.output(here, &merged)?, assigned))
            });
        match made {
            Ok((output, assigned)) => self.leave(here, output, assigned, flow.transition),
            Err(broken) => self.break_retryable(here, broken),
        }
    }

    /// Leaves a state.
    pub(super) fn leave(
        &mut self,
        here: &Here<'_>,
        output: Data,
        assigned: Vec<(Arc<str>, Data)>,
        transition: Transition,
    ) -> Step {
        let went = went(transition);
        self.emit(
            here.id,
            EventKind::StateExited {
                output,
                assigned,
                went,
            },
        )
    }
}

pub(super) fn within_limit(here: &Here<'_>, data: Data) -> Result<Data, Broken> {
    if data.len_bytes() > limits::PAYLOAD_BYTES_MAX {
        return Err(here.too_large());
    }
    match too_deep(&data) {
        Some(cause) => Err(here.runtime_error(&cause)),
        None => Ok(data),
    }
}

/// Says so when the data is nested too deeply to be read again. Results of Parallel and Map in a loop,
/// and results that an integration wraps, grow by a level each time.
pub(super) fn too_deep(data: &Data) -> Option<String> {
    let deepest = expr::limits::VALUE_LEVELS_MAX;
    // Each level takes two bytes of text, so that small data needs no look.
    let may_be = data.len_bytes() > 2 * deepest;
    (may_be && data.levels() > deepest)
        .then(|| format!("The data is nested deeper than {deepest} levels."))
}
