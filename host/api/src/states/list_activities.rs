//! ListActivities, in the order of their names.

use serde_json::{Value, json};

use super::activity_wire::listed;
use super::execution_wire::by_any;
use super::page::Asked;
use super::page_token::Scope;
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ListActivities",
    route: None,
    resource: by_any,
    run: run!(list),
};

async fn list(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let asked = Asked::read(&mut members);
    members.finish()?;
    let services = &call.services;
    let page = asked.page(Scope::of("ListActivities"), services.clock.now())?;
    let mut found = services
        .activities
        .list(page.after.as_deref(), page.rows())?;
    let next = page.cut(&mut found, |activity| activity.arn.to_string());
    let activities: Vec<Value> = found.iter().map(listed).collect();
    let mut answer = json!({ "activities": activities });
    if let (Some(next), Value::Object(answer)) = (next, &mut answer) {
        answer.insert("nextToken".into(), next.into());
    }
    Ok(answer.into())
}
