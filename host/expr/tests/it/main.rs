//! Behaviour of expressions, as tables of data under `tests/data` and as properties.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

// The name that dependants use.
extern crate stepwell_expr as expr;

mod budgets;
mod intrinsics;
mod jsonata;
mod jsonata_limits;
mod paths;
mod properties;
mod references;
mod tables;
mod templates;
