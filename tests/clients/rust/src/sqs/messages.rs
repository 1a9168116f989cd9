//! Messages one by one.

use std::time::{Duration, Instant};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::change_message_visibility::ChangeMessageVisibilityError;
use aws_sdk_sqs::operation::delete_message::DeleteMessageError;
use aws_sdk_sqs::operation::receive_message::ReceiveMessageError;
use aws_sdk_sqs::operation::send_message::SendMessageError;
use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types::{
    Message, MessageAttributeValue, MessageSystemAttributeName, MessageSystemAttributeNameForSends,
    MessageSystemAttributeValue,
};

use super::{nowhere, queue};
use crate::checks::{Checks, Step, Stopped, refused, success};

pub(super) async fn run(sqs: &Client, checks: &Checks) -> Step {
    let url = queue(sqs, checks, "letters").await?;
    let message = sent(sqs, checks, &url).await?;
    settled(sqs, checks, &url, message).await?;
    waited_for(sqs, checks, &url).await?;
    not_sent(sqs, checks, &url).await;
    not_settled(sqs, checks, &url).await
}

fn text(value: &str) -> MessageAttributeValue {
    MessageAttributeValue::builder()
        .data_type("String")
        .string_value(value)
        .build()
        .unwrap()
}

async fn sent(sqs: &Client, checks: &Checks, url: &str) -> Step<Message> {
    let binary = MessageAttributeValue::builder()
        .data_type("Binary.png")
        .binary_value(Blob::new([0, 255]))
        .build()
        .unwrap();
    let trace = MessageSystemAttributeValue::builder()
        .data_type("String")
        .string_value("Root=1-5759e988-bd862e3fe1be46a994272793")
        .build()
        .unwrap();
    let sent = success!(
        checks,
        SendMessage,
        sqs.send_message()
            .queue_url(url)
            .message_body("order 7")
            .message_attributes("kind", text("order"))
            .message_attributes("picture", binary.clone())
            .message_system_attributes(MessageSystemAttributeNameForSends::AwsTraceHeader, trace)
    );
    checks.equal(
        "SendMessage",
        "gives the digest of the body",
        sent.md5_of_message_body.as_deref(),
        // printf 'order 7' | md5sum
        Some("9df6642eafe26eaccbcd21690bb60119"),
    );
    let received = success!(
        checks,
        ReceiveMessage,
        sqs.receive_message()
            .queue_url(url)
            .max_number_of_messages(10)
            .message_attribute_names("All")
            .message_system_attribute_names(MessageSystemAttributeName::All)
    );
    let message = received.messages.unwrap_or_default().into_iter().next();
    let message = message.ok_or(Stopped)?;
    checks.equal(
        "ReceiveMessage",
        "gives what was sent",
        (
            message.body.as_deref(),
            message.message_id.as_deref(),
            message.md5_of_message_attributes.as_deref(),
        ),
        (
            Some("order 7"),
            sent.message_id.as_deref(),
            sent.md5_of_message_attributes.as_deref(),
        ),
    );
    let attributes = message.message_attributes.clone().unwrap_or_default();
    checks.equal(
        "ReceiveMessage",
        "gives the attributes",
        (attributes.get("kind"), attributes.get("picture")),
        (Some(&text("order")), Some(&binary)),
    );
    let system = message.attributes.clone().unwrap_or_default();
    let count = system.get(&MessageSystemAttributeName::ApproximateReceiveCount);
    checks.equal(
        "ReceiveMessage",
        "gives the attributes of the service",
        (
            count.map(String::as_str),
            system.contains_key(&MessageSystemAttributeName::AwsTraceHeader),
        ),
        (Some("1"), true),
    );
    Ok(message)
}

async fn settled(sqs: &Client, checks: &Checks, url: &str, message: Message) -> Step {
    let handle = message.receipt_handle.unwrap_or_default();
    success!(
        checks,
        ChangeMessageVisibility,
        sqs.change_message_visibility()
            .queue_url(url)
            .receipt_handle(handle)
            .visibility_timeout(0)
    );
    let again = success!(checks, ReceiveMessage, sqs.receive_message().queue_url(url));
    let again = again.messages.unwrap_or_default().into_iter().next();
    let again = again.ok_or(Stopped)?;
    checks.equal(
        "ChangeMessageVisibility",
        "what is given back comes again",
        again.message_id,
        message.message_id,
    );
    success!(
        checks,
        DeleteMessage,
        sqs.delete_message()
            .queue_url(url)
            .receipt_handle(again.receipt_handle.unwrap_or_default())
    );
    Ok(())
}

async fn waited_for(sqs: &Client, checks: &Checks, url: &str) -> Step {
    let began = Instant::now();
    let receive = |seconds| {
        sqs.receive_message()
            .queue_url(url)
            .wait_time_seconds(seconds)
    };
    let nothing = success!(checks, ReceiveMessage, receive(1));
    checks.equal(
        "ReceiveMessage",
        "waits as long as it was told to",
        (
            nothing.messages().len(),
            began.elapsed() >= Duration::from_millis(950),
        ),
        (0, true),
    );
    let send = sqs.send_message().queue_url(url).message_body("at last");
    let (received, sent) = tokio::join!(receive(20).send(), send.send());
    checks.success("SendMessage", sent)?;
    let received = checks.success("ReceiveMessage", received)?;
    checks.equal(
        "ReceiveMessage",
        "is answered as soon as there is something",
        (
            received
                .messages()
                .first()
                .and_then(|message| message.body()),
            began.elapsed() < Duration::from_secs(15),
        ),
        (Some("at last"), true),
    );
    Ok(())
}

async fn not_sent(sqs: &Client, checks: &Checks, url: &str) {
    let send = |url: &str, body: &str| sqs.send_message().queue_url(url).message_body(body);
    refused!(
        checks,
        SendMessageError::QueueDoesNotExist,
        send(&nowhere(url), "a")
    );
    refused!(
        checks,
        SendMessageError::InvalidMessageContents,
        send(url, "\u{1}")
    );
    let list = MessageAttributeValue::builder()
        .data_type("String")
        .string_list_values("a")
        .build()
        .unwrap();
    refused!(
        checks,
        SendMessageError::UnsupportedOperation,
        send(url, "a").message_attributes("list", list)
    );
    let empty = send(url, "").send().await;
    checks.code("SendMessage", "MissingParameter", empty);
    let large = send(url, &"a".repeat(1_048_577)).send().await;
    checks.code("SendMessage", "InvalidParameterValue", large);
    let receive = |url: &str| sqs.receive_message().queue_url(url);
    refused!(
        checks,
        ReceiveMessageError::QueueDoesNotExist,
        receive(&nowhere(url))
    );
    let many = receive(url).max_number_of_messages(11).send().await;
    checks.code("ReceiveMessage", "InvalidParameterValue", many);
}

async fn not_settled(sqs: &Client, checks: &Checks, url: &str) -> Step {
    let delete = |url: &str| {
        sqs.delete_message()
            .queue_url(url)
            .receipt_handle("nonsense")
    };
    refused!(
        checks,
        DeleteMessageError::QueueDoesNotExist,
        delete(&nowhere(url))
    );
    refused!(
        checks,
        DeleteMessageError::ReceiptHandleIsInvalid,
        delete(url)
    );
    let change = |url: &str, handle: &str| {
        sqs.change_message_visibility()
            .queue_url(url)
            .receipt_handle(handle)
            .visibility_timeout(30)
    };
    refused!(
        checks,
        ChangeMessageVisibilityError::QueueDoesNotExist,
        change(&nowhere(url), "nonsense")
    );
    refused!(
        checks,
        ChangeMessageVisibilityError::ReceiptHandleIsInvalid,
        change(url, "nonsense")
    );
    success!(
        checks,
        SendMessage,
        sqs.send_message().queue_url(url).message_body("brief")
    );
    let received = success!(
        checks,
        ReceiveMessage,
        sqs.receive_message().queue_url(url).visibility_timeout(0)
    );
    let handle = received.messages().first();
    let handle = handle.and_then(|message| message.receipt_handle());
    refused!(
        checks,
        ChangeMessageVisibilityError::MessageNotInflight,
        change(url, handle.unwrap_or_default())
    );
    Ok(())
}
