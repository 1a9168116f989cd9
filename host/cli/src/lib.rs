//! The `stepwell` command: reads the command line, wires the crates together, prints.
//!
//! Data goes to stdout, talk to stderr, and the exit code tells how it went. What an execution does is
//! decided elsewhere; nothing here may know more of it than its events say. A library, so that the
//! whole-system tests open projects and follow executions as the command does.
//!
//! Begin reading at [`commands`]; each subcommand is a file: [`serve`], [`keys`],
//! [`run`], [`validate`].

mod answers;
mod callbacks;
pub mod commands;
pub mod diagnostics;
mod document;
pub mod exit;
mod input;
pub mod keys;
pub mod limits;
pub mod project;
pub mod run;
pub mod serve;
pub mod sources;
mod terminal;
pub mod trail;
pub mod validate;
