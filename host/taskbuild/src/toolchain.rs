//! The three programs a build runs, and the environment they get.
//!
//! A build is often started from inside another cargo (`cargo run`, `cargo test`), whose environment
//! is meant for the host: it must not reach the guests.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Variables that a child never gets. `RUSTFLAGS` and its kin are written for the host (a linker, a
/// CPU, coverage) and would replace the guests' own flags and rebuild everything whenever they
/// change; who wants flags for guests has `CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS`. The others choose
/// what and for what cargo builds, which is decided here.
const NOT_INHERITED: [&str; 6] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
];

/// The programs. `RUSTUP_TOOLCHAIN` is inherited on purpose: guests are built by the toolchain that
/// is in force.
#[derive(Debug, Clone)]
pub(crate) struct Toolchain {
    /// `$CARGO` when inside a cargo, else the one on the path.
    pub(crate) cargo: PathBuf,
    /// `$RUSTC`, as cargo itself would take it, else the one on the path.
    pub(crate) rustc: PathBuf,
    /// rustup, if it is on the path.
    pub(crate) rustup: Option<PathBuf>,
}

impl Toolchain {
    /// What the environment offers. Whether they run shows at first use.
    pub(crate) fn from_environment() -> Toolchain {
        Toolchain {
            cargo: named("CARGO", "cargo"),
            rustc: named("RUSTC", "rustc"),
            rustup: on_path("rustup"),
        }
    }

    /// `program` in `dir`, with no input, its output piped, and only the environment it should see.
    pub(crate) fn command(program: &Path, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for name in NOT_INHERITED {
            command.env_remove(name);
        }
        command
    }
}

fn named(variable: &str, program: &str) -> PathBuf {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map_or_else(|| PathBuf::from(program), PathBuf::from)
}

fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|dir| dir.join(&file))
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_for_the_host_do_not_reach_the_guests() {
        let command = Toolchain::command(Path::new("cargo"), Path::new("."));
        let removed: Vec<_> = command
            .get_envs()
            .filter(|(_, value)| value.is_none())
            .collect();
        for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            assert!(
                removed.iter().any(|(removed, _)| *removed == name),
                "{name}"
            );
        }
        assert!(
            removed
                .iter()
                .all(|(removed, _)| *removed != "RUSTUP_TOOLCHAIN")
        );
    }
}
