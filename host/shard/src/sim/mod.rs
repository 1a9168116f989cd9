//! A shell around a shard that is nothing but data: a virtual clock, scripted tasks, and a store that
//! the caller brings. No threads, no waiting: an execution of a year takes microseconds, and the same
//! settings give the same [`Story`] to the byte.
//!
//! Begin at [`run`]. A [`Script`] says what the tasks do, [`history`] shows events as AWS would.

pub mod history;
mod run;
mod script;

pub use run::{Commit, Settings, SimError, Story, run};
pub use script::{Attempt, Script, ScriptError, Step, StepKind, Stop};
