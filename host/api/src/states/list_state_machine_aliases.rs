//! ListStateMachineAliases: those of a machine, or those that lead to one version of it.

use runtime::machines::{Alias, Qualifier};
use serde_json::{Value, json};

use super::machine_arn;
use super::page::{Asked, listed};
use super::page_token::Scope;
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::ARN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ListStateMachineAliases",
    route: None,
    resource: machine_arn::machine_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("stateMachineArn", 1, ARN_CHARS_MAX);
    let asked = Asked::read(&mut members);
    members.finish()?;
    let parsed = machine_arn::parse(arn)?;
    let machines = &call.services.machines;
    let scope = Scope::of(OPERATION.name).with(Some(arn));
    let page = asked.page(scope, call.services.clock.now())?;
    machines.usable(parsed.machine)?;
    let mut aliases = machines.aliases(parsed.machine)?;
    match parsed.qualifier {
        None => {}
        Some(Qualifier::Version(number)) => {
            machines.version(parsed.machine, number)?;
            aliases.retain(|alias| alias.routes.iter().any(|route| route.version == number));
        }
        Some(Qualifier::Alias(_) | Qualifier::Label(_)) => {
            machine_arn::unqualified(arn)?;
        }
    }
    if let Some(after) = &page.after {
        aliases.retain(|alias| place(alias) > *after);
    }
    aliases.truncate(page.rows());
    let next_token = page.cut(&mut aliases, place);
    let items: Vec<Value> = aliases
        .iter()
        .map(|alias| {
            json!({
                "stateMachineAliasArn": format!("{}:{}", parsed.machine, alias.name),
                "creationDate": epoch_seconds(alias.creation_date),
            })
        })
        .collect();
    Ok(listed("stateMachineAliases", items, next_token))
}

/// Where an alias is in the list: by the time of its making, and by its name where that does not tell.
fn place(alias: &Alias) -> String {
    format!("{:020}:{}", alias.creation_date.0, alias.name)
}
