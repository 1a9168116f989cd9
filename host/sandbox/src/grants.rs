//! What a function may reach outside of its instance. Nothing, by default.
//!
//! A function without a grant is *sealed*: running it twice cannot be noticed
//! by anybody. The grants decide that, not the import list, because every std
//! guest imports a dozen WASI interfaces which here reach nothing.

use std::collections::BTreeSet;
use std::fmt;

/// One capability that reaches outside, by its name in the template's metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grant {
    /// `wasi:filesystem`: directories of the host.
    Filesystem,
    /// `wasi:sockets`: TCP, UDP and name lookup.
    Sockets,
    /// `wasi:http`: outgoing requests.
    Http,
}

impl Grant {
    /// The name used in templates and in messages.
    pub fn name(self) -> &'static str {
        match self {
            Grant::Filesystem => "Filesystem",
            Grant::Sockets => "Sockets",
            Grant::Http => "Http",
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The grants of one function.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Capabilities that reach outside. Empty: the function is sealed.
    pub outward: BTreeSet<Grant>,
}
