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
mod hex;
mod host;
mod integrations;
pub mod keys;
pub mod limits;
mod lock;
pub mod logs;
pub mod machines;
mod message;
mod outside;
mod place;
pub mod queues;
pub mod records;
mod recovery;
mod redrive;
mod redrives;
mod request;
mod runtime;
mod services;
mod shell;
pub mod tags;
mod timer;
mod watch;

pub use activities::{
    Activities, Activity, ActivityError, ActivityTask, LineFull, NotStarted, Starter,
};
pub use clock::Clock;
pub use functions::{FunctionSpec, Functions, SandboxHost};
pub use host::{Attempt, HostFuture, Invocation, LogLine, Monitor, TaskHost, TaskReport};
pub use keys::{Key, Keys};
pub use logs::Logs;
pub use machines::Machines;
pub use message::{Answered, Child, ChildEnd, ChildRequest, Message, MessageSink};
pub use outside::Publisher;
pub use place::Place;
pub use queues::Queues;
pub use recovery::{RecoverError, Recovered};
pub use redrive::RedriveError;
pub use redrives::{NotRedrivable, Redriver};
pub use request::{CallbackError, ExecutionView, StartError, StartRequest, Started, StopError};
pub use runtime::{Config, Runtime};
pub use services::{OpenError, Services, Settings};
pub use store::{Cursor, Error as StoreError, Listed, Listing};
pub use watch::{Progress, Watch};
