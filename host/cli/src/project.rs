//! From what the user names (a folder, a template, a bare definition) to what can be run: the compiled
//! machine and, for each function that it calls, the code, limits and grants.
//!
//! The one idea: everything is looked up before anything is built, so that every name that nobody
//! provides is told at once and with its place. Opening runs no task and writes nothing.
//!
//! Begin reading at [`open`]. `target` says what a path is, `template_file` what a template
//! declares, `definition` what a definition calls, and `functions` brings the two together.

mod calls;
mod definition;
mod functions;
mod target;
mod tasks;
mod template_file;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use asl::StateMachine;
use engine::Workflow;
use runtime::FunctionSpec;
use sandbox::{Grants, Limits};
use source::Diagnostic;
use taskbuild::{Builder, Progress};
use template::Kind;

use self::functions::Search;
use crate::diagnostics::{self, Report};
use crate::exit::{Exit, Failure};
use crate::limits::COMPONENT_BYTES_MAX;
use crate::sources::{read_bounded, shown};
use crate::terminal::clean;

pub(crate) use self::definition::Definition;
pub(crate) use self::functions::{Places, missing};
pub(crate) use self::target::{Target, definitions_in, template_in};
pub(crate) use self::template_file::TemplateFile;

/// The input that a workflow's folder brings along.
const DEFAULT_INPUT: &str = "inputs/default.json";

/// What the command line says beside the path.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The template to take functions from, in the place of the one that would be found.
    pub template: Option<PathBuf>,
    /// Which state machine of the template.
    pub machine: Option<String>,
}

/// A workflow that can be run once its functions are built.
#[derive(Clone, Debug)]
pub struct Project {
    /// Name of the state machine: legal in an ARN.
    pub machine_name: String,
    /// The definition.
    pub machine: Arc<StateMachine>,
    /// Standard, unless the template says EXPRESS.
    pub workflow: Workflow,
    /// The functions that the definition calls, each once, in the order of their first call; if it
    /// computes a name, then all others that are there too.
    pub functions: Vec<Plan>,
    /// `inputs/default.json` of the folder, if it is there.
    pub default_input: Option<PathBuf>,
    /// The files with warnings.
    pub reports: Vec<Report>,
}

/// A function before its component is built.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The name that definitions call it by.
    pub name: String,
    /// What it is made of.
    pub code: Code,
    /// What one call may use.
    pub limits: Limits,
    /// What it may reach.
    pub grants: Grants,
    /// It may be entered again after the host died in the middle of a call.
    pub is_idempotent: bool,
}

/// What a function is made of. Was there when the project was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// The folder of a task crate, with its Cargo.toml.
    Crate(PathBuf),
    /// A finished component.
    Component(PathBuf),
}

impl Code {
    fn path(&self) -> &Path {
        match self {
            Code::Crate(path) | Code::Component(path) => path,
        }
    }
}

/// Opens the workflow at `path`: a folder, a template or a definition.
///
/// # Errors
/// What cannot be used ([`Exit::Usage`]); the text holds every problem with its place. Also a cargo
/// workspace that cannot be read ([`Exit::Build`]).
pub fn open(path: &Path, options: &Options) -> Result<Project, Failure> {
    let current_dir = std::env::current_dir()
        .map_err(|error| Failure::host(format!("cannot find the current folder: {error}")))?;
    open_from(path, options, &current_dir)
}

/// [`open`], with the current folder given: the second place where the search for `tasks/` begins.
fn open_from(path: &Path, options: &Options, current_dir: &Path) -> Result<Project, Failure> {
    match Target::of(path)? {
        Target::Folder(folder) => match options.template.clone().or_else(|| template_in(&folder)) {
            Some(file) => with_template(folder, TemplateFile::read(&file)?, options),
            None => {
                let definition = target::only_definition_in(&folder)?;
                bare(&definition, Some(&folder), options, current_dir)
            }
        },
        Target::Template(file) if options.template.is_some() => {
            let text = format!(
                "--template is for a definition; {} is a template",
                shown(&file)
            );
            Err(Failure::usage(text))
        }
        Target::Template(file) => {
            let template = TemplateFile::read(&file)?;
            with_template(target::folder_of(&file), template, options)
        }
        Target::Definition(file) => bare(&file, None, options, current_dir),
    }
}

/// A folder with a template: one of its machines, or the folder's definition if it declares none.
fn with_template(
    folder: PathBuf,
    template: TemplateFile,
    options: &Options,
) -> Result<Project, Failure> {
    if template.template.is_none() {
        return Err(refused(vec![template.report]));
    }
    let Some(machine) = choose(&template, options.machine.as_deref())? else {
        let definition = Definition::read(
            &target::only_definition_in(&folder)?,
            asl::Options::default(),
        )?;
        let search = Search::Only(template);
        let made = Made {
            name: definition.name.clone(),
            workflow: Workflow::Standard,
        };
        return assemble(made, definition, search, Some(&folder));
    };
    let made = Made {
        name: machine.name.clone(),
        workflow: workflow_of(machine.kind),
    };
    match template.definition(machine, asl::Options::default()) {
        Ok(definition) => assemble(made, definition, Search::Only(template), Some(&folder)),
        Err(problem) => {
            let mut report = template.report;
            report.diagnostics.extend(problem);
            Err(refused(vec![report]))
        }
    }
}

/// A definition without a template of its own. One that lies beside it is read for its functions, so
/// that limits and grants are never lost by naming the definition in the place of its folder.
fn bare(
    file: &Path,
    folder: Option<&Path>,
    options: &Options,
    current_dir: &Path,
) -> Result<Project, Failure> {
    if options.machine.is_some() {
        let text = format!(
            "--machine names one of a template's state machines; {} is a definition",
            shown(file)
        );
        return Err(Failure::usage(text));
    }
    let definition = Definition::read(file, asl::Options::default())?;
    let own_folder = target::folder_of(file);
    let mut folder = folder;
    let mut made = Made {
        name: definition.name.clone(),
        workflow: Workflow::Standard,
    };
    let beside = template_in(&target::folder_of(file));
    let template = match options.template.as_deref().or(beside.as_deref()) {
        Some(path) => Some(TemplateFile::read(path)?),
        None => None,
    };
    if let Some(template) = template
        .as_ref()
        .filter(|template| template.template.is_none())
    {
        let failure = refused(vec![template.report.clone()]);
        return Err(match options.template {
            Some(_) => failure,
            None => failure.with_help(
                "a template beside a definition is read for its functions; --template FILE names another",
            ),
        });
    }
    if let Some(machine) = template
        .as_ref()
        .and_then(|template| template.machine_of(file))
    {
        made.name.clone_from(&machine.name);
        made.workflow = workflow_of(machine.kind);
        // It is that workflow, whatever it was named by: its default input comes along.
        folder = Some(&own_folder);
    }
    let search = match (template, &options.template) {
        (Some(template), Some(_)) => Search::Only(template),
        (template, _) => Search::around(template, &target::folder_of(file), current_dir),
    };
    assemble(made, definition, search, folder)
}

/// What `run` would not find of the functions that a bare definition calls, as warnings.
pub(crate) fn unknown_functions(file: &Path, definition: &Definition) -> Vec<Diagnostic> {
    if definition.calls.is_empty() {
        return Vec::new();
    }
    let folder = target::folder_of(file);
    let beside = template_in(&folder).and_then(|path| TemplateFile::read(&path).ok());
    let beside = beside.filter(|template| template.template.is_some());
    let current_dir = std::env::current_dir().unwrap_or_default();
    functions::unknown(
        &definition.calls,
        &Search::around(beside, &folder, &current_dir),
    )
}

/// What a machine is created with, beside its definition.
struct Made {
    name: String,
    workflow: Workflow,
}

fn assemble(
    made: Made,
    definition: Definition,
    search: Search,
    folder: Option<&Path>,
) -> Result<Project, Failure> {
    let mut reports: Vec<Report> = search.report().into_iter().collect();
    let Some(machine) = definition.machine else {
        reports.push(definition.report);
        return Err(refused(diagnostics::merge(reports)));
    };
    let functions = functions::resolve(&definition.calls, &definition.report.file, &search)?;
    reports.push(definition.report);
    let default_input = folder
        .map(|folder| folder.join(DEFAULT_INPUT))
        .filter(|path| path.is_file());
    Ok(Project {
        machine_name: made.name,
        machine: Arc::new(machine),
        workflow: made.workflow,
        functions,
        default_input,
        reports: diagnostics::merge(reports),
    })
}

/// The machine that is meant; `None` if the template has none and none is asked for.
fn choose<'a>(
    template: &'a TemplateFile,
    wanted: Option<&str>,
) -> Result<Option<&'a template::StateMachine>, Failure> {
    let machines = template.machines();
    let file = &template.report.file.name;
    let all: Vec<&str> = machines
        .iter()
        .map(|machine| machine.name.as_str())
        .collect();
    match (wanted, machines) {
        (None, []) => Ok(None),
        (None, [only]) => Ok(Some(only)),
        (None, _) => {
            let text = format!("{} has several state machines", file);
            Err(Failure::usage(text)
                .with_help(format!("name one with --machine: {}", all.join(", "))))
        }
        (Some(wanted), _) => match machines.iter().find(|machine| machine.name == wanted) {
            Some(machine) => Ok(Some(machine)),
            None => {
                let text = format!("{} has no state machine `{}`", file, clean(wanted));
                Err(Failure::usage(text).with_help(
                    match source::nearest(wanted, all.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None if all.is_empty() => "it declares none".to_owned(),
                        None => format!("it has {}", all.join(", ")),
                    },
                ))
            }
        },
    }
}

fn workflow_of(kind: Kind) -> Workflow {
    match kind {
        Kind::Standard => Workflow::Standard,
        Kind::Express => Workflow::Express,
    }
}

/// The failure that shows the problems of files.
fn refused(reports: Vec<Report>) -> Failure {
    let names: Vec<&str> = reports
        .iter()
        .filter(|report| diagnostics::count(std::slice::from_ref(report)).errors > 0)
        .map(|report| report.file.name.as_str())
        .collect();
    let verb = if names.len() == 1 { "has" } else { "have" };
    let text = format!(
        "{} {verb} {}\n\n{}",
        names.join(", "),
        diagnostics::count(&reports),
        diagnostics::render(&reports).trim_end()
    );
    Failure::usage(text)
}

impl Project {
    /// Builds what changed and reads the components, one for each of [`Project::functions`], in their
    /// order. Without a crate among them, cargo is not needed.
    ///
    /// # Errors
    /// The first thing that failed, with [`Exit::Build`].
    pub fn build(&self, progress: &mut dyn FnMut(Progress)) -> Result<Vec<FunctionSpec>, Failure> {
        let components = self.components(progress).map_err(tasks::build_failure)?;
        self.functions
            .iter()
            .zip(components)
            .map(|(plan, component)| {
                let wasm =
                    read_bounded(&component, COMPONENT_BYTES_MAX).map_err(|failure| Failure {
                        exit: Exit::Build,
                        ..failure
                    })?;
                Ok(FunctionSpec {
                    name: plan.name.clone(),
                    wasm,
                    limits: plan.limits,
                    grants: plan.grants.clone(),
                    is_idempotent: plan.is_idempotent,
                })
            })
            .collect()
    }

    /// The component files, built where there is something to build.
    fn components(
        &self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Vec<PathBuf>, taskbuild::Error> {
        let codes = || self.functions.iter().map(|plan| &plan.code);
        let Some(any) = codes().find(|code| matches!(code, Code::Crate(_))) else {
            return Ok(codes().map(|code| code.path().to_owned()).collect());
        };
        let builder = Builder::new(any.path())?;
        let tasks = codes()
            .map(|code| builder.task_at(code.path()))
            .collect::<Result<Vec<_>, _>>()?;
        let built = builder.build(&tasks, progress)?;
        Ok(built.into_iter().map(|built| built.wasm).collect())
    }
}
