//! Runs a task component under limits: the only crate that names wasmtime.
//!
//! Component bytes, grants and limits go in, an outcome comes out. Each call
//! gets a fresh instance, and its store is dropped at the end, whatever the end
//! was. This crate knows no workflows, grants nothing by itself, and no number
//! that a guest chooses sizes a host allocation unchecked.
//!
//! Begin reading at [`Sandbox`]; then `invoke.rs` for what happens in a call,
//! `profile.rs` for the engine's settings, `limits.rs` for every number.

mod bindings;
mod cache;
mod call;
mod capture;
mod clock;
mod compile;
mod config;
mod error;
mod fault;
pub mod floor;
mod grants;
mod hostcalls;
mod imports;
mod invoke;
mod limiter;
pub mod limits;
mod log;
mod profile;
mod report;
mod sandbox;
mod scan;
mod state;
mod stdio;
mod ticker;
mod verdict;
mod wasi;
mod watch;

pub use call::{Call, Monitor, TaskInfo};
pub use compile::Function;
pub use config::Config;
pub use error::{CompileError, Error};
pub use fault::Fault;
pub use grants::{Grant, Grants};
pub use limits::Limits;
pub use log::{CapturedLog, Level, LogLine};
pub use report::{Report, Usage};
pub use sandbox::Sandbox;
