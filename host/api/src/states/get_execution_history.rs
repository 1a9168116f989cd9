//! GetExecutionHistory.
//!
//! A page reads the events from the first one on: where each of them belongs follows from those before.
//! There are at most 25,000 of AWS's, and a few of ours beside each, so that a page costs some 10 ms at
//! the worst; only the events that are on it are made into AWS's shape when it is read forward.

use engine::ExecutionArn;
use runtime::{ExecutionView, Services};
use serde_json::{Value, json};

use super::execution_wire::{by_execution, execution_arn, existing, page_size, required_execution};
use super::history_page::{Page, Window};
use super::page_token::Scope;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{EVENTS_PER_READ, PAGE_TOKEN_CHARS_MAX};
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "GetExecutionHistory",
    route: None,
    resource: by_execution,
    run: run!(history),
};

async fn history(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = required_execution(&mut members);
    let max = page_size(&mut members);
    let reverse = members.flag("reverseOrder").unwrap_or(false);
    let with_data = members.flag("includeExecutionData").unwrap_or(true);
    let token = members.sized_text("nextToken", 1, PAGE_TOKEN_CHARS_MAX);
    members.finish()?;
    let arn = execution_arn(arn)?;
    let view = existing(&call.services, &arn)?;
    let now = call.services.clock.now();
    let scope = Scope::of("GetExecutionHistory")
        .with(Some(arn.as_str()))
        .with(reverse.then_some("reverse"))
        .with(with_data.then_some("data"));
    let after = match token {
        Some(token) => scope.place(token, now)?.parse().ok(),
        None => None,
    };
    let window = Window {
        reverse,
        after,
        max,
        with_data,
    };
    let (events, next) = page(&call.services, &arn, &view, window)?;
    let mut answer = json!({ "events": events });
    if let (Some(next), Value::Object(answer)) = (next, &mut answer) {
        let token = scope.token(&next.to_string(), now);
        answer.insert("nextToken".into(), token.into());
    }
    Ok(answer.into())
}

fn page(
    services: &Services,
    arn: &ExecutionArn,
    view: &ExecutionView,
    window: Window,
) -> Result<(Vec<Value>, Option<u64>), ApiError> {
    let header = &view.header;
    let revision = services
        .machines
        .revision(&header.machine_arn, &header.revision)?
        .ok_or_else(|| ApiError::internal("the definition of the execution is not there"))?;
    let mut page = Page::new(window, &revision.machine);
    let mut after_seq = 0;
    loop {
        let events = services.runtime.events(arn, after_seq, EVENTS_PER_READ)?;
        let Some(last) = events.last() else {
            break;
        };
        after_seq = last.seq;
        if !events.iter().all(|event| page.take(event)) {
            break;
        }
    }
    Ok(page.finish())
}
