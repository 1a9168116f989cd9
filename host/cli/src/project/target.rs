//! What a path of the command line is: a folder, a template or a definition.

use std::path::{Path, PathBuf};

use crate::exit::Failure;
use crate::sources::{SourceFile, shown};
use crate::terminal::clean;

/// Names of a folder's template, in the order in which they are looked for.
const TEMPLATES: [&str; 3] = ["template.yaml", "template.yml", "template.json"];

/// Ends of the names of definitions. `definition.json` and its like are definitions too.
const DEFINITION_ENDS: [&str; 4] = [".asl.json", ".asl.yaml", ".asl.yml", ".asl"];
const DEFINITIONS: [&str; 3] = ["definition.json", "definition.yaml", "definition.yml"];

/// Keys that stand at the top of a template and never at that of a definition.
const TEMPLATE_KEYS: [&str; 3] = ["AWSTemplateFormatVersion", "Transform", "Resources"];

/// What the user named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// A folder, which may have a template.
    Folder(PathBuf),
    /// The file of a template.
    Template(PathBuf),
    /// Any other file.
    Definition(PathBuf),
}

impl Target {
    /// Looks at what is there; of a file its text decides, not its name.
    pub(crate) fn of(path: &Path) -> Result<Target, Failure> {
        if path.is_dir() {
            return Ok(Target::Folder(path.to_owned()));
        }
        if !path.exists() {
            let text = format!("there is no file or folder {}", shown(path));
            return Err(Failure::usage(text));
        }
        let file = SourceFile::read(path)?;
        let is_template = match source::parse(&file.text, file.format) {
            Ok(root) => {
                root.get("States").is_none()
                    && TEMPLATE_KEYS.iter().any(|key| root.get(key).is_some())
            }
            // Of a broken text only the name can tell.
            Err(_) => file_name(path).is_some_and(|name| TEMPLATES.contains(&name)),
        };
        Ok(match is_template {
            true => Target::Template(path.to_owned()),
            false => Target::Definition(path.to_owned()),
        })
    }
}

/// The template of a folder.
pub(crate) fn template_in(folder: &Path) -> Option<PathBuf> {
    TEMPLATES
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.is_file())
}

/// The files of a folder that are definitions by their names, sorted.
pub(crate) fn definitions_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed =
        |error: std::io::Error| Failure::usage(format!("cannot read {}: {error}", shown(folder)));
    let mut definitions = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_definition = file_name(&path).is_some_and(|name| {
            DEFINITIONS.contains(&name) || DEFINITION_ENDS.iter().any(|end| name.ends_with(end))
        });
        if is_definition && path.is_file() {
            definitions.push(path);
        }
    }
    if definitions.is_empty() {
        let failure = Failure::usage(format!("{} has no definition", shown(folder)));
        return Err(failure.with_help(
            "a workflow has a template.yaml with an AWS::Serverless::StateMachine, or a definition \
             whose name ends with .asl.json or .asl.yaml",
        ));
    }
    definitions.sort();
    Ok(definitions)
}

/// The one definition of a folder.
pub(super) fn only_definition_in(folder: &Path) -> Result<PathBuf, Failure> {
    let mut definitions = definitions_in(folder)?;
    match definitions.pop() {
        Some(only) if definitions.is_empty() => Ok(only),
        last => {
            definitions.extend(last);
            let names: Vec<&str> = definitions
                .iter()
                .filter_map(|path| file_name(path))
                .collect();
            let text = format!(
                "{} has several definitions and no template.yaml that says which",
                shown(folder)
            );
            Err(Failure::usage(text).with_help(format!(
                "name one of the files: {}",
                clean(&names.join(", "))
            )))
        }
    }
}

/// The folder of a file, as a path that can be joined to.
pub(super) fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn file_name(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}
