//! Intrinsic functions.

use std::sync::Arc;

/// A compiled intrinsic call.
#[derive(Debug, Clone)]
pub struct Intrinsic {
    text: Arc<str>,
}

impl Intrinsic {
    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }
}
