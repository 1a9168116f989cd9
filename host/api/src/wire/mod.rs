//! The server: HTTP, AWS's protocols, signatures, permissions. A request goes through here once, from
//! the top down, and whatever refuses it answers in the words and the form of the service it was for:
//!
//! head ([`decode`]) → body, no longer than the operation takes → signature → rate → input →
//! permission → the operation, in a task of its own → answer.
//!
//! The one idea: what can be decided from bytes alone is pure ([`decode`], [`sigv4`]) and is what the fuzz
//! targets run; the rest is a thin shell of hyper's. Nothing here knows what an operation does.
//!
//! Begin reading at [`Server`], then `request.rs`.

mod answer;
mod auth;
mod awsjson;
mod backend;
mod body;
mod config;
mod origin;
mod patience;
mod pattern;
mod query;
mod request;
mod restjson;
mod route;
mod server;
pub mod sigv4;
mod throttle;

pub use answer::Form;
pub use backend::{Admitted, Backend};
pub use config::{Auth, Config, Limits};
pub use route::{Decoded, Refusal, decode};
pub use server::{BindError, Server};
pub use throttle::{Rate, Rates};
