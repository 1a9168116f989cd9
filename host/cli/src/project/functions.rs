//! From the functions that a definition calls to those that are there: the template first, then the
//! crates of the nearest `tasks/` folders. What nobody provides is told at once, with its places.

use std::path::{Component, Path, PathBuf};

use source::Diagnostic;

use super::calls::Call;
use super::template_file::TemplateFile;
use super::{Plan, refused, tasks};
use crate::diagnostics::Report;
use crate::exit::Failure;
use crate::sources::{SourceFile, shown};

/// Ours: a function that is not there. The service sees it only when the state runs.
const FUNCTION_NOT_FOUND: &str = "FUNCTION_NOT_FOUND";

/// Where functions are looked for.
#[derive(Debug)]
pub(super) enum Search {
    /// In this template and nowhere else: it is the one place for limits, grants and names.
    Only(TemplateFile),
    /// In the template that lies beside the definition, and in `tasks/` folders, the nearest to the
    /// definition first.
    Around(Option<TemplateFile>, Vec<PathBuf>),
}

impl Search {
    /// Around a definition: the second place where the search for `tasks/` begins is the current
    /// folder.
    pub(super) fn around(
        template: Option<TemplateFile>,
        definition_folder: &Path,
        current_dir: &Path,
    ) -> Search {
        let mut folders: Vec<PathBuf> = Vec::new();
        for folder in [definition_folder, current_dir]
            .into_iter()
            .filter_map(tasks::nearest)
        {
            let is_same = |known: &PathBuf| known.canonicalize().ok() == folder.canonicalize().ok();
            if !folders.iter().any(is_same) {
                folders.push(folder);
            }
        }
        Search::Around(template, folders)
    }

    fn template(&self) -> Option<&TemplateFile> {
        match self {
            Search::Only(template) => Some(template),
            Search::Around(template, _) => template.as_ref(),
        }
    }

    fn folders(&self) -> &[PathBuf] {
        match self {
            Search::Only(_) => &[],
            Search::Around(_, folders) => folders,
        }
    }

    /// What there is to say of the template.
    pub(super) fn report(&self) -> Option<Report> {
        self.template().map(|template| template.report.clone())
    }

    fn places(&self) -> Places {
        let template = self
            .template()
            .map(|template| template.report.file.name.clone());
        match self {
            Search::Only(_) => Places::Template(template.unwrap_or_default()),
            Search::Around(_, folders) => {
                let folders = folders.iter().map(|folder| nearby(folder));
                Places::Around(template.into_iter().chain(folders).collect())
            }
        }
    }
}

/// A folder as it is reached from the current one, where it lies inside of it or beside one of the
/// folders above it; any other as it is.
fn nearby(folder: &Path) -> String {
    let current = std::env::current_dir().unwrap_or_default();
    if let Ok(inside) = folder.strip_prefix(&current) {
        return shown(inside);
    }
    let above = folder
        .parent()
        .and_then(|parent| current.strip_prefix(parent).ok());
    match (above, folder.file_name()) {
        (Some(below), Some(name)) => {
            let mut way: PathBuf = below.components().map(|_| Component::ParentDir).collect();
            way.push(name);
            shown(&way)
        }
        _ => shown(folder),
    }
}

/// Where functions were looked for, in words.
#[derive(Debug)]
pub(crate) enum Places {
    /// This template.
    Template(String),
    /// These files and folders.
    Around(Vec<String>),
}

impl Places {
    fn label(&self) -> String {
        match self {
            Places::Template(name) => format!("{name} has no function of this name"),
            Places::Around(places) if places.is_empty() => {
                "there is no template.yaml beside the definition, and no tasks/ folder above it or the current folder"
                    .to_owned()
            }
            Places::Around(places) => format!("no function of this name in {}", places.join(", ")),
        }
    }

    fn advice(&self, name: &str) -> String {
        match self {
            Places::Template(_) => {
                format!("add an `AWS::Serverless::Function` with `FunctionName: {name}` to it")
            }
            Places::Around(_) => format!(
                "add a crate `{name}` to the tasks/ folder, or name a template that has it with --template FILE"
            ),
        }
    }
}

/// Warnings for the functions that a bare definition calls and `run` would not find around it. None where
/// there is nothing to look in, or it cannot be read: such a definition may be on its way to where its
/// functions are.
pub(super) fn unknown(calls: &[Call], search: &Search) -> Vec<Diagnostic> {
    if search.template().is_none() && search.folders().is_empty() {
        return Vec::new();
    }
    let mut known: Vec<String> = Vec::new();
    if let Some(template) = search.template() {
        known.extend(
            template
                .functions()
                .iter()
                .map(|function| function.name.clone()),
        );
    }
    for folder in search.folders() {
        match tasks::crates_in(folder) {
            Ok(crates) => known.extend(crates.into_iter().map(|task| task.name)),
            Err(_) => return Vec::new(),
        }
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let mut diagnostics = missing(calls, &known, &search.places());
    for diagnostic in &mut diagnostics {
        diagnostic.severity = source::Severity::Warning;
    }
    diagnostics
}

/// Plans every function that is called, each once, in the order of the calls. If a name is computed,
/// all other functions of the template, or else of the first folder, come after them.
///
/// # Errors
/// Every name that nobody provides, and what is wrong with a function that is provided.
pub(super) fn resolve(
    calls: &[Call],
    file: &SourceFile,
    search: &Search,
) -> Result<Vec<Plan>, Failure> {
    let names: Vec<&str> = calls
        .iter()
        .filter_map(|call| call.function.as_deref())
        .collect();
    let is_computed = calls.iter().any(|call| call.function.is_none());
    let mut found = Found::default();
    if let Some(template) = search.template() {
        found.take_from_template(template, &names, is_computed);
    }
    for folder in search.folders() {
        let takes_all = is_computed && found.known.is_empty();
        if takes_all || names.iter().any(|name| !found.has(name)) {
            found.take_from_folder(folder, &names, takes_all)?;
        }
    }
    let mut reports = Vec::new();
    if !found.problems.is_empty()
        && let Some(mut report) = search.report()
    {
        report.diagnostics.append(&mut found.problems);
        reports.push(report);
    }
    let known: Vec<&str> = found.known.iter().map(String::as_str).collect();
    let diagnostics = missing(calls, &known, &search.places());
    if !diagnostics.is_empty() {
        let file = file.clone();
        reports.push(Report { file, diagnostics });
    }
    match reports.is_empty() {
        true => Ok(found.in_order_of(&names)),
        false => Err(refused(reports)),
    }
}

#[derive(Default)]
struct Found {
    plans: Vec<Plan>,
    /// The names of all functions that were seen.
    known: Vec<String>,
    /// What is wrong in the template.
    problems: Vec<Diagnostic>,
}

impl Found {
    fn has(&self, name: &str) -> bool {
        self.plans.iter().any(|plan| plan.name == name)
    }

    fn take_from_template(&mut self, template: &TemplateFile, names: &[&str], takes_all: bool) {
        for function in template.functions() {
            self.known.push(function.name.clone());
            if takes_all || names.contains(&function.name.as_str()) {
                match template.plan(function) {
                    Ok(plan) => self.plans.push(plan),
                    Err(problems) => self.problems.extend(problems),
                }
            }
        }
    }

    fn take_from_folder(
        &mut self,
        folder: &Path,
        names: &[&str],
        takes_all: bool,
    ) -> Result<(), Failure> {
        for task in tasks::crates_in(folder)? {
            let is_wanted = takes_all || names.contains(&task.name.as_str());
            if is_wanted && !self.has(&task.name) {
                self.plans.push(tasks::plan(&task));
            }
            self.known.push(task.name);
        }
        Ok(())
    }

    /// In the order of `names`; what is not among them keeps its order, behind.
    fn in_order_of(self, names: &[&str]) -> Vec<Plan> {
        let mut plans = self.plans;
        plans.sort_by_cached_key(|plan| {
            let place = names.iter().position(|name| *name == plan.name);
            place.unwrap_or(names.len())
        });
        plans
    }
}

/// A problem for each call of a function that is not among `known`.
pub(crate) fn missing(calls: &[Call], known: &[&str], places: &Places) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for call in calls {
        let Some(name) = call
            .function
            .as_deref()
            .filter(|name| !known.contains(name))
        else {
            continue;
        };
        let help = match source::nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => places.advice(name),
        };
        found.push(
            Diagnostic::error(FUNCTION_NOT_FOUND, format!("There is no function `{name}`"))
                .with_span(call.span)
                .with_label(places.label())
                .with_help(help)
                .with_location(call.location.as_str()),
        );
    }
    found
}
