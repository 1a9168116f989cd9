//! Evaluation in JSONata (ASL.md §1.5): what `$states` is, and what becomes of an expression that fails.

use asl::{Payload, QueryLanguage};
use expr::Data;
use expr::jsonata::{Jsonata, JsonataFailure, JsonataScope, JsonataTemplate};
use serde_json::Value;

use super::flow::{Broken, Evaluation, within_limit};
use super::scope::View;
use super::{Decider, Here};
use crate::apply::IllegalEvent;
use crate::event::{ErrorOutput, EventKind};

/// What an expression sees beside the input and the context object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    /// Nothing: the state has just been entered.
    Entry,
    /// `$states.result`
    Result(&'a Data),
    /// `$states.errorOutput`
    Error(&'a Data),
}

/// What the context object has for one evaluation only.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Extra<'a> {
    /// `Task.Token`
    pub(super) token: Option<&'a str>,
    /// `Map.Item` of an iteration that does not exist yet.
    pub(super) item: Option<(u64, &'a Value)>,
}

impl<'a> Subject<'a> {
    fn scope(self, here: &'a Here<'_>, view: &'a View<'_>, now_us: i64) -> JsonataScope<'a> {
        let (result, error_output) = match self {
            Subject::Entry => (None, None),
            Subject::Result(result) => (Some(result), None),
            Subject::Error(error) => (None, Some(error)),
        };
        JsonataScope {
            input: &here.visit.input,
            result,
            error_output,
            bindings: view,
            now_ms: now_us.div_euclid(1_000),
        }
    }
}

impl Here<'_> {
    pub(super) fn is_jsonata(&self) -> bool {
        self.state.language == QueryLanguage::Jsonata
    }

    /// `States.QueryEvaluationError`; `location`: the field, where one is to blame.
    pub(super) fn query_error(&self, location: Option<&str>, cause: &str) -> Broken {
        Broken {
            error: ErrorOutput::new(asl::errors::QUERY_EVALUATION_ERROR, self.cause(cause)),
            is_fatal: false,
            evaluation: Some(Evaluation {
                location: location.map(Into::into),
            }),
        }
    }

    fn query_failed(&self, failure: &JsonataFailure) -> Broken {
        self.query_error(Some(&failure.location), &failure.cause)
    }

    /// The expression gave a value of the wrong type.
    pub(super) fn unexpected_type(
        &self,
        field: &str,
        expression: &Jsonata,
        expected: &str,
        value: &Value,
    ) -> Broken {
        let cause = format!(
            "The JSONata expression '{}' specified for the field '{field}' returned an unexpected \
             result type. Expected '{expected}', but was '{}' for value: {value}",
            expression.text(),
            type_name(value)
        );
        self.query_error(Some(field), &cause)
    }
}

/// JSONata's name of a type.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

impl Decider<'_> {
    /// A payload in the language of the state. `data` is what `$` is in JSONPath.
    pub(super) fn payload(
        &mut self,
        here: &Here<'_>,
        field: &str,
        payload: &Payload,
        data: &Data,
        (subject, extra): (Subject<'_>, Extra<'_>),
    ) -> Result<Value, Broken> {
        let view = View::new(self.execution, here).with(extra);
        let mut budget = self.allowance.budget();
        match payload {
            Payload::JsonPath(template) => template
                .evaluate(view.scope(data), &mut self.entropy, &mut budget)
                .map_err(|error| here.broken(&error)),
            Payload::Jsonata(template) => template
                .evaluate(
                    field,
                    subject.scope(here, &view, self.now.0),
                    &mut self.entropy,
                    &mut budget,
                )
                .map_err(|failure| here.query_failed(&failure)),
        }
    }

    /// The value of an expression that stands in the place of a number or a text.
    pub(super) fn queried(
        &mut self,
        here: &Here<'_>,
        field: &str,
        expression: &Jsonata,
    ) -> Result<Value, Broken> {
        let view = View::new(self.execution, here);
        let mut budget = self.allowance.budget();
        let scope = Subject::Entry.scope(here, &view, self.now.0);
        expression
            .evaluate(field, scope, &mut self.entropy, &mut budget)
            .map_err(|failure| here.query_failed(&failure))
    }

    /// A whole number from `least` on.
    pub(super) fn queried_integer(
        &mut self,
        here: &Here<'_>,
        field: &str,
        expression: &Jsonata,
        least: u64,
    ) -> Result<u64, Broken> {
        let value = self.queried(here, field, expression)?;
        if !value.is_number() {
            return Err(here.unexpected_type(field, expression, "number", &value));
        }
        match value.as_u64() {
            Some(number) if number >= least => Ok(number),
            _ => {
                let cause = format!(
                    "The {field} field must be an integer of at least {least} but was: {value}"
                );
                Err(here.query_error(Some(field), &cause))
            }
        }
    }

    /// `Output`, within the payload limit; without one, `default`.
    pub(super) fn queried_output(
        &mut self,
        here: &Here<'_>,
        field: &str,
        template: Option<&JsonataTemplate>,
        default: &Data,
        subject: Subject<'_>,
    ) -> Result<Data, Broken> {
        let Some(template) = template else {
            return within_limit(here, default.clone());
        };
        let view = View::new(self.execution, here);
        let mut budget = self.allowance.budget();
        let scope = subject.scope(here, &view, self.now.0);
        let output = template
            .evaluate(field, scope, &mut self.entropy, &mut budget)
            .map_err(|failure| here.query_failed(&failure))?;
        within_limit(here, output.into())
    }

    /// Records that an evaluation failed, before the failure itself. It does not follow the event that
    /// entered the state but the one before that; only in a Wait it does (recorded from AWS).
    pub(super) fn note_evaluation(
        &mut self,
        here: &Here<'_>,
        broken: &Broken,
    ) -> Result<(), IllegalEvent> {
        let Some(evaluation) = &broken.evaluation else {
            return Ok(());
        };
        let previous = self.previous(here.id);
        let is_wait = matches!(here.state.kind, asl::StateKind::Wait(_));
        let previous = match previous == here.visit.entered_id && !is_wait {
            true => here.visit.entered_previous,
            false => previous,
        };
        let kind = EventKind::EvaluationFailed {
            error: broken.error.clone().bounded(),
            location: evaluation.location.clone(),
        };
        self.emit_aside(here.id, kind, previous)
    }
}
