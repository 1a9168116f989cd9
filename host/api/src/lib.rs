//! The AWS wire shapes: how names, ARNs and history events look to an AWS client.
//!
//! The one idea: the engine's records are ours and richer; what a client sees is made from them here,
//! as plain JSON values, by pure functions. There is no HTTP server in this crate yet: it holds what
//! the command line shows in AWS's words. It must not touch the store or the sandbox.
//!
//! Begin reading at [`history::to_wire`]; names and ARNs are in [`names`].

pub mod history;
pub mod limits;
pub mod names;
pub mod places;
