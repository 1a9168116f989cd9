//! The server over real sockets, with operations of the tests' own.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

extern crate stepwell_api as api;

mod answers;
mod auth;
mod harness;
mod hostile;
mod sigv4;
