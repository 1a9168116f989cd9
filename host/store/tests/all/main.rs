//! Tests of the store crate.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod damage;
mod faulty;
mod golden;
mod memory;
mod sqlite;
