//! Tests of the engine and the shard, run in the simulator.
//!
//! `UPDATE_EXPECT=1` renews what `cases` expects; `STEPWELL_PROPTEST_CASES=20000` makes the properties
//! try so many cases each. A case that fails is printed as its tapes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

extern crate stepwell_shard as shard;

mod budget;
mod cases;
mod draw;
mod engine_properties;
mod limits;
mod machines;
mod owed;
mod recovery;
mod refusals;
mod shard_properties;
mod states;
mod world;
