//! The command line: what there is to type.

use std::io::Write as _;

use clap::{Parser, Subcommand, ValueEnum};

use crate::exit::{self, Exit};
use crate::terminal::ERROR;
use crate::{keys, run, serve, validate};

/// AWS Step Functions that you host yourself, with WebAssembly in the place of Lambda.
#[derive(Debug, Parser)]
#[command(name = "stepwell", version, after_help = exit::HELP)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the AWS API, and keep everything in a data folder.
    Serve(serve::Args),
    /// Say who may use the server, and for what.
    Keys(keys::Args),
    /// Run a workflow in memory and show what happens, state by state.
    Run(run::Args),
    /// Check definitions and templates and show every problem with its place.
    Validate(validate::Args),
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// For people.
    #[default]
    Text,
    /// One JSON document on stdout, for programs.
    Json,
}

/// Does what the command line says and tells how it went.
pub fn run() -> Exit {
    let done = match CommandLine::parse().command {
        Command::Serve(args) => serve::run(&args),
        Command::Keys(args) => keys::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Validate(args) => validate::run(&args),
    };
    done.unwrap_or_else(|failure| {
        let mut stderr = anstream::stderr();
        // Where stderr is gone there is nobody left to tell; the exit code still says it.
        let _ = writeln!(stderr, "{ERROR}error:{ERROR:#} {}", failure.text);
        if let Some(help) = &failure.help {
            let _ = writeln!(stderr, "help: {help}");
        }
        failure.exit
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        super::CommandLine::command().debug_assert();
    }
}
