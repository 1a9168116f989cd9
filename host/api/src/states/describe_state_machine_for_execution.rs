//! DescribeStateMachineForExecution: the revision that an execution runs or ran.

use runtime::ExecutionView;
use runtime::machines::Revision;
use serde_json::{Map, Value};

use super::execution_wire::{
    execution_arn, execution_does_not_exist, existing, required_execution, wants_data,
};
use super::{machine_arn, machine_wire};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
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
    let arn = required_execution(&mut members);
    let wants_definition = wants_data(&mut members);
    members.finish()?;
    let arn = execution_arn(arn)?;
    let execution = existing(&call.services, &arn)?;
    let header = &execution.header;
    let machines = &call.services.machines;
    let revision = machines
        .revision(&header.machine_arn, &header.revision)?
        .ok_or_else(|| execution_does_not_exist(&arn))?;
    Ok(answer(&execution, &revision, wants_definition).into())
}

fn answer(execution: &ExecutionView, revision: &Revision, wants_definition: bool) -> Value {
    let header = &execution.header;
    let mut shown = Map::new();
    for (member, value) in [
        ("stateMachineArn", Value::from(&*header.machine_arn)),
        ("name", Value::from(&*header.machine_name)),
        (
            "definition",
            machine_wire::definition_value(revision, wants_definition),
        ),
        ("updateDate", epoch_seconds(revision.update_date)),
    ] {
        shown.insert(member.to_owned(), value);
    }
    machine_wire::settings(revision, &mut shown);
    Value::Object(shown)
}
