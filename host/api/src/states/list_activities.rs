//! ListActivities, in the order of their names.

use serde_json::{Value, json};

use super::activity_wire::listed;
use super::execution_wire::{by_any, page_size};
use super::page_token::Scope;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::PAGE_TOKEN_CHARS_MAX;
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
    let max = page_size(&mut members);
    let token = members.sized_text("nextToken", 1, PAGE_TOKEN_CHARS_MAX);
    members.finish()?;
    let now = call.services.clock.now();
    let scope = Scope::of("ListActivities");
    let after = token.map(|token| scope.place(token, now)).transpose()?;
    // One more, to see whether there is a next page.
    let mut found = call.services.activities.list(after.as_deref(), max + 1)?;
    let has_more = found.len() > max;
    found.truncate(max);
    let activities: Vec<Value> = found.iter().map(listed).collect();
    let mut answer = json!({ "activities": activities });
    if let (true, Some(last), Value::Object(answer)) = (has_more, found.last(), &mut answer) {
        answer.insert("nextToken".into(), scope.token(&last.arn, now).into());
    }
    Ok(answer.into())
}
