//! The durable progress of one execution, for whoever waits for it. What happened is read from the
//! store; here is only how far it got, so that a slow reader loses nothing.

use engine::{Outcome, Status};
use tokio::sync::watch;

/// How far an execution is, durably.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Progress {
    /// Sequence number of the last durable event.
    pub seq: u64,
    /// How it ended, once it has.
    pub ended: Option<(Status, Outcome)>,
}

/// Watches one execution.
#[derive(Clone, Debug)]
pub struct Watch(pub(crate) watch::Receiver<Progress>);

impl Watch {
    /// The progress as of now.
    pub fn progress(&mut self) -> Progress {
        self.0.borrow_and_update().clone()
    }

    /// Waits until there is progress that [`Watch::progress`] has not shown. `false`: there will be
    /// none any more, the execution is over or its runtime is gone.
    pub async fn changed(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }

    /// Waits for the end. `None`: the runtime was shut down first.
    pub async fn ended(&mut self) -> Option<(Status, Outcome)> {
        loop {
            if let Some(ended) = self.progress().ended {
                return Some(ended);
            }
            if !self.changed().await {
                return self.progress().ended;
            }
        }
    }
}
