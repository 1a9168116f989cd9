//! UpdateStateMachine.

use std::sync::Arc;

use runtime::machines::MachineUpdate;
use serde_json::{Map, Value};

use super::{definition, machine_arn, machine_wire};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::{ARN_CHARS_MAX, DESCRIPTION_CHARS_MAX};
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "UpdateStateMachine",
    route: None,
    resource: machine_arn::machine_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let (arn, update) = read(&call)?;
    let updated = call.services.machines.update(arn, &update).await?;
    let mut answer = Map::new();
    answer.insert("updateDate".to_owned(), epoch_seconds(updated.update_date));
    if let Some(revision_id) = updated.revision_id {
        answer.insert("revisionId".to_owned(), Value::from(&*revision_id));
    }
    if let Some(version_arn) = updated.version_arn {
        answer.insert("stateMachineVersionArn".to_owned(), version_arn.into());
    }
    Ok(Value::Object(answer).into())
}

fn read(call: &Call) -> Result<(&str, MachineUpdate), ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("stateMachineArn", 1, ARN_CHARS_MAX);
    let text = definition::given(&mut members);
    let role_arn = members.sized_text("roleArn", 1, ARN_CHARS_MAX);
    let logging = machine_wire::logging(&mut members);
    let tracing_enabled = machine_wire::tracing_enabled(&mut members);
    let publish = members.flag("publish").unwrap_or_default();
    let description = members.sized_text("versionDescription", 0, DESCRIPTION_CHARS_MAX);
    let encryption = machine_wire::encryption(&mut members);
    members.finish()?;

    let arn = machine_arn::unqualified(arn)?;
    // Whether there is such a machine is told before what is wrong with the rest.
    let machine = call.services.machines.usable(arn)?;
    let has_any = text.is_some()
        || role_arn.is_some()
        || logging.is_some()
        || tracing_enabled.is_some()
        || encryption.is_some();
    if !has_any {
        return Err(ApiError::new(
            "MissingRequiredParameter",
            "Either the definition, the role ARN, the LoggingConfiguration, or the \
             TracingConfiguration must be specified",
        ));
    }
    role_arn.map_or(Ok(()), machine_wire::check_role)?;
    machine_wire::check_version_description(publish, description)?;
    let definition = match text {
        Some(text) => Some((Arc::from(text), definition::parse(text, machine.kind)?)),
        None => None,
    };
    let update = MachineUpdate {
        definition,
        role_arn: role_arn.map(str::to_owned),
        logging: logging.map(machine_wire::checked_logging).transpose()?,
        tracing_enabled,
        encryption: encryption
            .map(machine_wire::checked_encryption)
            .transpose()?,
        publish,
        version_description: description.map(str::to_owned),
    };
    Ok((arn, update))
}
