//! What can go wrong with a store as a whole.

use engine::{ExecutionArn, IllegalEvent};

/// An error of the store, not of one transition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A write failed in a way that leaves open what is on the medium. The store takes nothing more;
    /// it is not retried but opened anew (I14).
    #[error("the store has stopped: {0}")]
    Dead(String),
    /// What is stored cannot have been written: the events of an execution contradict each other.
    #[error("the events of {execution} are damaged: {illegal}")]
    Damaged {
        /// Whose events.
        execution: ExecutionArn,
        /// What contradicts what.
        illegal: IllegalEvent,
    },
}
