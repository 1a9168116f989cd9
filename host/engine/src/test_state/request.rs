//! What may be asked of a test, and what of it goes together. The texts are AWS's where one was recorded.

use std::sync::Arc;

use asl::{Pattern, Resource, State, StateKind};
use expr::Data;
use serde_json::Value;

use super::{Refusal, mock_shape};
use crate::event::ErrorOutput;
use crate::ids::ExecutionArn;
use crate::limits;

/// A TestState request.
#[derive(Clone, Debug, Default)]
pub struct TestRequest {
    /// One state, or a machine with `state_name`.
    pub definition: String,
    /// Which state of the machine.
    pub state_name: Option<String>,
    /// Who a Task without a mock would act as.
    pub role_arn: Option<String>,
    /// Raw input of the state, JSON; `None`: `{}`.
    pub input: Option<String>,
    /// Variables that are there when the state is entered, a JSON object.
    pub variables: Option<String>,
    /// The context object, JSON; only beside a mock.
    pub context: Option<String>,
    /// What stands for the work of a Task, Map or Parallel.
    pub mock: Option<Mock>,
    /// Whether HTTP headers are shown unmasked; not beside a mock.
    pub reveal_secrets: bool,
    /// What to pretend about retries and iterations.
    pub configuration: TestConfiguration,
    /// What the execution is called in the context object.
    pub identity: TestIdentity,
    /// Seed of jitter, `States.UUID` and `States.MathRandom`.
    pub seed: u64,
}

/// Names of the execution that a test pretends to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestIdentity {
    /// ARN of an Express execution.
    pub execution_arn: ExecutionArn,
    /// Its name.
    pub execution_name: Arc<str>,
    /// ARN of its machine.
    pub machine_arn: Arc<str>,
    /// Name of its machine.
    pub machine_name: Arc<str>,
}

impl Default for TestIdentity {
    fn default() -> TestIdentity {
        let machine = "arn:aws:states:us-east-1:123456789012:stateMachine:test-state";
        let execution = "arn:aws:states:us-east-1:123456789012:express:test-state:test:test";
        TestIdentity {
            execution_arn: ExecutionArn(execution.into()),
            execution_name: "test".into(),
            machine_arn: machine.into(),
            machine_name: "test-state".into(),
        }
    }
}

/// `mock`: one of its two ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mock {
    /// The result, JSON.
    pub result: Option<String>,
    /// Or the error.
    pub error_output: Option<ErrorOutput>,
    /// How closely the result is held against the service's answer.
    pub field_validation: FieldValidation,
}

/// `fieldValidationMode`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldValidation {
    /// Fields that are there fit, and those that are required are there.
    #[default]
    Strict,
    /// Fields that are there fit.
    Present,
    /// Nothing is checked.
    None,
}

/// `stateConfiguration`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestConfiguration {
    /// How often the retrier of the mocked error was used before.
    pub retrier_retry_count: Option<u64>,
    /// The inner state that a mocked error comes from.
    pub error_caused_by_state: Option<String>,
    /// How many iterations of a Map are to have failed.
    pub map_iteration_failure_count: Option<u64>,
    /// What the reader of a Map is to have read, JSON.
    pub map_item_reader_data: Option<String>,
}

/// What stands for the work of the state.
#[derive(Clone, Debug)]
pub(super) enum Mocked {
    Result(Data),
    Error(ErrorOutput),
}

impl TestRequest {
    /// What needs a mock beside it, before anything is read.
    pub(super) fn check_without_mock(&self) -> Result<(), Refusal> {
        if self.mock.is_some() {
            return Ok(());
        }
        let configuration = &self.configuration;
        let needing = [
            (
                "MapIterationFailureCount",
                configuration.map_iteration_failure_count.is_some(),
            ),
            (
                "RetrierRetryCount",
                configuration.retrier_retry_count.is_some(),
            ),
            (
                "ErrorCausedByState",
                configuration.error_caused_by_state.is_some(),
            ),
            (
                "MapItemReaderData",
                configuration.map_item_reader_data.is_some(),
            ),
            ("Context", self.context.is_some()),
        ];
        match needing.into_iter().find(|(_, is_there)| *is_there) {
            Some((name, _)) => Err(Refusal::validation(format!(
                "TestState does not support {name} when a mock is not specified."
            ))),
            None => Ok(()),
        }
    }

    /// The raw input.
    pub(super) fn read_input(&self) -> Result<Data, Refusal> {
        let Some(text) = &self.input else {
            return Ok(Data::empty_object());
        };
        Data::parse(text.as_str()).map_err(|_| {
            Refusal::InvalidExecutionInput(
                "Invalid State Machine Execution Input: 'Invalid execution input.'".to_owned(),
            )
        })
    }

    /// The variables, in the order given.
    pub(super) fn read_variables(&self) -> Result<Vec<(Arc<str>, Data)>, Refusal> {
        let Some(text) = &self.variables else {
            return Ok(Vec::new());
        };
        match serde_json::from_str(text) {
            Ok(Value::Object(members)) => Ok(members
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect()),
            _ => Err(Refusal::validation(
                "Invalid variables provided: variables must be a JSON object",
            )),
        }
    }

    /// What the mock stands for; `None`: the state does its own work.
    pub(super) fn read_mock(&self, state: &State) -> Result<Option<Mocked>, Refusal> {
        let Some(mock) = &self.mock else {
            return self.check_can_run(state).map(|()| None);
        };
        if !matches!(
            state.kind,
            StateKind::Task(_) | StateKind::Map(_) | StateKind::Parallel(_)
        ) {
            return Err(Refusal::validation(format!(
                "State type '{}' is not supported when a mock is specified",
                state.kind.type_name()
            )));
        }
        if self.reveal_secrets {
            return Err(Refusal::validation(
                "TestState does not support RevealSecrets when a mock is specified.",
            ));
        }
        let text = match (&mock.result, &mock.error_output) {
            (Some(text), None) => text,
            (None, Some(error)) => return Ok(Some(Mocked::Error(error.clone()))),
            (Some(_), Some(_)) | (None, None) => {
                return Err(Refusal::validation(
                    "A test mock should have only one of the following fields: [result, \
                     errorOutput].",
                ));
            }
        };
        let result = Data::parse(text.as_str())
            .map_err(|_| Refusal::validation("Mocked result must be valid JSON"))?;
        check_result(state, &result, mock.field_validation)?;
        Ok(Some(Mocked::Result(result)))
    }

    /// Whether the state can do its work in a test.
    fn check_can_run(&self, state: &State) -> Result<(), Refusal> {
        let task = match &state.kind {
            StateKind::Map(_) | StateKind::Parallel(_) => {
                return Err(Refusal::InvalidDefinition(
                    "TestState API does not support Map or Parallel states. Supported state types \
                     include: [Task, Wait, Pass, Succeed, Fail, Choice]"
                        .to_owned(),
                ));
            }
            StateKind::Task(task) => task,
            _ => return Ok(()),
        };
        match &task.resource {
            Resource::Activity { .. } => Err(Refusal::InvalidDefinition(
                "TestState API does not support Activity tasks.".to_owned(),
            )),
            Resource::Integration { pattern, .. } if *pattern != Pattern::RequestResponse => {
                Err(Refusal::InvalidDefinition(
                    "TestState API does not support '.sync' or '.waitForTaskToken' integration \
                     patterns."
                        .to_owned(),
                ))
            }
            _ if self.role_arn.is_none() => Err(Refusal::validation(
                "RoleArn must be specified when testing a Task state",
            )),
            _ => Ok(()),
        }
    }

    /// What an iteration count may be at the most.
    pub(super) fn check_iterations(&self, count: u64) -> Result<(), Refusal> {
        match self.configuration.map_iteration_failure_count {
            Some(failures) if failures > count => Err(Refusal::validation(
                "Map iteration failure count must be less than or equal to the number of Map \
                 iterations",
            )),
            _ => Ok(()),
        }
    }
}

fn check_result(state: &State, result: &Data, mode: FieldValidation) -> Result<(), Refusal> {
    if result.len_bytes() > limits::PAYLOAD_BYTES_MAX {
        return Err(Refusal::validation(format!(
            "Mocked result must not be longer than {} bytes",
            limits::PAYLOAD_BYTES_MAX
        )));
    }
    match &state.kind {
        StateKind::Map(_) | StateKind::Parallel(_) if !result.value().is_array() => {
            Err(Refusal::validation("Mocked result must be an array."))
        }
        StateKind::Task(task) => mock_shape::check(&task.resource, result.value(), mode),
        _ => Ok(()),
    }
}
