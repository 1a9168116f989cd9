//! DescribeStateMachine: a machine, or one version of it.

use std::sync::Arc;

use engine::Timestamp;
use runtime::Services;
use runtime::machines::{MachineError, MachineStatus, Qualifier, Revision};
use serde_json::{Map, Value};

use super::execution_wire::wants_data;
use super::{machine_arn, machine_wire};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::ARN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DescribeStateMachine",
    route: None,
    resource: machine_arn::machine_resource,
    run: crate::run!(run),
};

/// What is described.
struct Described {
    revision: Arc<Revision>,
    status: MachineStatus,
    creation_date: Timestamp,
    description: Option<String>,
}

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("stateMachineArn", 1, ARN_CHARS_MAX);
    let wants_definition = wants_data(&mut members);
    members.finish()?;
    let found = find(&call.services, arn)?;
    Ok(answer(arn, &found, wants_definition).into())
}

fn find(services: &Services, arn: &str) -> Result<Described, ApiError> {
    let machines = &services.machines;
    let parsed = machine_arn::parse(arn)?;
    let not_found = || MachineError::NotFound(arn.to_owned());
    let machine = machines
        .machine(parsed.machine)
        .map_err(|error| error.naming(arn))?;
    match parsed.qualifier {
        None => Ok(Described {
            revision: machines.current(&machine)?,
            status: machine.status,
            creation_date: machine.creation_date,
            description: None,
        }),
        Some(Qualifier::Version(number)) => {
            let (version, revision) = machines.version(parsed.machine, number)?;
            Ok(Described {
                revision,
                status: machine.status,
                creation_date: version.creation_date,
                description: version.description,
            })
        }
        Some(Qualifier::Alias(_) | Qualifier::Label(_)) => Err(not_found().into()),
    }
}

fn answer(arn: &str, found: &Described, wants_definition: bool) -> Value {
    let revision = &found.revision;
    let mut shown = Map::new();
    for (member, value) in [
        ("stateMachineArn", Value::from(arn)),
        ("name", Value::from(&*revision.machine_name)),
        ("status", Value::from(found.status.as_str())),
        (
            "definition",
            machine_wire::definition_value(revision, wants_definition),
        ),
        ("type", Value::from(machine_wire::kind_name(revision.kind))),
        ("creationDate", epoch_seconds(found.creation_date)),
    ] {
        shown.insert(member.to_owned(), value);
    }
    machine_wire::settings(revision, &mut shown);
    if let Some(description) = &found.description {
        shown.insert("description".to_owned(), Value::from(description.as_str()));
    }
    Value::Object(shown)
}
