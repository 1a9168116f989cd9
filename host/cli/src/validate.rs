//! `stepwell validate`: every problem of definitions and templates, with its place in the text.
//!
//! The problems are this command's data and go to stdout; how many there are goes to stderr. Nothing
//! is built. A function that nobody provides is an error in a template, which is the one place for them,
//! and a warning in a bare definition, which may be on its way to where its functions are.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::commands::Output;
use crate::diagnostics::{self, Count, Report};
use crate::exit::{self, Exit, Failure};
use crate::project::{self, Definition, Places, Target, TemplateFile};

/// What can be said to `stepwell validate`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Definitions (JSON or YAML), templates, or workflow folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Fail on warnings too
    #[arg(long)]
    deny_warnings: bool,
    /// Also warn of matters of taste: a Task without a time limit
    #[arg(long)]
    pedantic: bool,
    /// How the problems are printed
    #[arg(long, value_enum, default_value_t)]
    output: Output,
}

/// Checks everything that was named and shows what there is to say, in the order of the paths.
///
/// # Errors
/// A path that cannot be read; problems in a file are no error of this command, but its exit code
/// tells of them.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let options = asl::Options {
        pedantic: args.pedantic,
    };
    let mut reports = Vec::new();
    for path in &args.paths {
        reports.extend(check(path, options)?);
    }
    let reports = diagnostics::merge(reports);
    let count = diagnostics::count(&reports);
    let is_ok = count.errors == 0 && (count.warnings == 0 || !args.deny_warnings);
    let mut stdout = anstream::stdout();
    match args.output {
        Output::Json => {
            let document = diagnostics::to_json(&reports, is_ok);
            exit::unless_closed(writeln!(stdout, "{document}"))?;
        }
        Output::Text => {
            exit::unless_closed(write!(stdout, "{}", diagnostics::render(&reports)))?;
            exit::unless_closed(stdout.flush())?;
            // Talk: the exit code says the same.
            let _ = writeln!(anstream::stderr(), "{}", verdict(reports.len(), count));
        }
    }
    exit::unless_closed(stdout.flush())?;
    Ok(if is_ok { Exit::Succeeded } else { Exit::Failed })
}

/// `2 files checked: 1 error`.
fn verdict(files: usize, count: Count) -> String {
    let plural = if files == 1 { "" } else { "s" };
    format!("{files} file{plural} checked: {count}")
}

fn check(path: &Path, options: asl::Options) -> Result<Vec<Report>, Failure> {
    match Target::of(path)? {
        Target::Definition(file) => Ok(vec![check_definition(&file, options)?]),
        Target::Template(file) => check_template(&file, options),
        Target::Folder(folder) => match project::template_in(&folder) {
            Some(template) => check_template(&template, options),
            None => project::definitions_in(&folder)?
                .iter()
                .map(|file| check_definition(file, options))
                .collect(),
        },
    }
}

/// A definition by itself, and whether its functions are found around it.
fn check_definition(file: &Path, options: asl::Options) -> Result<Report, Failure> {
    let definition = Definition::read(file, options)?;
    let unknown = project::unknown_functions(file, &definition);
    let mut report = definition.report;
    report.diagnostics.extend(unknown);
    Ok(report)
}

/// The template, the definitions of its machines, and whether each finds its functions there.
fn check_template(path: &Path, options: asl::Options) -> Result<Vec<Report>, Failure> {
    let template = TemplateFile::read(path)?;
    let mut own = template.report.clone();
    own.diagnostics.extend(template.check());
    let functions = template.functions().iter();
    let known: Vec<&str> = functions.map(|function| function.name.as_str()).collect();
    let places = Places::Template(own.file.name.clone());
    let mut reports = Vec::new();
    for machine in template.machines() {
        match template.definition(machine, options) {
            Ok(definition) => {
                let mut report = definition.report;
                let missing = project::missing(&definition.calls, &known, &places);
                report.diagnostics.extend(missing);
                reports.push(report);
            }
            Err(problems) => own.diagnostics.extend(problems),
        }
    }
    reports.insert(0, own);
    Ok(reports)
}
