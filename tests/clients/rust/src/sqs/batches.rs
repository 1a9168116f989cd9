//! Messages by the ten.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::change_message_visibility_batch::ChangeMessageVisibilityBatchError;
use aws_sdk_sqs::operation::delete_message_batch::DeleteMessageBatchError;
use aws_sdk_sqs::operation::send_message_batch::SendMessageBatchError;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry,
    SendMessageBatchRequestEntry,
};

use super::{nowhere, queue};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(sqs: &Client, checks: &Checks) -> Step {
    let url = queue(sqs, checks, "parcels").await?;
    sent(sqs, checks, &url).await?;
    let handles = received(sqs, checks, &url).await?;
    settled(sqs, checks, &url, &handles).await?;
    not_sent(sqs, checks, &url).await;
    not_changed(sqs, checks, &url).await;
    not_deleted(sqs, checks, &url).await;
    Ok(())
}

fn message(id: &str, body: &str) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder()
        .id(id)
        .message_body(body)
        .build()
        .unwrap()
}

fn change(id: &str, handle: &str) -> ChangeMessageVisibilityBatchRequestEntry {
    ChangeMessageVisibilityBatchRequestEntry::builder()
        .id(id)
        .receipt_handle(handle)
        .visibility_timeout(60)
        .build()
        .unwrap()
}

fn delete(id: &str, handle: &str) -> DeleteMessageBatchRequestEntry {
    DeleteMessageBatchRequestEntry::builder()
        .id(id)
        .receipt_handle(handle)
        .build()
        .unwrap()
}

async fn sent(sqs: &Client, checks: &Checks, url: &str) -> Step {
    let sent = success!(
        checks,
        SendMessageBatch,
        sqs.send_message_batch()
            .queue_url(url)
            .entries(message("a", "1"))
            .entries(message("bad", "\u{1}"))
            .entries(message("b", "2"))
    );
    let ids: Vec<_> = sent.successful().iter().map(|it| it.id()).collect();
    let failed: Vec<_> = sent
        .failed()
        .iter()
        .map(|it| (it.id(), it.code(), it.sender_fault()))
        .collect();
    checks.equal(
        "SendMessageBatch",
        "each entry has its own outcome",
        (ids, failed),
        (
            vec!["a", "b"],
            vec![("bad", "InvalidMessageContents", true)],
        ),
    );
    Ok(())
}

async fn received(sqs: &Client, checks: &Checks, url: &str) -> Step<Vec<String>> {
    let received = success!(
        checks,
        ReceiveMessage,
        sqs.receive_message()
            .queue_url(url)
            .max_number_of_messages(10)
            .wait_time_seconds(5)
    );
    let handles = received.messages.unwrap_or_default().into_iter();
    let handles: Vec<_> = handles.filter_map(|it| it.receipt_handle).collect();
    checks.equal("ReceiveMessage", "several at once", handles.len(), 2);
    Ok(handles)
}

async fn settled(sqs: &Client, checks: &Checks, url: &str, handles: &[String]) -> Step {
    let changes = handles
        .iter()
        .map(|handle| change(&handle_id(handles, handle), handle));
    let changed = success!(
        checks,
        ChangeMessageVisibilityBatch,
        sqs.change_message_visibility_batch()
            .queue_url(url)
            .set_entries(Some(changes.collect()))
            .entries(change("bad", "nonsense"))
    );
    let failed: Vec<_> = changed.failed().iter().map(|it| it.code()).collect();
    checks.equal(
        "ChangeMessageVisibilityBatch",
        "each entry has its own outcome",
        (changed.successful().len(), failed),
        (2, vec!["ReceiptHandleIsInvalid"]),
    );
    let deletions = handles
        .iter()
        .map(|handle| delete(&handle_id(handles, handle), handle));
    let deleted = success!(
        checks,
        DeleteMessageBatch,
        sqs.delete_message_batch()
            .queue_url(url)
            .set_entries(Some(deletions.collect()))
            .entries(delete("bad", "nonsense"))
    );
    let failed: Vec<_> = deleted.failed().iter().map(|it| it.code()).collect();
    checks.equal(
        "DeleteMessageBatch",
        "each entry has its own outcome",
        (deleted.successful().len(), failed),
        (2, vec!["ReceiptHandleIsInvalid"]),
    );
    Ok(())
}

/// The place of a handle, as an id.
fn handle_id(handles: &[String], handle: &str) -> String {
    let place = handles.iter().position(|other| other == handle);
    format!("entry-{}", place.unwrap_or_default())
}

async fn not_sent(sqs: &Client, checks: &Checks, url: &str) {
    let send = || sqs.send_message_batch().queue_url(url);
    refused!(
        checks,
        SendMessageBatchError::EmptyBatchRequest,
        send().set_entries(Some(Vec::new()))
    );
    refused!(
        checks,
        SendMessageBatchError::BatchEntryIdsNotDistinct,
        send().entries(message("a", "1")).entries(message("a", "2"))
    );
    refused!(
        checks,
        SendMessageBatchError::InvalidBatchEntryId,
        send().entries(message("a b", "1"))
    );
    let eleven = (0..11).map(|number| message(&number.to_string(), "a"));
    refused!(
        checks,
        SendMessageBatchError::TooManyEntriesInBatchRequest,
        send().set_entries(Some(eleven.collect()))
    );
    let half = "a".repeat(600_000);
    refused!(
        checks,
        SendMessageBatchError::BatchRequestTooLong,
        send()
            .entries(message("a", &half))
            .entries(message("b", &half))
    );
    refused!(
        checks,
        SendMessageBatchError::QueueDoesNotExist,
        sqs.send_message_batch()
            .queue_url(nowhere(url))
            .entries(message("a", "1"))
    );
}

async fn not_changed(sqs: &Client, checks: &Checks, url: &str) {
    let batch = || sqs.change_message_visibility_batch().queue_url(url);
    refused!(
        checks,
        ChangeMessageVisibilityBatchError::EmptyBatchRequest,
        batch().set_entries(Some(Vec::new()))
    );
    refused!(
        checks,
        ChangeMessageVisibilityBatchError::BatchEntryIdsNotDistinct,
        batch().entries(change("a", "x")).entries(change("a", "y"))
    );
    refused!(
        checks,
        ChangeMessageVisibilityBatchError::InvalidBatchEntryId,
        batch().entries(change("a b", "x"))
    );
    let eleven = (0..11).map(|number| change(&number.to_string(), "x"));
    refused!(
        checks,
        ChangeMessageVisibilityBatchError::TooManyEntriesInBatchRequest,
        batch().set_entries(Some(eleven.collect()))
    );
    refused!(
        checks,
        ChangeMessageVisibilityBatchError::QueueDoesNotExist,
        sqs.change_message_visibility_batch()
            .queue_url(nowhere(url))
            .entries(change("a", "x"))
    );
}

async fn not_deleted(sqs: &Client, checks: &Checks, url: &str) {
    let batch = || sqs.delete_message_batch().queue_url(url);
    refused!(
        checks,
        DeleteMessageBatchError::EmptyBatchRequest,
        batch().set_entries(Some(Vec::new()))
    );
    refused!(
        checks,
        DeleteMessageBatchError::BatchEntryIdsNotDistinct,
        batch().entries(delete("a", "x")).entries(delete("a", "y"))
    );
    refused!(
        checks,
        DeleteMessageBatchError::InvalidBatchEntryId,
        batch().entries(delete("a b", "x"))
    );
    let eleven = (0..11).map(|number| delete(&number.to_string(), "x"));
    refused!(
        checks,
        DeleteMessageBatchError::TooManyEntriesInBatchRequest,
        batch().set_entries(Some(eleven.collect()))
    );
    refused!(
        checks,
        DeleteMessageBatchError::QueueDoesNotExist,
        sqs.delete_message_batch()
            .queue_url(nowhere(url))
            .entries(delete("a", "x"))
    );
}
