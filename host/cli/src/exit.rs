//! How the command ended: one exit code for each thing a caller may want to tell apart.

use std::process::ExitCode;

/// Exit codes. Documented in `--help` and in docs/cli.md; a number is never given a second meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The execution SUCCEEDED; for `validate`: no errors.
    Succeeded = 0,
    /// The execution FAILED; for `validate`: errors.
    Failed = 1,
    /// Command line, input, template or definition cannot be used. clap uses the same number.
    Usage = 2,
    /// The execution TIMED_OUT.
    TimedOut = 3,
    /// The execution was ABORTED: somebody stopped it.
    Aborted = 4,
    /// A task could not be built, or its component was refused.
    Build = 5,
    /// A callback came and there was nobody to answer it.
    Unanswered = 6,
    /// The host itself failed.
    Host = 7,
}

/// What `--help` says of them.
pub const HELP: &str = "\
Exit codes:
  0  the execution SUCCEEDED; validate: no errors
  1  the execution FAILED; validate: errors
  2  the command line, input, template or definition cannot be used
  3  the execution TIMED_OUT
  4  the execution was ABORTED (Ctrl-C)
  5  a task could not be built, or its component was refused
  6  a callback came, and there was neither a terminal nor an --answer
  7  the host itself failed";

impl From<engine::Status> for Exit {
    fn from(status: engine::Status) -> Exit {
        match status {
            engine::Status::Succeeded => Exit::Succeeded,
            engine::Status::Failed => Exit::Failed,
            engine::Status::TimedOut => Exit::TimedOut,
            engine::Status::Aborted => Exit::Aborted,
            // An execution that is over does not run.
            engine::Status::Running => Exit::Host,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command gave up, and the exit code of that. Its text is shown after `error: `.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct Failure {
    /// How the command ends.
    pub exit: Exit,
    /// What is wrong.
    pub text: String,
    /// What to do about it, shown on a line of its own.
    pub help: Option<String>,
}

impl Failure {
    /// What was given cannot be used.
    pub fn usage(text: impl Into<String>) -> Failure {
        Failure::new(Exit::Usage, text)
    }

    /// The host failed.
    pub fn host(text: impl Into<String>) -> Failure {
        Failure::new(Exit::Host, text)
    }

    /// With an exit code of its own.
    pub fn new(exit: Exit, text: impl Into<String>) -> Failure {
        Failure {
            exit,
            text: text.into(),
            help: None,
        }
    }

    /// The same, with a word on what to do.
    pub fn with_help(mut self, help: impl Into<String>) -> Failure {
        self.help = Some(help.into());
        self
    }
}

/// A reader that has seen enough (`| head`) is no failure of ours.
///
/// # Errors
/// Whatever else went wrong with the output.
pub fn unless_closed(written: std::io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// The output cannot be written.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::host(format!("cannot write the output: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_code() {
        let codes = [
            Exit::Succeeded,
            Exit::Failed,
            Exit::Usage,
            Exit::TimedOut,
            Exit::Aborted,
            Exit::Build,
            Exit::Unanswered,
            Exit::Host,
        ];
        for (number, code) in codes.into_iter().enumerate() {
            assert_eq!(code as usize, number);
            assert!(HELP.contains(&format!("\n  {number}  ")), "{number}");
        }
    }
}
