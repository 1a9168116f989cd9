//! Task crate to component: the one place that runs cargo for guests.
//!
//! The idea: cargo alone decides what changed. All tasks of a call go into one
//! `cargo build --target wasm32-wasip2 --profile guest -p A -p B …`; what cargo reports of its
//! artifacts says where the components are and which were fresh. When the target is not installed,
//! it is added through rustup before cargo is asked.
//!
//! Must not: look into a component, keep a cache of its own, print. Begin with [`Builder`].

mod builder;
mod cargo;
mod error;
pub mod limits;
mod messages;
mod progress;
mod target;
mod task;
mod toolchain;

pub use builder::{Builder, Built};
pub use error::Error;
pub use progress::Progress;
pub use target::TARGET;
pub use task::TaskCrate;
