//! StartExecution.

use engine::Status;
use runtime::StartError;
use serde_json::{Value, json};

use super::machine_arn::machine_resource;
use super::start::{Asked, start_error};
use crate::error::ApiError;
use crate::history::epoch_seconds;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "StartExecution",
    route: None,
    resource: machine_resource,
    run: run!(start),
};

async fn start(call: Call) -> Result<Reply, ApiError> {
    let asked = Asked::read(Members::of(&call.input), &call)?;
    let machine = asked.machine(&call)?;
    let request = asked.request(&machine);
    match call.services.runtime.start(request).await {
        Ok(started) => Ok(answer(
            started.execution.as_str(),
            epoch_seconds(started.started_at),
        )
        .into()),
        Err(StartError::AlreadyExists(arn)) => {
            // The same request again, while what it started runs, is answered like the first one.
            let found = call.services.runtime.describe(&arn)?;
            let same = found.filter(|view| {
                view.index.status == Status::Running
                    && view.header.input.text() == asked.input().text()
            });
            match same {
                Some(view) => Ok(answer(arn.as_str(), epoch_seconds(view.index.started_at)).into()),
                None => Err(start_error(StartError::AlreadyExists(arn))),
            }
        }
        Err(error) => Err(start_error(error)),
    }
}

fn answer(arn: &str, started_at: Value) -> Value {
    json!({ "executionArn": arn, "startDate": started_at })
}
