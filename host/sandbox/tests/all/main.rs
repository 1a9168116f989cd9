//! The sandbox from outside: hand-written components, one file per topic.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says where"
)]

mod captured_log;
mod cost;
mod errors;
mod guest;
mod inert;
mod interruption;
mod isolation;
mod memory;
mod output;
mod refusal;
mod run;
mod task_context;
