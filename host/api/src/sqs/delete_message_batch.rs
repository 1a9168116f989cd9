//! `DeleteMessageBatch`.

use serde_json::Map;

use super::batch::{Outcome, entries};
use super::fault::fault;
use super::input::{queue, required};
use crate::error::ApiError;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let mut outcome = Outcome::default();
    let (mut ids, mut handles) = (Vec::new(), Vec::new());
    for (id, entry) in entries(&call.input)? {
        match required(entry, "ReceiptHandle") {
            Ok(handle) => {
                ids.push(id);
                handles.push(handle.to_owned());
            }
            Err(error) => outcome.refused(id, &error),
        }
    }
    let answers = call.services.queues.delete_messages(&name, handles).await;
    for (id, answer) in ids.into_iter().zip(answers.map_err(fault)?) {
        match answer {
            Ok(()) => outcome.succeeded(id, Map::new()),
            Err(error) => outcome.failed(id, &error),
        }
    }
    Ok(outcome.into_value().into())
}
