//! ListStateMachineVersions.

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
    name: "ListStateMachineVersions",
    route: None,
    resource: machine_arn::machine_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("stateMachineArn", 1, ARN_CHARS_MAX);
    let asked = Asked::read(&mut members);
    members.finish()?;
    let arn = machine_arn::unqualified(arn)?;
    let services = &call.services;
    services.machines.machine(arn)?;
    let scope = Scope::of(OPERATION.name).with(Some(arn));
    let page = asked.page(scope, services.clock.now())?;
    let after = page.after.as_ref().and_then(|number| number.parse().ok());
    let mut versions = services.machines.versions(arn, after, page.rows())?;
    let next_token = page.cut(&mut versions, |version| version.number.to_string());
    let items: Vec<Value> = versions
        .iter()
        .map(|version| {
            json!({
                "stateMachineVersionArn": format!("{arn}:{}", version.number),
                "creationDate": epoch_seconds(version.creation_date),
            })
        })
        .collect();
    Ok(listed("stateMachineVersions", items, next_token))
}
