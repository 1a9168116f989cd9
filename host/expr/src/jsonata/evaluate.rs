//! An expression, evaluated: what it can see, and what comes out.

use std::cell::RefCell;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;

use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::Value;

use super::compile::{Jsonata, Program};
use super::convert::{self, Room, Unfit};
use super::direct::{self, Found};
use super::functions;
use super::message;
use super::meter::Meter;
use crate::{budget::Budget, charge, data::Data, entropy::Entropy, limits, scope::Bindings};

/// What one evaluation sees.
#[derive(Clone, Copy)]
pub struct JsonataScope<'a> {
    /// `$states.input`
    pub input: &'a Data,
    /// `$states.result`
    pub result: Option<&'a Data>,
    /// `$states.errorOutput`
    pub error_output: Option<&'a Data>,
    /// `$states.context` and the variables.
    pub bindings: &'a dyn Bindings,
    /// `$millis()`: ms since 1970 UTC.
    pub now_ms: i64,
}

/// Why an expression has no value. The error is always `States.QueryEvaluationError`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{location}: {cause}")]
pub struct JsonataFailure {
    /// The field that the expression stands in: `Output/a/b[0]`.
    pub location: String,
    /// What happened, in the service's words, without the leading `An error occurred while executing …`.
    pub cause: String,
}

impl Jsonata {
    /// The value. `field` is where the expression stands, for the error text.
    ///
    /// # Errors
    /// When evaluation fails, when there is no value (undefined), when the value is no JSON, and when a limit
    /// of [`crate::limits`] or the budget is exceeded.
    pub fn evaluate(
        &self,
        field: &str,
        scope: JsonataScope<'_>,
        entropy: &mut Entropy,
        budget: &mut Budget,
    ) -> Result<Value, JsonataFailure> {
        Session::new(scope).value(self, field, 0, entropy, budget)
    }
}

/// The evaluations of one moment: what several expressions read is converted once.
pub(super) struct Session<'a> {
    scope: JsonataScope<'a>,
    converted: RefCell<Vec<(Box<str>, JValue)>>,
}

impl<'a> Session<'a> {
    pub(super) fn new(scope: JsonataScope<'a>) -> Session<'a> {
        Session {
            scope,
            converted: RefCell::default(),
        }
    }

    /// The value of an expression that will stand below `above` levels of arrays and objects.
    pub(super) fn value(
        &self,
        expression: &Jsonata,
        field: &str,
        above: usize,
        entropy: &mut Entropy,
        budget: &mut Budget,
    ) -> Result<Value, JsonataFailure> {
        let program = expression.program();
        let fail = |tail: &str| JsonataFailure {
            location: field.to_owned(),
            cause: format!(
                "The JSONata expression '{}' specified for the field '{field}' {tail}",
                program.text
            ),
        };
        let threw = |what: &str| fail(&format!("threw an error during evaluation{what}"));
        let nothing = || fail("returned nothing (undefined).");
        let spent = |_| threw(&message::memory());
        match self.direct(program) {
            Found::Nothing => return Err(nothing()),
            Found::Value(value) => {
                charge::copy(value, above, budget).map_err(spent)?;
                return Ok(direct::normal(value));
            }
            Found::Unknown => {}
        }
        budget
            .charge(limits::JSONATA_STEPS_PER_EVALUATION)
            .map_err(spent)?;
        let outcome = self.run(program, entropy, budget).map_err(spent)?;
        let value = outcome
            .map_err(|error| threw(&message::of_evaluator(&error, &program.findings.functions)))?;
        if value.is_undefined() {
            return Err(nothing());
        }
        let mut room = Room {
            bytes: budget.bytes_left(),
            values: budget.steps_left() / limits::COPY_STEPS_PER_VALUE,
        };
        let before = (room.bytes, room.values);
        let value = convert::to_value(&value, above, &mut room).map_err(|unfit| match unfit {
            Unfit::Function => fail("returned an unsupported result type."),
            Unfit::TooLarge => threw(&message::memory()),
        })?;
        let bytes = usize::try_from(before.0 - room.bytes).unwrap_or(usize::MAX);
        budget.charge_bytes(bytes).map_err(spent)?;
        budget
            .charge((before.1 - room.values) * limits::COPY_STEPS_PER_VALUE)
            .map_err(spent)?;
        Ok(value)
    }

    fn direct(&self, program: &Program) -> Found<'a> {
        let Some(direct) = &program.direct else {
            return Found::Unknown;
        };
        if &*direct.variable != "states" {
            return match self.scope.bindings.variable(&direct.variable) {
                Some(value) => direct::walk(value, direct.members()),
                // A function, perhaps.
                None => Found::Unknown,
            };
        }
        let Some((member, members)) = direct.of_states() else {
            return Found::Unknown;
        };
        match self.member(member) {
            Some(value) => direct::walk(value, members),
            None => Found::Nothing,
        }
    }

    /// A member of `$states`.
    fn member(&self, name: &str) -> Option<&'a Value> {
        match name {
            "input" => Some(self.scope.input.value()),
            "context" => Some(self.scope.bindings.context()),
            "result" => self.scope.result.map(Data::value),
            "errorOutput" => self.scope.error_output.map(Data::value),
            _ => None,
        }
    }

    fn run(
        &self,
        program: &Program,
        entropy: &mut Entropy,
        budget: &mut Budget,
    ) -> Result<Result<JValue, EvaluatorError>, crate::EvalError> {
        let mut context = Context::new();
        let findings = &program.findings;
        if findings.reads_all_states || !findings.states.is_empty() {
            context.bind("states".to_owned(), self.states(program, budget)?);
        }
        for name in &findings.variables {
            if let Some(value) = self.scope.bindings.variable(name) {
                let value = self.converted(&format!("${name}"), value, budget)?;
                context.bind(name.to_string(), value);
            }
        }
        let options = EvaluatorOptions {
            timeout_ms: Some(limits::JSONATA_TIMEOUT_MS),
            cancel: None,
            max_stack_depth: Some(limits::JSONATA_STACK_LEVELS_MAX),
            max_sequence_length: Some(limits::JSONATA_SEQUENCE_ITEMS_MAX),
        };
        let meter = Rc::new(Meter::new(entropy.clone(), self.scope.now_ms));
        let mut evaluator = Evaluator::with_options(context, options);
        functions::register(&mut evaluator, &program.hosts, &meter);
        // A defect of the evaluator must not end a host.
        let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| {
            evaluator.evaluate(&program.tree, &JValue::Undefined)
        }));
        *entropy = meter.entropy();
        Ok(outcome.unwrap_or_else(|_| {
            Err(EvaluatorError::EvaluationError(
                "the expression cannot be evaluated".to_owned(),
            ))
        }))
    }

    /// `$states`, with as much of it as the expression names.
    fn states(&self, program: &Program, budget: &mut Budget) -> Result<JValue, crate::EvalError> {
        let findings = &program.findings;
        let mut states = Vec::new();
        for name in ["input", "context", "result", "errorOutput"] {
            if !findings.reads_all_states && !findings.states.contains(name) {
                continue;
            }
            if let Some(value) = self.member(name) {
                states.push((name.to_owned(), self.converted(name, value, budget)?));
            }
        }
        Ok(JValue::object(states.into_iter().collect()))
    }

    fn converted(
        &self,
        key: &str,
        value: &Value,
        budget: &mut Budget,
    ) -> Result<JValue, crate::EvalError> {
        let mut converted = self.converted.borrow_mut();
        if let Some((_, value)) = converted.iter().find(|(known, _)| &**known == key) {
            return Ok(value.clone());
        }
        budget.charge(limits::JSONATA_STEPS_PER_CONVERSION)?;
        let made = convert::from_value(value);
        converted.push((key.into(), made.clone()));
        Ok(made)
    }
}
