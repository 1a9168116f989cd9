//! `stepwell keys`: who may sign requests, and what they may do.
//!
//! Works on the key files of a data folder, whether or not a server runs on it: what is changed counts from
//! the next request on. A secret is on stdout once, when its key is made, and nowhere else.

mod rule;
mod show;

use std::io::Write as _;
use std::path::PathBuf;

use clap::Subcommand;
use runtime::keys::{Effect, Key, KeyError, KeyId, Statement, check_name};
use runtime::{Clock, Keys};

use crate::commands::Output;
use crate::exit::{self, Exit, Failure};
use crate::serve::{DATA_FOLDER, KEYS};
use rule::Rule;

/// What can be said to `stepwell keys`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// The data folder of the server
    #[arg(long, global = true, value_name = "DIR", env = "STEPWELL_DATA_DIR", default_value = DATA_FOLDER)]
    data_dir: PathBuf,
    /// How the result is printed
    #[arg(long, global = true, value_enum, default_value_t)]
    output: Output,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a key and print its id and its secret, which is never shown again
    Create {
        /// Whose key it is, as messages name them
        #[arg(long, value_parser = name)]
        name: Option<String>,
        /// What it may do, on which resources; `*`: everything
        #[arg(long, value_name = "ACTION[=RESOURCE]", required = true)]
        allow: Vec<Rule>,
        /// What it may not do, whatever is allowed
        #[arg(long, value_name = "ACTION[=RESOURCE]")]
        deny: Vec<Rule>,
    },
    /// Show all keys
    List,
    /// Show a key and what it may do
    Show {
        #[arg(value_parser = id)]
        id: KeyId,
    },
    /// Let a key do more
    Allow(Change),
    /// Deny something to a key, whatever else it is allowed
    Deny(Change),
    /// Take back what was allowed or denied, said as it was said then
    Revoke(Change),
    /// Refuse a key until it is enabled again
    Disable {
        #[arg(value_parser = id)]
        id: KeyId,
    },
    /// Take a key again that was disabled
    Enable {
        #[arg(value_parser = id)]
        id: KeyId,
    },
    /// Remove a key for ever
    Delete {
        #[arg(value_parser = id)]
        id: KeyId,
    },
}

#[derive(Debug, clap::Args)]
struct Change {
    #[arg(value_parser = id)]
    id: KeyId,
    /// An action, or many by * and ?; with = the resources, as ARNs with * and ?
    #[arg(value_name = "ACTION[=RESOURCE]", required = true)]
    rules: Vec<Rule>,
}

/// Does what is asked to the keys of a data folder.
///
/// # Errors
/// A key that is not there; key files that cannot be read or written.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let keys = Keys::new(args.data_dir.join(KEYS));
    let text = match &args.command {
        Command::Create { name, allow, deny } => {
            let rules = [(Effect::Allow, allow), (Effect::Deny, deny)];
            let statements = rules
                .into_iter()
                .flat_map(|(effect, rules)| rules.iter().map(move |rule| rule.statement(effect)));
            let statements: Vec<Statement> = statements.collect();
            let key = keys.create(name.clone(), statements, Clock::real().now())?;
            talk(&format!(
                "key {} made; this is the only time that its secret is shown",
                key.id
            ));
            show::created(&key, args.output)
        }
        Command::List => return list(&keys, args.output),
        Command::Show { id } => show::one(&*keys.get(id)?, args.output),
        Command::Allow(change) => grant(&keys, change, Effect::Allow, args.output)?,
        Command::Deny(change) => grant(&keys, change, Effect::Deny, args.output)?,
        Command::Revoke(change) => revoke(&keys, change, args.output)?,
        Command::Disable { id } => able(&keys, id, false, args.output)?,
        Command::Enable { id } => able(&keys, id, true, args.output)?,
        Command::Delete { id } => {
            keys.delete(id)?;
            talk(&format!("key {id} deleted"));
            String::new()
        }
    };
    print(&text)?;
    Ok(Exit::Succeeded)
}

/// All that can be read; each that cannot is told of, and the exit code says that there was one.
fn list(keys: &Keys, output: Output) -> Result<Exit, Failure> {
    let mut readable = Vec::new();
    let mut exit = Exit::Succeeded;
    for key in keys.list()? {
        match key {
            Ok(key) => readable.push(key),
            Err(error) => {
                talk(&error.to_string());
                exit = Exit::Host;
            }
        }
    }
    print(&show::all(&readable, output))?;
    Ok(exit)
}

fn grant(keys: &Keys, change: &Change, effect: Effect, output: Output) -> Result<String, Failure> {
    edit(keys, &change.id, output, |key| {
        for rule in &change.rules {
            let statement = rule.statement(effect);
            if !key.statements.contains(&statement) {
                key.statements.push(statement);
            }
        }
        Ok(())
    })
}

fn revoke(keys: &Keys, change: &Change, output: Output) -> Result<String, Failure> {
    edit(keys, &change.id, output, |key| {
        for rule in &change.rules {
            let before = key.statements.len();
            let is_other = |statement: &Statement| {
                *statement != rule.statement(Effect::Allow)
                    && *statement != rule.statement(Effect::Deny)
            };
            key.statements.retain(is_other);
            if key.statements.len() == before {
                let text = format!("{rule} is neither allowed nor denied to {}", change.id);
                let help = format!("`stepwell keys show {}` shows what is", change.id);
                return Err(Failure::usage(text).with_help(help));
            }
        }
        Ok(())
    })
}

fn able(keys: &Keys, id: &KeyId, is_able: bool, output: Output) -> Result<String, Failure> {
    edit(keys, id, output, |key| {
        key.disabled = !is_able;
        Ok(())
    })
}

fn edit(
    keys: &Keys,
    id: &KeyId,
    output: Output,
    change: impl FnOnce(&mut Key) -> Result<(), Failure>,
) -> Result<String, Failure> {
    let mut key = Key::clone(&*keys.get(id)?);
    change(&mut key)?;
    keys.save(&key)?;
    Ok(show::one(&key, output))
}

fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::stdout();
    exit::unless_closed(write!(stdout, "{text}"))?;
    exit::unless_closed(stdout.flush())
}

fn talk(text: &str) {
    // The exit code says the same.
    let _ = writeln!(anstream::stderr(), "{text}");
}

fn id(text: &str) -> Result<KeyId, &'static str> {
    KeyId::parse(text).ok_or("no id of a key: 16 to 32 capital letters and digits")
}

fn name(text: &str) -> Result<String, String> {
    match check_name(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Failure {
        let text = error.to_string();
        match error {
            KeyError::NoSuchKey(_) => Failure::usage(text)
                .with_help("`stepwell keys list` shows the keys of the data folder"),
            KeyError::Io { .. } | KeyError::Unreadable { .. } | KeyError::TooLarge { .. } => {
                Failure::host(text)
            }
        }
    }
}
