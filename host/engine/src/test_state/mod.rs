//! TestState (ASL.md §8.6): one state, run by the engine that runs executions, with somebody looking on.
//!
//! The one idea: there is no second interpreter. The state becomes a machine of its own
//! ([`asl::service::fragment`]), an execution of it is begun and taken step by step until it has left the
//! state, and what the steps say is the answer. Whatever the state would wait for is put in its place:
//! a mock for the result of a Task, Map or Parallel, the end of the time for a Wait. A Task without a
//! mock is for the caller to run: this module does no I/O.
//!
//! Begin reading at [`TestRun::start`]. `request` says what may be asked, `run` takes the steps,
//! `mock_shape` holds a mock against what the service that it stands for answers.

mod context;
mod mock_shape;
mod request;
mod result;
mod run;

pub use self::request::{FieldValidation, Mock, TestConfiguration, TestIdentity, TestRequest};
pub use self::result::{ErrorDetails, TestResult, TestStatus};
pub use self::run::{Progress, TestRun};
pub use crate::decide::Stage;

/// Why a state is not tested.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// `InvalidDefinition`
    #[error("{0}")]
    InvalidDefinition(String),
    /// `InvalidExecutionInput`
    #[error("{0}")]
    InvalidExecutionInput(String),
    /// `ValidationException`
    #[error("{0}")]
    Validation(String),
    /// A defect of the engine.
    #[error(transparent)]
    Defect(#[from] crate::IllegalEvent),
}

impl Refusal {
    fn validation(message: impl Into<String>) -> Refusal {
        Refusal::Validation(message.into())
    }
}

impl From<asl::service::FragmentError> for Refusal {
    fn from(error: asl::service::FragmentError) -> Refusal {
        match error {
            asl::service::FragmentError::Invalid(_) => {
                Refusal::InvalidDefinition(error.to_string())
            }
            asl::service::FragmentError::NotFound => Refusal::Validation(error.to_string()),
        }
    }
}
