//! Tests of the engine through its public interface. What it decides is tested where it runs, in the
//! simulator of `host/shard`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

extern crate stepwell_engine as engine;

mod table;
mod test_state;
