//! CreateStateMachineAlias.

use serde_json::{Value, json};

use super::{alias_wire, machine_arn};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::{DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX};
use crate::operation::{Call, Operation, Reply};

/// The operation. A permission has to name the machine that the first route belongs to; routes to
/// another one are refused.
pub(super) const OPERATION: Operation = Operation {
    name: "CreateStateMachineAlias",
    route: None,
    resource: |input, _| {
        let arn = input.pointer("/routingConfiguration/0/stateMachineVersionArn");
        let machine = arn.and_then(Value::as_str).map(machine_arn::parse);
        machine
            .and_then(Result::ok)
            .map_or_else(|| "*".to_owned(), |parsed| parsed.machine.to_owned())
    },
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let description = members.sized_text("description", 0, DESCRIPTION_CHARS_MAX);
    let name = members.required("name", 1, NAME_CHARS_MAX);
    if !is_alias_name(name) {
        members.breaks(
            "name",
            name,
            r"Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$",
        );
    }
    if members.value("routingConfiguration").is_none() {
        members.missing("routingConfiguration");
    }
    let routing = alias_wire::routing(&mut members).unwrap_or_default();
    members.finish()?;
    let routes = alias_wire::checked(&routing)?;
    let description = description.map(str::to_owned);
    let machines = &call.services.machines;
    let machine_arn = &routes.machine_arn;
    let created = machines.create_alias(machine_arn, name, description.as_ref(), &routes.routes);
    let created = created.await?;
    let answer = json!({
        "stateMachineAliasArn": format!("{machine_arn}:{name}"),
        "creationDate": epoch_seconds(created.creation_date),
    });
    Ok(answer.into())
}

/// At least one character that is no digit tells an alias from a version. An empty name, which is told
/// by its length, is not told twice.
fn is_alias_name(name: &str) -> bool {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    name.is_empty()
        || (name.chars().all(is_allowed) && !name.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_alias_is_no_number() {
        for name in ["PROD", "1a", "1.0", "_", "a-b"] {
            assert!(is_alias_name(name), "{name}");
        }
        for name in ["1", "007", "a b", "a:b", "ä"] {
            assert!(!is_alias_name(name), "{name}");
        }
    }
}
