//! One `cargo build`, its two streams read side by side.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::Child;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use crate::limits::WAITING_LINES_MAX;
use crate::messages::{self, Component};
use crate::progress::Progress;
use crate::target::TARGET;
use crate::toolchain::Toolchain;
use crate::{Error, error};

/// The profile of the guests.
pub(crate) const PROFILE: &str = "guest";

/// What [`PROFILE`] is where a workspace does not say it: small to load, quick to run.
const PROFILE_DEFAULT: [&str; 6] = [
    "profile.guest.inherits=\"release\"",
    "profile.guest.opt-level=3",
    "profile.guest.lto=true",
    "profile.guest.codegen-units=1",
    "profile.guest.panic=\"abort\"",
    "profile.guest.strip=true",
];

/// What the two readers of a child's output send.
enum Line {
    Stdout(String),
    Stderr(String),
    Broken(io::Error),
}

/// How one cargo call ended.
enum Ended {
    Well(Vec<Component>),
    Badly(String),
}

/// Builds `packages` of the workspace of `dir` in one call. After it, every component that the
/// packages give is up to date; those of packages that give none are missing from the answer.
/// A workspace without the profile `guest` gets this crate's.
///
/// # Errors
/// [`Error::Compile`] with cargo's diagnostics; [`Error::Tool`] when cargo cannot be started.
pub(crate) fn build(
    toolchain: &Toolchain,
    dir: &Path,
    packages: &[&str],
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<Component>, Error> {
    let mut ended = run(toolchain, dir, packages, &[], progress)?;
    if matches!(&ended, Ended::Badly(stderr) if messages::lacks_profile(stderr, PROFILE)) {
        progress(Progress::Note(format!(
            "{} has no [profile.{PROFILE}]: building with the built-in one",
            dir.display()
        )));
        ended = run(toolchain, dir, packages, &PROFILE_DEFAULT, progress)?;
    }
    match ended {
        Ended::Well(components) => Ok(components),
        Ended::Badly(stderr) => Err(Error::Compile {
            packages: packages
                .iter()
                .map(|package| (*package).to_owned())
                .collect(),
            diagnostics: error::bounded(&stderr),
        }),
    }
}

fn run(
    toolchain: &Toolchain,
    dir: &Path,
    packages: &[&str],
    config: &[&str],
    progress: &mut dyn FnMut(Progress),
) -> Result<Ended, Error> {
    let program = || toolchain.cargo.display().to_string();
    let mut command = Toolchain::command(&toolchain.cargo, dir);
    command.args([
        "build",
        "--lib",
        "--target",
        TARGET,
        "--profile",
        PROFILE,
        "--color=never",
    ]);
    command.arg("--message-format=json-render-diagnostics");
    command.args(packages.iter().flat_map(|package| ["--package", package]));
    command.args(config.iter().flat_map(|value| ["--config", value]));
    let mut child = command.spawn().map_err(|source| Error::Tool {
        program: program(),
        source,
    })?;
    let read = follow(&mut child, progress);
    let status = child.wait().map_err(|source| Error::Output {
        program: program(),
        source,
    })?;
    let (components, stderr) = read.map_err(|source| Error::Output {
        program: program(),
        source,
    })?;
    Ok(if status.success() {
        Ended::Well(components)
    } else {
        Ended::Badly(stderr)
    })
}

/// Reads both streams of `child` to their ends; either alone could fill its pipe and stop cargo.
fn follow(
    child: &mut Child,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Vec<Component>, String), io::Error> {
    let (sender, lines) = sync_channel(WAITING_LINES_MAX);
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();
    thread::scope(|scope| {
        let errors = sender.clone();
        scope.spawn(move || send_lines(stdout, &sender, Line::Stdout));
        scope.spawn(move || send_lines(stderr, &errors, Line::Stderr));
        let mut components = Vec::new();
        let mut text = String::new();
        let mut broken = None;
        for line in lines {
            match line {
                Line::Stdout(line) => components.extend(messages::component(&line)),
                Line::Stderr(line) => {
                    text.push_str(&line);
                    text.push('\n');
                    match messages::compiling(&line) {
                        Some(package) => progress(Progress::Compiling { package }),
                        // Not an error to whoever watches: the next call knows what to do.
                        None if messages::lacks_profile(&line, PROFILE) => {}
                        None => progress(Progress::CargoLine(line)),
                    }
                }
                Line::Broken(error) => broken = Some(error),
            }
        }
        broken.map_or(Ok((components, text)), Err)
    })
}

/// Sends the lines of `stream` until it ends. Text that is not UTF-8 (a path in a diagnostic may
/// hold any byte) is sent with replacement characters.
fn send_lines(stream: Option<impl Read>, lines: &SyncSender<Line>, wrap: fn(String) -> Line) {
    let Some(stream) = stream else { return };
    for line in BufReader::new(stream).split(b'\n') {
        let line = match line {
            Ok(bytes) => wrap(
                String::from_utf8_lossy(&bytes)
                    .trim_end_matches('\r')
                    .to_owned(),
            ),
            Err(error) => Line::Broken(error),
        };
        let ends = matches!(line, Line::Broken(_));
        // No receiver is left only when the reader of the progress is gone; nobody wants the rest.
        if lines.send(line).is_err() || ends {
            return;
        }
    }
}
