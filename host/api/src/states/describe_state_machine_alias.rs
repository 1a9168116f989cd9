//! DescribeStateMachineAlias.

use serde_json::{Map, Value};

use super::{alias_wire, machine_arn};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::ARN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DescribeStateMachineAlias",
    route: None,
    resource: machine_arn::alias_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("stateMachineAliasArn", 1, ARN_CHARS_MAX);
    members.finish()?;
    let (machine, name) = machine_arn::alias(arn)?;
    let alias = call.services.machines.alias(machine, name)?;
    let mut shown = Map::new();
    for (member, value) in [
        ("stateMachineAliasArn", Value::from(arn)),
        ("name", alias.name.into()),
        (
            "routingConfiguration",
            alias_wire::routing_value(machine, &alias.routes),
        ),
        ("creationDate", epoch_seconds(alias.creation_date)),
        ("updateDate", epoch_seconds(alias.update_date)),
    ] {
        shown.insert(member.to_owned(), value);
    }
    if let Some(description) = alias.description {
        shown.insert("description".to_owned(), description.into());
    }
    Ok(Value::Object(shown).into())
}
