//! `SendMessageBatch`.

use super::answer;
use super::batch::{Outcome, entries};
use super::fault::{coded, fault};
use super::input::{message, queue};
use crate::error::ApiError;
use crate::limits::BATCH_BYTES_MAX;
use crate::operation::{Call, Reply};

pub(super) async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = queue(&call)?;
    let mut outcome = Outcome::default();
    let (mut ids, mut messages) = (Vec::new(), Vec::new());
    for (id, entry) in entries(&call.input)? {
        match message(entry) {
            Ok(message) => {
                ids.push(id);
                messages.push(message);
            }
            Err(error) => outcome.refused(id, &error),
        }
    }
    let bytes = messages.iter().fold(0_u64, |sum, message| {
        sum.saturating_add(message.size_bytes())
    });
    if bytes > BATCH_BYTES_MAX {
        return Err(coded(
            "com.amazonaws.sqs#BatchRequestTooLong",
            "AWS.SimpleQueueService.BatchRequestTooLong",
            format!(
                "Batch requests cannot be longer than {BATCH_BYTES_MAX} bytes. You have sent {bytes} \
                 bytes."
            ),
        ));
    }
    let answers = call
        .services
        .queues
        .send_batch(&name, messages)
        .await
        .map_err(fault)?;
    for (id, result) in ids.into_iter().zip(answers) {
        match result {
            Ok(sent) => outcome.succeeded(id, answer::sent(sent)),
            Err(error) => outcome.failed(id, &error),
        }
    }
    Ok(outcome.into_value().into())
}
