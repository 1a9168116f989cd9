//! The guests' target: is its standard library there, and if not, who can add it.
//!
//! `rust-toolchain.toml` may name the target, but rustup adds it by itself only when it installs
//! toolchains by itself, which many machines forbid. So it is looked for, in the toolchain that is
//! in force in the folder of the build.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::progress::Progress;
use crate::toolchain::Toolchain;
use crate::{Error, error};

/// What tasks are compiled for: Rust's standard library over WASI 0.2, straight to a component.
pub const TARGET: &str = "wasm32-wasip2";

/// After this, rustc in `dir` can compile for [`TARGET`]. Adds it through rustup, which downloads,
/// only when it is missing.
///
/// # Errors
/// [`Error::TargetMissing`] without rustup, [`Error::TargetNotAdded`] when rustup refuses.
pub(crate) fn ensure(
    toolchain: &Toolchain,
    dir: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let libdir = libdir(toolchain, dir)?;
    // Held to the end: rustup does not bear two of itself adding the same target, and another build
    // that looked in between would find half of it.
    let _turn = turn();
    if is_installed(&libdir) {
        return Ok(());
    }
    let Some(rustup) = &toolchain.rustup else {
        return Err(Error::TargetMissing { target: TARGET });
    };
    progress(Progress::AddingTarget { target: TARGET });
    let output = Toolchain::command(rustup, dir)
        .args(["target", "add", TARGET])
        .output()
        .map_err(|source| Error::Tool {
            program: rustup.display().to_string(),
            source,
        })?;
    if output.status.success() {
        return Ok(());
    }
    let output = error::bounded(&String::from_utf8_lossy(&output.stderr));
    Err(Error::TargetNotAdded {
        target: TARGET,
        output,
    })
}

/// Waits until no other build of this user adds the target, and keeps others waiting as long as it is
/// there. `None` where there is no folder for the lock: then builds are not kept apart.
fn turn() -> Option<File> {
    let name = format!("stepwell-{TARGET}.lock");
    let file = File::create(std::env::temp_dir().join(name)).ok()?;
    file.lock().ok()?;
    Some(file)
}

/// Where rustc would look for the target's standard library, whether or not it is there.
fn libdir(toolchain: &Toolchain, dir: &Path) -> Result<PathBuf, Error> {
    let output = Toolchain::command(&toolchain.rustc, dir)
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .map_err(|source| Error::Tool {
            program: toolchain.rustc.display().to_string(),
            source,
        })?;
    if !output.status.success() {
        let output = error::bounded(&String::from_utf8_lossy(&output.stderr));
        return Err(Error::Rustc {
            target: TARGET,
            output,
        });
    }
    Ok(PathBuf::from(
        String::from_utf8_lossy(&output.stdout).trim(),
    ))
}

fn is_installed(libdir: &Path) -> bool {
    let Ok(entries) = libdir.read_dir() else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_counts_as_installed_only_with_its_standard_library() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!is_installed(&dir.path().join("absent")));
        assert!(!is_installed(dir.path()));
        std::fs::write(dir.path().join("libcore-1.rlib"), "").unwrap();
        assert!(!is_installed(dir.path()));
        std::fs::write(dir.path().join("libstd-1.rlib"), "").unwrap();
        assert!(is_installed(dir.path()));
    }
}
