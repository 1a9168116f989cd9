//! ListStateMachines.

use runtime::machines::Machine;
use serde_json::json;

use super::machine_wire::kind_name;
use super::page::{Asked, listed};
use super::page_token::Scope;
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ListStateMachines",
    route: None,
    resource: |_, _| "*".to_owned(),
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let asked = Asked::read(&mut members);
    members.finish()?;
    let services = &call.services;
    let page = asked.page(Scope::of(OPERATION.name), services.clock.now())?;
    let mut machines = services.machines.list(page.after.as_deref(), page.rows())?;
    let next_token = page.cut(&mut machines, |machine| machine.arn.to_string());
    let items: Vec<_> = machines.iter().map(item).collect();
    Ok(listed("stateMachines", items, next_token))
}

fn item(machine: &Machine) -> serde_json::Value {
    json!({
        "stateMachineArn": &*machine.arn,
        "name": &*machine.name,
        "type": kind_name(machine.kind),
        "creationDate": epoch_seconds(machine.creation_date),
    })
}
