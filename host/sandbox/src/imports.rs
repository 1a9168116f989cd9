//! Which imports a component may have.
//!
//! The one idea: a closed list. What is on it reaches nothing outside of the
//! instance; what needs a grant is refused by name; everything else is unknown.

use crate::Grant;

/// What becomes of one import.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Bound to something inert, or to the task interfaces.
    Inert,
    /// Reaches outside.
    Needs(Grant),
    /// Not provided.
    Unknown,
}

/// Judges an import by its full name, `namespace:package/interface@version`.
/// Versions are compared by the linker later.
pub(crate) fn judge(import: &str) -> Verdict {
    let path = import.split_once('@').map_or(import, |(path, _)| path);
    if INERT.contains(&path) {
        return Verdict::Inert;
    }
    match path.split_once('/').map(|(package, _)| package) {
        Some("wasi:filesystem") => Verdict::Needs(Grant::Filesystem),
        Some("wasi:sockets") => Verdict::Needs(Grant::Sockets),
        Some("wasi:http") => Verdict::Needs(Grant::Http),
        _ => Verdict::Unknown,
    }
}

/// The task's own interfaces, and what a std guest for wasm32-wasip2 imports:
/// the first thirteen of WASI even if it does nothing, the others when it uses
/// a clock, randomness or a `HashMap`.
const INERT: [&str; 22] = [
    "stepwell:task/types",
    "stepwell:task/context",
    "stepwell:task/log",
    "stepwell:task/heartbeat",
    "wasi:io/poll",
    "wasi:io/error",
    "wasi:io/streams",
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/stderr",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:cli/terminal-stderr",
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:random/random",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn std_imports_are_inert_whatever_their_version() {
        assert_eq!(judge("wasi:cli/environment@0.2.6"), Verdict::Inert);
        assert_eq!(judge("wasi:cli/environment@0.2.0"), Verdict::Inert);
        assert_eq!(judge("stepwell:task/context@0.1.0"), Verdict::Inert);
    }

    #[test]
    fn outward_packages_need_their_grant() {
        assert_eq!(
            judge("wasi:filesystem/preopens@0.2.6"),
            Verdict::Needs(Grant::Filesystem)
        );
        assert_eq!(
            judge("wasi:sockets/tcp@0.2.6"),
            Verdict::Needs(Grant::Sockets)
        );
        assert_eq!(
            judge("wasi:http/outgoing-handler@0.2.6"),
            Verdict::Needs(Grant::Http)
        );
    }

    #[test]
    fn anything_else_is_unknown() {
        for import in [
            "",
            "f",
            "@",
            "/",
            "wasi:keyvalue/store@0.2.0",
            "wasi:cli/environment/x",
            "wasi:cli",
        ] {
            assert_eq!(judge(import), Verdict::Unknown, "{import}");
        }
    }
}
