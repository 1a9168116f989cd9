//! What can go wrong between a task crate and its component, each with what to do about it.

use std::path::PathBuf;

use crate::limits::DIAGNOSTICS_BYTES_MAX;

/// Why no component came out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A tool that the build needs could not be started.
    #[error(
        "cannot run `{program}`: {source}; install Rust (rustup, or your distribution's packages of cargo and rustc)"
    )]
    Tool {
        /// What was started, as it was named.
        program: String,
        /// Why that failed.
        source: std::io::Error,
    },

    /// The standard library for the guests is missing and nothing here can add it.
    #[error(
        "the Rust target {target} is not installed and there is no rustup to add it: install rustup and run \
         `rustup target add {target}`, or install your distribution's package of Rust's standard library for {target}"
    )]
    TargetMissing {
        /// The target triple.
        target: &'static str,
    },

    /// rustup is there and refused to add the target.
    #[error("`rustup target add {target}` failed:\n{output}")]
    TargetNotAdded {
        /// The target triple.
        target: &'static str,
        /// What rustup said.
        output: String,
    },

    /// rustc could not say where the target's standard library lies.
    #[error("`rustc --print target-libdir --target {target}` failed:\n{output}")]
    Rustc {
        /// The target triple.
        target: &'static str,
        /// What rustc said.
        output: String,
    },

    /// cargo could not read the workspace.
    #[error("cannot read the cargo workspace of {}: {reason}", dir.display())]
    Metadata {
        /// Where cargo was asked.
        dir: PathBuf,
        /// What cargo said.
        reason: String,
    },

    /// No crate of this name in the workspace.
    #[error("no task crate `{name}`{}", did_you_mean(closest.as_deref()))]
    UnknownTask {
        /// The name that was asked for.
        name: String,
        /// The nearest name that exists, if one is near.
        closest: Option<String>,
    },

    /// A path that is neither a crate's folder nor a component file.
    #[error("{} is neither a folder with a Cargo.toml nor a .wasm file", path.display())]
    NotATask {
        /// The path that was asked for.
        path: PathBuf,
    },

    /// cargo compiled and failed; its diagnostics are the message.
    #[error("cargo could not build {}:\n{diagnostics}", packages.join(", "))]
    Compile {
        /// The packages of the cargo call.
        packages: Vec<String>,
        /// cargo's rendered diagnostics, cut in the middle beyond [`DIAGNOSTICS_BYTES_MAX`].
        diagnostics: String,
    },

    /// The crate builds and gives no component.
    #[error(
        "crate `{package}` gives no component: add `crate-type = [\"cdylib\", \"rlib\"]` under [lib] in its Cargo.toml"
    )]
    NoComponent {
        /// The package's name.
        package: String,
    },

    /// Reading what a tool printed failed.
    #[error("cannot read the output of `{program}`: {source}")]
    Output {
        /// The tool.
        program: String,
        /// Why that failed.
        source: std::io::Error,
    },
}

fn did_you_mean(closest: Option<&str>) -> String {
    closest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// `text` within [`DIAGNOSTICS_BYTES_MAX`]: its head and its tail, for the first error and cargo's
/// summary are what a reader needs.
pub(crate) fn bounded(text: &str) -> String {
    if text.len() <= DIAGNOSTICS_BYTES_MAX {
        return text.trim_end().to_owned();
    }
    let half = DIAGNOSTICS_BYTES_MAX / 2;
    let head = text.get(..text.floor_char_boundary(half)).unwrap_or("");
    let from = text.ceil_char_boundary(text.len() - half);
    let tail = text.get(from..).unwrap_or("").trim_end();
    let cut = from - head.len();
    format!("{head}\n… {cut} bytes left out …\n{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_diagnostics_are_kept_whole() {
        let text = "x".repeat(DIAGNOSTICS_BYTES_MAX);
        assert_eq!(bounded(&text), text);
    }

    #[test]
    fn long_diagnostics_keep_head_and_tail() {
        let text = format!("first{}last", "é".repeat(DIAGNOSTICS_BYTES_MAX));
        let short = bounded(&text);
        assert!(short.starts_with("first") && short.ends_with("last"));
        assert!(short.len() < DIAGNOSTICS_BYTES_MAX + 64);
    }
}
