//! A template with its place: from what it declares to plans and definitions.

use std::path::{Path, PathBuf};

use sandbox::{Grant, Grants, Limits};
use source::{Diagnostic, Severity};
use template::{Function, StateMachine, Template};

use super::definition::{self, Definition};
use super::target::folder_of;
use super::{Code, Plan};
use crate::diagnostics::Report;
use crate::exit::Failure;
use crate::sources::SourceFile;

/// `DefinitionUri` is not there or not readable.
pub(super) const DEFINITION_NOT_FOUND: &str = "DEFINITION_NOT_FOUND";
/// `CodeUri` is neither a crate nor a component.
const CODE_NOT_FOUND: &str = "CODE_NOT_FOUND";
/// A grant that does not exist.
const UNKNOWN_GRANT: &str = "UNKNOWN_GRANT";

/// The grants that exist.
const GRANTS: [Grant; 3] = [Grant::Filesystem, Grant::Sockets, Grant::Http];

/// Bytes in a unit of `MemorySize`.
const BYTES_PER_MB: u64 = 1_048_576;

/// A template that was read.
#[derive(Clone, Debug)]
pub(crate) struct TemplateFile {
    folder: PathBuf,
    /// Its text with every problem of its own, in the order of the text.
    pub(crate) report: Report,
    /// `Some` exactly when no problem is an error.
    pub(crate) template: Option<Template>,
}

impl TemplateFile {
    /// Reads a file.
    pub(crate) fn read(path: &Path) -> Result<TemplateFile, Failure> {
        let file = SourceFile::read(path)?;
        let parsed = template::parse(&file.text, file.format);
        Ok(TemplateFile {
            folder: folder_of(path),
            report: Report {
                file,
                diagnostics: parsed.diagnostics,
            },
            template: parsed.template,
        })
    }

    /// Its state machines; none if it has errors.
    pub(crate) fn machines(&self) -> &[StateMachine] {
        match &self.template {
            Some(template) => &template.state_machines,
            None => &[],
        }
    }

    /// Its functions; none if it has errors.
    pub(crate) fn functions(&self) -> &[Function] {
        match &self.template {
            Some(template) => &template.functions,
            None => &[],
        }
    }

    /// The machine whose definition is this file.
    pub(super) fn machine_of(&self, file: &Path) -> Option<&StateMachine> {
        let file = file.canonicalize().ok()?;
        self.machines()
            .iter()
            .find(|machine| match &machine.definition {
                template::Definition::Uri(uri) => self
                    .folder
                    .join(uri)
                    .canonicalize()
                    .is_ok_and(|path| path == file),
                template::Definition::Inline { .. } => false,
            })
    }

    /// The definition of one of its machines; else what is wrong with the template.
    pub(crate) fn definition(
        &self,
        machine: &StateMachine,
        options: asl::Options,
    ) -> Result<Definition, Vec<Diagnostic>> {
        match &machine.definition {
            template::Definition::Uri(uri) => Definition::read(&self.folder.join(uri), options)
                .map_err(|failure| vec![definition::unreadable(machine, &failure.text)]),
            template::Definition::Inline { value, span } => {
                let file = &self.report.file;
                Ok(Definition::inline(
                    &machine.name,
                    file,
                    value,
                    *span,
                    options,
                ))
            }
        }
    }

    /// What one of its functions is made of; else what is wrong with it.
    pub(crate) fn plan(&self, function: &Function) -> Result<Plan, Vec<Diagnostic>> {
        let mut found = Vec::new();
        let grants = grants_of(function, &mut found);
        let code = code_of(&self.folder, function, &mut found);
        match code {
            Some(code) if found.is_empty() => Ok(Plan {
                name: function.name.clone(),
                code,
                limits: limits_of(function),
                grants,
                is_idempotent: function.idempotent,
            }),
            _ => Err(found),
        }
    }

    /// What is wrong with its functions, also with those that nobody calls. A component that is not
    /// there yet is a warning: something may have to build it first.
    pub(crate) fn check(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for function in self.functions() {
            for mut problem in self.plan(function).err().unwrap_or_default() {
                if problem.code == CODE_NOT_FOUND && is_component(Path::new(&function.code_uri)) {
                    problem.severity = Severity::Warning;
                }
                found.push(problem);
            }
        }
        found
    }
}

fn limits_of(function: &Function) -> Limits {
    let defaults = Limits::default();
    Limits {
        memory_bytes: u64::from(function.memory_mb) * BYTES_PER_MB,
        timeout_ms: function.timeout_ms.into(),
        fuel: function.fuel.unwrap_or(defaults.fuel),
        ..defaults
    }
}

fn grants_of(function: &Function, found: &mut Vec<Diagnostic>) -> Grants {
    let mut grants = Grants::default();
    for name in &function.grants {
        if let Some(grant) = GRANTS.into_iter().find(|grant| grant.name() == name) {
            grants.outward.insert(grant);
            continue;
        }
        let known = GRANTS.map(Grant::name);
        let help = match source::nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "the grants are {}",
                known.map(|name| format!("`{name}`")).join(", ")
            ),
        };
        let location = format!(
            "/Resources/{}/Metadata/Stepwell/Grants",
            function.logical_id
        );
        found.push(
            Diagnostic::error(UNKNOWN_GRANT, format!("There is no grant `{name}`"))
                .with_span(function.span)
                .with_label("this function asks for it")
                .with_help(help)
                .with_location(location),
        );
    }
    grants
}

fn code_of(folder: &Path, function: &Function, found: &mut Vec<Diagnostic>) -> Option<Code> {
    let path = folder.join(&function.code_uri);
    if is_component(&path) && path.is_file() {
        return Some(Code::Component(path));
    }
    if path.join("Cargo.toml").is_file() {
        return Some(Code::Crate(path));
    }
    let message = format!("The code of the function `{}` is not there", function.name);
    let help = format!(
        "`CodeUri` is the folder of a task crate or a `.wasm` file, relative to the template; `{}` is neither",
        function.code_uri
    );
    found.push(
        Diagnostic::error(CODE_NOT_FOUND, message)
            .with_span(function.span)
            .with_help(help)
            .with_location(format!(
                "/Resources/{}/Properties/CodeUri",
                function.logical_id
            )),
    );
    None
}

/// Whether the name of `path` says that it is a component.
fn is_component(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("wasm"))
}
