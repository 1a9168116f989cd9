//! Runs a task component under limits: the only crate that names wasmtime.
