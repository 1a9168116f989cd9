//! Tests of the store crate.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod damage;
mod faulty;
mod golden;
mod memory;
mod sqlite;
