//! DescribeStateMachineForExecution: the revision that an execution runs or ran.

use engine::ExecutionArn;
use runtime::Services;
use serde_json::{Map, Value};

use super::machine_error::{invalid_arn, wrong_kind};
use super::{machine_arn, machine_wire};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::limits::ARN_CHARS_MAX;
use crate::names::Arn;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DescribeStateMachineForExecution",
    route: None,
    resource: |input, _| machine_arn::named_by(input, "executionArn"),
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("executionArn", 1, ARN_CHARS_MAX);
    let wants_definition = machine_wire::wants_definition(&mut members);
    members.finish()?;
    match Arn::parse(arn) {
        Ok(Arn::Execution { .. }) => {}
        Ok(other) => return Err(wrong_kind(&other)),
        Err(error) => return Err(invalid_arn(&format!("Invalid ARN prefix: {}", error.arn))),
    }
    Ok(describe(&call.services, arn, wants_definition)?.into())
}

fn describe(services: &Services, arn: &str, wants_definition: bool) -> Result<Value, ApiError> {
    let does_not_exist = || {
        let text = format!("Execution Does Not Exist: '{arn}'");
        ApiError::new("ExecutionDoesNotExist", text)
    };
    let execution = services.runtime.describe(&ExecutionArn(arn.into()))?;
    let header = execution.ok_or_else(does_not_exist)?.header;
    let revision = services
        .machines
        .revision(&header.machine_arn, &header.revision)?
        .ok_or_else(does_not_exist)?;
    let mut shown = Map::new();
    for (member, value) in [
        ("stateMachineArn", Value::from(&*header.machine_arn)),
        ("name", Value::from(&*header.machine_name)),
        (
            "definition",
            machine_wire::definition_value(&revision, wants_definition),
        ),
        ("updateDate", epoch_seconds(revision.update_date)),
    ] {
        shown.insert(member.to_owned(), value);
    }
    machine_wire::settings(&revision, &mut shown);
    Ok(Value::Object(shown))
}
