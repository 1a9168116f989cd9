//! The task builder: names and paths in, components out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand, TargetKind};

use crate::messages::{Component, same_dir};
use crate::progress::Progress;
use crate::task::{TaskCrate, closest, has_wasm_extension};
use crate::toolchain::Toolchain;
use crate::{Error, cargo, error, target};

/// Builds tasks. Holds what the workspace looked like when it was made; cheap to make again.
#[derive(Debug, Clone)]
pub struct Builder {
    toolchain: Toolchain,
    /// The workspace's root folder; without a workspace, the folder that was asked for.
    dir: PathBuf,
    /// The workspace's packages that give a component when built for the guests' target.
    tasks: Vec<TaskCrate>,
}

/// One task, built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The task's name.
    pub name: String,
    /// Its component.
    pub wasm: PathBuf,
    /// Whether nothing had changed since the component was made.
    pub fresh: bool,
}

impl Builder {
    /// A builder for the cargo workspace that `workspace_dir` lies in. Where there is none, it
    /// builds only crates and components given by path.
    ///
    /// # Errors
    /// [`Error::Tool`] without cargo, [`Error::Metadata`] when a Cargo.toml is there and wrong.
    pub fn new(workspace_dir: &Path) -> Result<Builder, Error> {
        Builder::with_toolchain(workspace_dir, Toolchain::from_environment())
    }

    pub(crate) fn with_toolchain(dir: &Path, toolchain: Toolchain) -> Result<Builder, Error> {
        // Of a relative path only the absolute form has all its parents.
        let dir = &std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
        if !dir.ancestors().any(|dir| dir.join("Cargo.toml").is_file()) {
            return Ok(Builder {
                toolchain,
                dir: dir.to_owned(),
                tasks: Vec::new(),
            });
        }
        let metadata = metadata(&toolchain, dir)?;
        let tasks = tasks_of(&metadata);
        Ok(Builder {
            toolchain,
            dir: metadata.workspace_root.into(),
            tasks,
        })
    }

    /// The tasks of the workspace: its packages that are a cdylib, by name.
    #[must_use]
    pub fn tasks(&self) -> &[TaskCrate] {
        &self.tasks
    }

    /// The task that `name_or_path` names: a package of the workspace, the folder of a crate, or a
    /// component file. A relative path starts at the current folder.
    ///
    /// # Errors
    /// [`Error::UnknownTask`] for a name, [`Error::NotATask`] for a path, that is none.
    pub fn task(&self, name_or_path: &str) -> Result<TaskCrate, Error> {
        if let Some(task) = self.tasks.iter().find(|task| task.name == name_or_path) {
            return Ok(task.clone());
        }
        let path = Path::new(name_or_path);
        if path.exists() || path.components().count() > 1 || has_wasm_extension(path) {
            return self.task_at(path);
        }
        let names = self.tasks.iter().map(|task| task.name.as_str());
        let closest = closest(name_or_path, names);
        Err(Error::UnknownTask {
            name: name_or_path.to_owned(),
            closest,
        })
    }

    /// The task at `path`: the folder of a crate, inside or outside the workspace, or a component.
    ///
    /// # Errors
    /// [`Error::NotATask`] when it is neither; [`Error::Metadata`] when its Cargo.toml is wrong.
    pub fn task_at(&self, path: &Path) -> Result<TaskCrate, Error> {
        let nothing = || Error::NotATask {
            path: path.to_owned(),
        };
        if has_wasm_extension(path) && path.is_file() {
            let name = path
                .file_stem()
                .ok_or_else(nothing)?
                .to_string_lossy()
                .into_owned();
            return Ok(TaskCrate {
                name,
                manifest_dir: path.to_owned(),
            });
        }
        if let Some(task) = self
            .tasks
            .iter()
            .find(|task| same_dir(&task.manifest_dir, path))
        {
            return Ok(task.clone());
        }
        let manifest_dir = path.canonicalize().map_err(|_| nothing())?;
        if !manifest_dir.join("Cargo.toml").is_file() {
            return Err(nothing());
        }
        let metadata = metadata(&self.toolchain, &manifest_dir)?;
        let mut packages = metadata.packages.iter();
        let package = packages
            .find(|package| {
                let dir = package.manifest_path.parent();
                dir.is_some_and(|dir| same_dir(dir.as_std_path(), &manifest_dir))
            })
            .ok_or_else(nothing)?;
        Ok(TaskCrate {
            name: package.name.to_string(),
            manifest_dir,
        })
    }

    /// Builds `tasks`, one answer each in the same order; those of this workspace in one cargo call.
    /// After it every component is what its sources say. `progress` is called from this thread.
    ///
    /// # Errors
    /// The first thing that failed; no component is then known to be up to date.
    pub fn build(
        &self,
        tasks: &[TaskCrate],
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<Built>, Error> {
        let mut components = Vec::new();
        for (dir, packages) in self.cargo_calls(tasks) {
            target::ensure(&self.toolchain, dir, progress)?;
            components.extend(cargo::build(&self.toolchain, dir, &packages, progress)?);
        }
        tasks
            .iter()
            .map(|task| built(task, &components, progress))
            .collect()
    }

    /// The cargo calls that `tasks` need: one in the workspace, one in each crate outside of it.
    fn cargo_calls<'a>(&'a self, tasks: &'a [TaskCrate]) -> BTreeMap<&'a Path, Vec<&'a str>> {
        let mut calls: BTreeMap<&Path, Vec<&str>> = BTreeMap::new();
        for task in tasks.iter().filter(|task| !task.is_component()) {
            let inside = self
                .tasks
                .iter()
                .any(|own| same_dir(&own.manifest_dir, &task.manifest_dir));
            let dir = if inside {
                &self.dir
            } else {
                &task.manifest_dir
            };
            let packages = calls.entry(dir.as_path()).or_default();
            if !packages.contains(&task.name.as_str()) {
                packages.push(&task.name);
            }
        }
        calls
    }
}

fn built(
    task: &TaskCrate,
    components: &[Component],
    progress: &mut dyn FnMut(Progress),
) -> Result<Built, Error> {
    let name = task.name.clone();
    if task.is_component() {
        if !task.manifest_dir.is_file() {
            return Err(Error::NotATask {
                path: task.manifest_dir.clone(),
            });
        }
        return Ok(Built {
            name,
            wasm: task.manifest_dir.clone(),
            fresh: true,
        });
    }
    let mut components = components.iter();
    let component = components
        .find(|component| same_dir(&component.manifest_dir, &task.manifest_dir))
        .ok_or_else(|| Error::NoComponent {
            package: name.clone(),
        })?;
    let package = name.clone();
    progress(if component.fresh {
        Progress::Fresh { package }
    } else {
        Progress::Built { package }
    });
    Ok(Built {
        name,
        wasm: component.wasm.clone(),
        fresh: component.fresh,
    })
}

fn metadata(toolchain: &Toolchain, dir: &Path) -> Result<Metadata, Error> {
    let failed = |reason: String| Error::Metadata {
        dir: dir.to_owned(),
        reason,
    };
    let mut command = Toolchain::command(&toolchain.cargo, dir);
    command.args([
        "metadata",
        "--no-deps",
        "--format-version",
        "1",
        "--color=never",
    ]);
    let output = command.output().map_err(|source| Error::Tool {
        program: toolchain.cargo.display().to_string(),
        source,
    })?;
    if !output.status.success() {
        return Err(failed(error::bounded(&String::from_utf8_lossy(
            &output.stderr,
        ))));
    }
    MetadataCommand::parse(String::from_utf8_lossy(&output.stdout))
        .map_err(|error| failed(error.to_string()))
}

fn tasks_of(metadata: &Metadata) -> Vec<TaskCrate> {
    let mut tasks: Vec<TaskCrate> = metadata
        .workspace_packages()
        .iter()
        .filter(|package| {
            package
                .targets
                .iter()
                .any(|target| target.kind.contains(&TargetKind::CDyLib))
        })
        .filter_map(|package| {
            let manifest_dir = package.manifest_path.parent()?.into();
            Some(TaskCrate {
                name: package.name.to_string(),
                manifest_dir,
            })
        })
        .collect();
    tasks.sort();
    tasks
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
