//! Task crate to component: cargo, the wasm target, what changed.
