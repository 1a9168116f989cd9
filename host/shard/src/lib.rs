//! The executions of one shard, without I/O (DESIGN D2, D3): what comes in is data, what has to be
//! done goes out as data. Tokio, the committer thread and the guest threads are shells around it, and
//! a simulator can be one too.
//!
//! Begin at [`Shard::handle`]. The two ideas: **an effect that can be seen outside waits until the
//! events that caused it are durable**, and one that stays inside does not; and an execution has one
//! commit in flight, while what it does meanwhile gathers for the next one.

mod effect;
mod input;
pub mod limits;
mod load;
mod pinned;
mod shard;
#[cfg(feature = "sim")]
pub mod sim;
mod slot;
mod timers;

pub use effect::{Answer, Effect, RunTask};
pub use input::{Callback, Input, LoadExecution, Refusal, ReplyId, StartExecution};
pub use pinned::{FunctionFacts, Pinned};
pub use shard::{Config, Shard};
