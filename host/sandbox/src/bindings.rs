//! Types of the task world, generated from the WIT that guests are built with,
//! so that host and guest cannot disagree.
//!
//! Only types and the export are used: the host functions are in `hostcalls`,
//! because they read guest strings in place instead of copying them first.

wasmtime::component::bindgen!({
    path: "../../guest-sdk/wit",
    world: "task",
    exports: { default: async },
});
