//! Tests of the engine and the shard, run in the simulator.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

extern crate stepwell_shard as shard;

mod cases;
mod draw;
mod engine_properties;
mod machines;
mod shard_properties;
mod world;
