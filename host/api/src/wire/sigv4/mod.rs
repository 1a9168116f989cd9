//! Signature Version 4, header form: whether a request was made, as it is, by who holds a key's secret.
//!
//! The one idea: what was signed is built anew from the raw request, and only the body's hash that we
//! computed ourselves goes into it; so nothing that the signature covers can have been changed. The
//! functions here are pure; time and key come in.
//!
//! Begin reading at [`Claim::of`], what a request says of its signature, then [`Claim::verify`]. There is
//! neither a signature in the query string nor one over streams: no operation here has them.

mod canonical;
mod claim;
mod moment;
mod signing_key;

pub use canonical::canonical_request;
pub use claim::{Claim, SignatureError};
pub use moment::Moment;
pub use signing_key::{SigningKey, SigningKeys};

/// The only algorithm.
pub const ALGORITHM: &str = "AWS4-HMAC-SHA256";
