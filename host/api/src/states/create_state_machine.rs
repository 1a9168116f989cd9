//! CreateStateMachine.

use engine::Workflow;
use runtime::machines::NewMachine;
use serde_json::{Map, Value};

use super::{definition, machine_wire};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::{ARN_CHARS_MAX, DESCRIPTION_CHARS_MAX, NAME_CHARS_MAX};
use crate::names::check_name;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "CreateStateMachine",
    route: None,
    resource: |input, services| match input.get("name").and_then(Value::as_str) {
        Some(name) => services.machines.arn(name),
        None => "*".to_owned(),
    },
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let created = call.services.machines.create(read(&call.input)?).await?;
    let mut answer = Map::new();
    answer.insert("stateMachineArn".to_owned(), created.arn.into());
    let date = epoch_seconds(created.creation_date);
    answer.insert("creationDate".to_owned(), date);
    if let Some(version_arn) = created.version_arn {
        answer.insert("stateMachineVersionArn".to_owned(), version_arn.into());
    }
    Ok(Value::Object(answer).into())
}

fn read(input: &Value) -> Result<NewMachine, ApiError> {
    let mut members = Members::of(input);
    let name = members.required("name", 1, NAME_CHARS_MAX);
    let text = definition::required(&mut members);
    let role_arn = members.required("roleArn", 1, ARN_CHARS_MAX);
    let kind = members.one_of("type", &["STANDARD", "EXPRESS"]);
    let logging = machine_wire::logging(&mut members).unwrap_or_default();
    let tags = machine_wire::tags(&mut members).unwrap_or_default();
    let tracing_enabled = machine_wire::tracing_enabled(&mut members).unwrap_or_default();
    let publish = members.flag("publish").unwrap_or_default();
    let description = members.sized_text("versionDescription", 0, DESCRIPTION_CHARS_MAX);
    let encryption = machine_wire::encryption(&mut members);
    members.finish()?;

    check_name(name).map_err(|error| ApiError::new("InvalidName", error.to_string()))?;
    machine_wire::check_role(role_arn)?;
    machine_wire::check_version_description(publish, description)?;
    machine_wire::check_tags(&tags)?;
    let logging = machine_wire::checked_logging(logging)?;
    let encryption = encryption
        .map(machine_wire::checked_encryption)
        .transpose()?;
    let kind = match kind {
        Some("EXPRESS") => Workflow::Express,
        _ => Workflow::Standard,
    };
    Ok(NewMachine {
        name: name.to_owned(),
        kind,
        definition: text.into(),
        machine: definition::parse(text, kind)?,
        role_arn: role_arn.to_owned(),
        logging,
        tracing_enabled,
        encryption: encryption.unwrap_or_default(),
        tags,
        publish,
        version_description: description.map(str::to_owned),
    })
}
