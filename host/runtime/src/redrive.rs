//! RedriveExecution: an execution that failed goes on with the definition that it was started with.

use std::sync::Arc;

use engine::{ExecutionArn, Timestamp};
use shard::{Answer, Input, LoadExecution};

use crate::machines::MachineError;
use crate::records::RecordError;
use crate::redrives::{self, NotRedrivable, Redriver};
use crate::runtime::Runtime;
use crate::services::Services;

/// Why an execution was not redriven.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedriveError {
    /// There is none, or it was forgotten.
    #[error("Execution Does Not Exist: '{0}'")]
    DoesNotExist(ExecutionArn),
    /// It cannot be, as things are.
    #[error(transparent)]
    NotRedrivable(#[from] NotRedrivable),
    /// There are as many executions as this host runs.
    #[error("too many executions are running; wait for some to end")]
    LimitExceeded,
    /// The definition is not stored any more.
    #[error(transparent)]
    Machine(#[from] MachineError),
    /// The records of client tokens could not be read or written.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The host failed, or goes down.
    #[error("{0}")]
    Internal(String),
}

impl Services {
    /// RedriveExecution, once for each client token. When it returns, it is durable; it says when
    /// that was.
    ///
    /// # Errors
    /// [`RedriveError`].
    pub async fn redrive_execution(
        &self,
        execution: &ExecutionArn,
        client_token: Option<&str>,
    ) -> Result<Timestamp, RedriveError> {
        match client_token {
            None => self.redrive(execution).await,
            Some(token) => {
                let now = self.clock.now();
                redrives::redrive_once(&self.records, self, execution, token, now).await
            }
        }
    }
}

impl Redriver for Services {
    type Error = RedriveError;

    fn redrives(
        &self,
        execution: &ExecutionArn,
    ) -> Result<Option<(u32, Option<Timestamp>)>, RedriveError> {
        let found = self.runtime.describe(execution)?;
        Ok(found.map(|view| (view.index.redrive_count, view.index.redriven_at)))
    }

    async fn redrive(&self, execution: &ExecutionArn) -> Result<Timestamp, RedriveError> {
        let missing = || RedriveError::DoesNotExist(execution.clone());
        let view = self.runtime.describe(execution)?.ok_or_else(missing)?;
        if let Some(reason) = self.why_not_redrivable(&view)? {
            return Err(reason.into());
        }
        let header = view.header;
        let revision = self
            .machines
            .revision(&header.machine_arn, &header.revision)?
            .ok_or_else(|| MachineError::NotFound(header.machine_arn.to_string()))?;
        self.runtime
            .redrive(execution, revision.machine.clone())
            .await
    }
}

impl Runtime {
    async fn redrive(
        &self,
        execution: &ExecutionArn,
        machine: Arc<asl::StateMachine>,
    ) -> Result<Timestamp, RedriveError> {
        let shell = self.shell(execution);
        let state = store::recover(&*shell.store, execution)?
            .ok_or_else(|| RedriveError::DoesNotExist(execution.clone()))?;
        let pinned = shell.pinned(machine);
        let answer = shell
            .ask(|reply| {
                Input::Redrive(Box::new(LoadExecution {
                    execution: state,
                    pinned,
                    reply,
                }))
            })
            .await;
        match answer {
            Some(Answer::Redriven { at }) => Ok(at),
            // Somebody else was faster, or its end is still being written.
            Some(Answer::NotRedrivable) => Err(NotRedrivable::Running.into()),
            Some(Answer::TooManyExecutions) => Err(RedriveError::LimitExceeded),
            Some(Answer::Failed(error)) => Err(RedriveError::Internal(
                error.cause.as_deref().unwrap_or_default().to_owned(),
            )),
            Some(other) => Err(RedriveError::Internal(format!(
                "unexpected answer {other:?}"
            ))),
            None => Err(RedriveError::Internal(String::from(
                "the runtime is shut down",
            ))),
        }
    }
}
