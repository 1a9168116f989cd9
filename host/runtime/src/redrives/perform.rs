//! RedriveExecution on a whole server: what the client asked for, the stored execution, the shard.

use std::sync::Arc;

use asl::StateMachine;
use engine::{ExecutionArn, Timestamp};
use shard::{Answer, Input, LoadExecution, Pinned};

use super::{NotRedrivable, Redriver, redrive_once};
use crate::machines::MachineError;
use crate::records::RecordError;
use crate::runtime::Runtime;
use crate::services::Services;

/// Why an execution was not redriven.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedriveError {
    /// AWS's ExecutionDoesNotExist.
    #[error("Execution Does Not Exist: '{0}'")]
    NoSuchExecution(ExecutionArn),
    /// AWS's ExecutionNotRedrivable.
    #[error(transparent)]
    NotRedrivable(#[from] NotRedrivable),
    /// AWS's ExecutionLimitExceeded.
    #[error("too many executions are running; wait for some to end")]
    LimitExceeded,
    /// The definition that it was started with could not be had.
    #[error(transparent)]
    Definition(#[from] MachineError),
    /// The records could not be read or written.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// The host failed.
    #[error("{0}")]
    Internal(String),
}

impl From<store::Error> for RedriveError {
    fn from(error: store::Error) -> RedriveError {
        RedriveError::Records(error.into())
    }
}

impl Services {
    /// RedriveExecution. When it returns, the redrive is durable; it says when that was. The same
    /// `token` again is the same redrive, for a while.
    ///
    /// # Errors
    /// [`RedriveError`].
    pub async fn redrive(
        &self,
        execution: &ExecutionArn,
        token: Option<&str>,
    ) -> Result<Timestamp, RedriveError> {
        match token {
            None => Redriver::redrive(self, execution).await,
            Some(token) => {
                redrive_once(&self.records, self, execution, token, self.clock.now()).await
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
        let no_such = || RedriveError::NoSuchExecution(execution.clone());
        let view = self.runtime.describe(execution)?.ok_or_else(no_such)?;
        if let Some(reason) = self.why_not_redrivable(&view)? {
            return Err(reason.into());
        }
        let header = &view.header;
        let revision = self
            .machines
            .revision(&header.machine_arn, &header.revision)?
            .ok_or_else(|| MachineError::NotFound(header.machine_arn.to_string()))?;
        let machine = revision.machine.clone();
        self.runtime.go_on(execution, machine).await
    }
}

impl Runtime {
    /// Goes on with a stored execution that is over.
    async fn go_on(
        &self,
        execution: &ExecutionArn,
        machine: Arc<StateMachine>,
    ) -> Result<Timestamp, RedriveError> {
        let shell = self.shell(execution);
        let Some(stored) = store::recover(&*shell.store, execution)? else {
            return Err(RedriveError::NoSuchExecution(execution.clone()));
        };
        let pinned = Arc::new(Pinned {
            machine,
            functions: shell.host.functions(),
        });
        let answer = shell
            .ask(|reply| {
                Input::Redrive(Box::new(LoadExecution {
                    execution: stored,
                    pinned,
                    reply,
                }))
            })
            .await;
        match answer {
            Some(Answer::Redriven { at }) => Ok(at),
            // Somebody else was faster, or its end is being written.
            Some(Answer::NotRedrivable) => Err(NotRedrivable::Running.into()),
            Some(Answer::TooManyExecutions) => Err(RedriveError::LimitExceeded),
            Some(Answer::NoSuchExecution) => Err(RedriveError::NoSuchExecution(execution.clone())),
            Some(other) => Err(RedriveError::Internal(format!(
                "unexpected answer {other:?}"
            ))),
            None => Err(RedriveError::Internal(String::from(
                "the runtime is shut down",
            ))),
        }
    }
}
