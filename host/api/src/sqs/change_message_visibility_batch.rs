//! `ChangeMessageVisibilityBatch`.

use runtime::queues::QueueError;
use serde_json::{Map, Value};

use super::batch::{Outcome, entries};
use super::fault::fault;
use super::input::{queue, required, visibility};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let mut outcome = Outcome::default();
    let (mut ids, mut changes) = (Vec::new(), Vec::new());
    for (id, entry) in entries(&call.input)? {
        match change(entry) {
            Ok(change) => {
                ids.push(id);
                changes.push(change);
            }
            Err(error) => outcome.refused(id, &error),
        }
    }
    let answers = call.services.queues.change_visibility(&name, changes).await;
    for (id, answer) in ids.into_iter().zip(answers.map_err(fault)?) {
        match answer {
            Ok(()) => outcome.succeeded(id, Map::new()),
            Err(error) => outcome.failed(id, &error),
        }
    }
    Ok(outcome.into_value().into())
}

fn change(entry: &Value) -> Result<(String, u64), ApiError> {
    let handle = required(entry, "ReceiptHandle")?.to_owned();
    let seconds = visibility(entry)?;
    let seconds =
        seconds.ok_or_else(|| fault(QueueError::MissingParameter("VisibilityTimeout")))?;
    Ok((handle, seconds))
}
