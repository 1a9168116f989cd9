//! The shells around the shards: the committer thread, the timer thread, the guest threads, the
//! integrations. They move data between a shard and the world and decide nothing about an execution.
//!
//! Begin at [`Runtime`]; `shell.rs` performs the shard's effects. This crate serves no HTTP.

mod clock;
mod committer;
mod functions;
mod guests;
mod host;
mod integrations;
pub mod limits;
mod lock;
mod message;
pub mod records;
mod request;
mod runtime;
mod shell;
mod timer;
mod watch;

pub use clock::Clock;
pub use functions::{FunctionSpec, SandboxHost};
pub use host::{Attempt, HostFuture, Invocation, LogLine, Monitor, TaskHost, TaskReport};
pub use message::{Message, MessageSink};
pub use request::{CallbackError, StartError, StartRequest, Started, StopError};
pub use runtime::{Config, Runtime};
pub use watch::{Progress, Watch};
