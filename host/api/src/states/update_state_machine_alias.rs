//! UpdateStateMachineAlias.

use serde_json::json;

use super::{alias_wire, machine_arn};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::{ARN_CHARS_MAX, DESCRIPTION_CHARS_MAX};
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "UpdateStateMachineAlias",
    route: None,
    resource: machine_arn::alias_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("stateMachineAliasArn", 1, ARN_CHARS_MAX);
    let description = members.sized_text("description", 0, DESCRIPTION_CHARS_MAX);
    let routing = alias_wire::routing(&mut members);
    members.finish()?;
    let (machine, name) = machine_arn::alias(arn)?;
    if description.is_none() && routing.is_none() {
        let text = "Either the description or the RoutingConfiguration must be specified";
        return Err(ApiError::validation(text).with("reason", "MISSING_REQUIRED_PARAMETER"));
    }
    let routes = match &routing {
        Some(given) => Some(alias_wire::checked(given)?),
        None => None,
    };
    if let Some(other) = routes
        .as_ref()
        .filter(|routes| routes.machine_arn != machine)
    {
        return Err(ApiError::validation(format!(
            "Routing configuration must contain versions of the alias's state machine, not of {}",
            other.machine_arn
        ))
        .with("reason", "INVALID_ROUTING_CONFIGURATION"));
    }
    let description = description.map(str::to_owned);
    let machines = &call.services.machines;
    let routes = routes.as_ref().map(|routes| routes.routes.as_slice());
    let updated = machines.update_alias(machine, name, description.as_ref(), routes);
    let answer = json!({ "updateDate": epoch_seconds(updated.await?) });
    Ok(answer.into())
}
