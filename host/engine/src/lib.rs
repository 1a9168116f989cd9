//! The execution state machine (DESIGN D1, D2): an input leads to events and effects as data, and one
//! transition function folds events into the state, when they are appended and when they are read.
//!
//! Begin at [`Execution::handle`]. This crate does no I/O, has no clock and no randomness of its own,
//! and its answers do not depend on the order of a hash map.

mod apply;
mod decide;
mod effect;
mod event;
pub mod history;
mod ids;
mod input;
pub mod limits;
mod state;
pub mod test_state;
mod token;
mod transition;

pub use apply::IllegalEvent;
pub use decide::{Decision, Environment};
pub use effect::{Effect, TaskCall, TimerKey};
pub use event::{ErrorOutput, Event, EventKind, Header, HistoryLink, Place, Usage, Went, Workflow};
pub use ids::{AttemptId, ExecutionArn, FrameId, Timestamp};
pub use input::{Input, InputKind};
pub use state::{Execution, Outcome, Status};
pub use token::{TokenKey, TokenTarget};
pub use transition::{Index, TimerChange, Transition};
