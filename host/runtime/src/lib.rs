//! The shells around the shards: the committer thread, the timer thread, the guest threads, the
//! integrations. They move data between a shard and the world and decide nothing about an execution.
//!
//! Begin at [`Runtime`]; `shell.rs` performs the shard's effects. This crate serves no HTTP.

mod activities;
mod busy;
mod clock;
mod committer;
pub mod functions;
mod guests;
mod host;
mod integrations;
mod keys;
pub mod limits;
mod lock;
pub mod logs;
pub mod machines;
mod message;
mod place;
mod queues;
pub mod records;
mod request;
mod runtime;
mod services;
mod shell;
pub mod tags;
mod timer;
mod watch;

pub use activities::Activities;
pub use clock::Clock;
pub use functions::{FunctionSpec, Functions, SandboxHost};
pub use host::{Attempt, HostFuture, Invocation, LogLine, Monitor, TaskHost, TaskReport};
pub use keys::Keys;
pub use logs::Logs;
pub use machines::Machines;
pub use message::{Answered, Child, ChildEnd, ChildRequest, Message, MessageSink};
pub use place::Place;
pub use queues::Queues;
pub use request::{CallbackError, ExecutionView, StartError, StartRequest, Started, StopError};
pub use runtime::{Config, Runtime};
pub use services::Services;
pub use store::{Cursor, Error as StoreError, Listed, Listing};
pub use watch::{Progress, Watch};
