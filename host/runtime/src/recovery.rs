//! Going on with what is stored: every execution that was not over when the last host ended. One that
//! cannot be gone on with is left alone and told of; it keeps nobody else from going on.

use std::sync::Arc;

use asl::StateMachine;
use engine::{ExecutionArn, Header};
use shard::{Answer, Input, LoadExecution};

use crate::limits;
use crate::runtime::Runtime;

/// What became of the stored executions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// So many go on.
    pub count: usize,
    /// So many were left alone.
    pub left_count: usize,
    /// The first of those, each with the reason: at most [`limits::LEFT_TOLD_MAX`].
    pub left: Vec<(ExecutionArn, String)>,
}

impl Recovered {
    fn leave(&mut self, execution: ExecutionArn, reason: impl ToString) {
        self.left_count += 1;
        if self.left.len() < limits::LEFT_TOLD_MAX {
            self.left.push((execution, reason.to_string()));
        }
    }
}

/// Why stored executions could not be gone on with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoverError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// There are more than this host runs at once.
    #[error(
        "{0} executions were gone on with, and more are stored than one host runs; see docs/limits.md"
    )]
    TooMany(usize),
}

impl Runtime {
    /// Goes on with the stored executions that are not over. `definition` gives what an execution was
    /// started with.
    ///
    /// # Errors
    /// [`RecoverError`], for what concerns all of them.
    pub(crate) async fn recover(
        &self,
        definition: impl Fn(&Header) -> Option<Arc<StateMachine>>,
    ) -> Result<Recovered, RecoverError> {
        let store = self.durable_store();
        let (mut recovered, mut after) = (Recovered::default(), None);
        loop {
            let page = store.running(0, after.as_ref(), limits::RECOVERED_PER_READ)?;
            let Some(last) = page.last() else {
                return Ok(recovered);
            };
            after = Some(last.clone());
            for execution in page {
                let stored = match store::recover(&*store, &execution) {
                    Ok(Some(stored)) => stored,
                    Ok(None) => continue,
                    Err(dead @ store::Error::Dead(_)) => return Err(dead.into()),
                    Err(damaged) => {
                        recovered.leave(execution, damaged);
                        continue;
                    }
                };
                let Some(machine) = stored.header().and_then(&definition) else {
                    recovered.leave(execution, "its definition cannot be read any more");
                    continue;
                };
                match self.load(stored, machine).await {
                    Some(Answer::Loaded) => recovered.count += 1,
                    _ => return Err(RecoverError::TooMany(recovered.count)),
                }
            }
        }
    }

    async fn load(
        &self,
        execution: engine::Execution,
        machine: Arc<StateMachine>,
    ) -> Option<Answer> {
        let shell = self.standard();
        let pinned = shell.pinned(machine);
        shell
            .ask(|reply| {
                Input::Load(Box::new(LoadExecution {
                    execution,
                    pinned,
                    reply,
                }))
            })
            .await
    }
}
