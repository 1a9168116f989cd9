//! The crates of a `tasks/` folder: where a bare definition finds its functions, by package name.

use std::path::{Path, PathBuf};

use sandbox::{Grants, Limits};
use taskbuild::{Builder, TaskCrate};

use super::{Code, Plan};
use crate::exit::{Exit, Failure};
use crate::sources::shown;
use crate::terminal::clean;

/// Name of the folder.
const FOLDER: &str = "tasks";

/// The nearest `tasks/` folder, in `start` or above it.
pub(super) fn nearest(start: &Path) -> Option<PathBuf> {
    // Of a relative path only the absolute form has all its parents.
    let start = std::path::absolute(start).ok()?;
    start
        .ancestors()
        .map(|dir| dir.join(FOLDER))
        .find(|path| path.is_dir())
}

/// The task crates in a folder: packages of the workspace that it lies in, and crates of their own.
/// Sorted by name.
pub(super) fn crates_in(folder: &Path) -> Result<Vec<TaskCrate>, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::usage(format!("cannot read {}: {error}", shown(folder)));
    let inside = folder.canonicalize().map_err(unreadable)?;
    let builder = Builder::new(&inside).map_err(build_failure)?;
    let is_inside = |task: &&TaskCrate| {
        let dir = task.manifest_dir.canonicalize();
        dir.is_ok_and(|dir| dir.starts_with(&inside))
    };
    let mut crates: Vec<TaskCrate> = builder.tasks().iter().filter(is_inside).cloned().collect();
    if crates.is_empty() {
        for entry in std::fs::read_dir(&inside).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.join("Cargo.toml").is_file() {
                crates.push(builder.task_at(&path).map_err(build_failure)?);
            }
        }
    }
    crates.sort();
    Ok(crates)
}

/// A crate as a function of its name: with every default, and sealed.
pub(super) fn plan(task: &TaskCrate) -> Plan {
    Plan {
        name: task.name.clone(),
        code: Code::Crate(task.manifest_dir.clone()),
        limits: Limits::default(),
        grants: Grants::default(),
        is_idempotent: false,
    }
}

pub(super) fn build_failure(error: taskbuild::Error) -> Failure {
    Failure::new(Exit::Build, clean(&error.to_string()))
}
