//! What the wire says of errors and batches; the queues themselves are tested in `runtime`.

use std::sync::Arc;

use runtime::queues::QueueError;
use serde_json::{Value, json};

use super::*;
use crate::error::ApiError;
use crate::test_services::{call, test_services};

/// A client of a server of its own.
struct Client(Arc<Services>);

impl Client {
    async fn call(&self, name: &str, input: Value) -> Result<Value, ApiError> {
        call(&self.0, OPERATIONS, name, input).await
    }

    /// `x-amzn-query-error` of a call that is refused.
    async fn refused(&self, name: &str, input: Value) -> String {
        let error = self.call(name, input).await.unwrap_err();
        error.more["@query"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_goes_from_its_sender_to_its_receiver_and_away() {
    let client = Client(test_services());
    let made = client
        .call(
            "CreateQueue",
            json!({ "QueueName": "q", "tags": { "a": "b" } }),
        )
        .await;
    let url = made.unwrap()["QueueUrl"].clone();
    assert_eq!(url, "http://h/123456789012/q");
    let message = json!({ "QueueUrl": url, "MessageBody": "hello", "MessageAttributes": {
        "a.x": { "DataType": "String", "StringValue": "1" },
        "b": { "DataType": "String", "StringValue": "2" } } });
    let sent = client.call("SendMessage", message).await.unwrap();
    assert_eq!(sent["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");
    let receive = json!({ "QueueUrl": url, "MessageAttributeNames": ["a.*"],
        "AttributeNames": ["ApproximateReceiveCount"] });
    let received = client
        .call("ReceiveMessage", receive.clone())
        .await
        .unwrap();
    let message = &received["Messages"][0];
    assert_eq!(message["Body"], "hello");
    assert_eq!(
        message["Attributes"],
        json!({ "ApproximateReceiveCount": "1" })
    );
    let attributes = json!({ "a.x": { "DataType": "String", "StringValue": "1" } });
    assert_eq!(message["MessageAttributes"], attributes);
    assert_ne!(
        message["MD5OfMessageAttributes"],
        sent["MD5OfMessageAttributes"]
    );
    let delete = json!({ "QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"] });
    assert_eq!(client.call("DeleteMessage", delete).await, Ok(json!({})));
    assert_eq!(client.call("ReceiveMessage", receive).await, Ok(json!({})));
    let tags = client
        .call("ListQueueTags", json!({ "QueueUrl": url }))
        .await;
    assert_eq!(tags, Ok(json!({ "Tags": { "a": "b" } })));
    let delete = json!({ "QueueUrl": url });
    assert_eq!(client.call("DeleteQueue", delete).await, Ok(json!({})));
    assert_eq!(client.call("ListQueues", json!({})).await, Ok(json!({})));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_a_batch_fails_for_itself() {
    let client = Client(test_services());
    client
        .call("CreateQueue", json!({ "QueueName": "q" }))
        .await
        .unwrap();
    let entries = json!([
        { "Id": "a", "MessageBody": "1" },
        { "Id": "b", "MessageBody": "\u{0}" },
        { "Id": "c" },
    ]);
    let batch = json!({ "QueueUrl": "q", "Entries": entries });
    let answer = client.call("SendMessageBatch", batch).await.unwrap();
    assert_eq!(answer["Successful"].as_array().unwrap().len(), 1);
    let failed = answer["Failed"].as_array().unwrap();
    let mut codes: Vec<&str> = failed
        .iter()
        .map(|entry| entry["Code"].as_str().unwrap())
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, ["InvalidMessageContents", "MissingParameter"]);
    let received = client
        .call("ReceiveMessage", json!({ "QueueUrl": "q" }))
        .await
        .unwrap();
    let handle = received["Messages"][0]["ReceiptHandle"].clone();
    let entries = json!([
        { "Id": "a", "ReceiptHandle": handle, "VisibilityTimeout": 5 },
        { "Id": "b", "ReceiptHandle": "x", "VisibilityTimeout": 5 },
        { "Id": "c", "ReceiptHandle": handle },
    ]);
    let batch = json!({ "QueueUrl": "q", "Entries": entries });
    for (operation, succeeded) in [
        ("ChangeMessageVisibilityBatch", 1),
        ("DeleteMessageBatch", 2),
    ] {
        let answer = client.call(operation, batch.clone()).await.unwrap();
        assert_eq!(
            answer["Successful"].as_array().unwrap().len(),
            succeeded,
            "{answer}"
        );
        assert_eq!(
            answer["Failed"].as_array().unwrap().len(),
            3 - succeeded,
            "{answer}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn queues_are_listed_page_by_page_for_who_asks_for_pages() {
    let client = Client(test_services());
    for name in ["a1", "a2", "b1"] {
        client
            .call("CreateQueue", json!({ "QueueName": name }))
            .await
            .unwrap();
    }
    let urls = |answer: &Value| answer["QueueUrls"].as_array().unwrap().len();
    let all = client
        .call("ListQueues", json!({ "QueueNamePrefix": "a" }))
        .await
        .unwrap();
    assert_eq!((urls(&all), all.get("NextToken")), (2, None));
    let first = client
        .call("ListQueues", json!({ "MaxResults": 2 }))
        .await
        .unwrap();
    assert_eq!(urls(&first), 2);
    let next = json!({ "MaxResults": 2, "NextToken": first["NextToken"] });
    let second = client.call("ListQueues", next).await.unwrap();
    assert_eq!((urls(&second), second.get("NextToken")), (1, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_refused_with_its_code() {
    let client = Client(test_services());
    client
        .call("CreateQueue", json!({ "QueueName": "q" }))
        .await
        .unwrap();
    let long = json!([{ "Id": "a", "MessageBody": "x".repeat(600_000) },
        { "Id": "b", "MessageBody": "x".repeat(600_000) }]);
    let list = json!({ "a": { "DataType": "String", "StringListValues": ["x"] } });
    let sqs = |code: &str| format!("AWS.SimpleQueueService.{code};Sender");
    let plain = |code: &str| format!("{code};Sender");
    for (operation, input, code) in [
        (
            "GetQueueUrl",
            json!({ "QueueName": "none" }),
            sqs("NonExistentQueue"),
        ),
        (
            "SendMessage",
            json!({ "MessageBody": "x" }),
            plain("MissingParameter"),
        ),
        (
            "SendMessage",
            json!({ "QueueUrl": "q", "MessageBody": "" }),
            plain("MissingParameter"),
        ),
        (
            "SendMessageBatch",
            json!({ "QueueUrl": "q", "Entries": long }),
            sqs("BatchRequestTooLong"),
        ),
        (
            "SendMessage",
            json!({ "QueueUrl": "q", "MessageBody": "x", "MessageAttributes": list }),
            sqs("UnsupportedOperation"),
        ),
        (
            "CreateQueue",
            json!({ "QueueName": "a b" }),
            plain("InvalidParameterValue"),
        ),
        (
            "CreateQueue",
            json!({ "QueueName": "q", "Attributes": { "DelaySeconds": "1" } }),
            plain("QueueAlreadyExists"),
        ),
        (
            "ReceiveMessage",
            json!({ "QueueUrl": "q", "MaxNumberOfMessages": 11 }),
            plain("InvalidParameterValue"),
        ),
        (
            "ReceiveMessage",
            json!({ "QueueUrl": "q", "WaitTimeSeconds": 21 }),
            plain("InvalidParameterValue"),
        ),
        (
            "ReceiveMessage",
            json!({ "QueueUrl": "q", "VisibilityTimeout": 43_201 }),
            plain("InvalidParameterValue"),
        ),
        (
            "GetQueueAttributes",
            json!({ "QueueUrl": "q", "AttributeNames": ["Colour"] }),
            plain("InvalidAttributeName"),
        ),
        (
            "SetQueueAttributes",
            json!({ "QueueUrl": "q", "Attributes": { "DelaySeconds": "x" } }),
            plain("InvalidAttributeValue"),
        ),
        (
            "DeleteMessage",
            json!({ "QueueUrl": "q", "ReceiptHandle": "x" }),
            plain("ReceiptHandleIsInvalid"),
        ),
        (
            "TagQueue",
            json!({ "QueueUrl": "q" }),
            plain("MissingParameter"),
        ),
        (
            "UntagQueue",
            json!({ "QueueUrl": "q" }),
            plain("MissingParameter"),
        ),
    ] {
        assert_eq!(
            client.refused(operation, input.clone()).await,
            code,
            "{operation}"
        );
    }
    client
        .call("PurgeQueue", json!({ "QueueUrl": "q" }))
        .await
        .unwrap();
    let again = client
        .refused("PurgeQueue", json!({ "QueueUrl": "q" }))
        .await;
    assert_eq!(again, sqs("PurgeQueueInProgress"));
}

#[test]
fn an_error_has_a_code_for_both_protocols() {
    let error = fault::fault(QueueError::DoesNotExist);
    assert_eq!(error.code, "com.amazonaws.sqs#QueueDoesNotExist");
    assert_eq!(error.status, 400);
    assert_eq!(
        error.more["@query"],
        "AWS.SimpleQueueService.NonExistentQueue;Sender"
    );
}

#[test]
fn a_queue_is_named_by_the_last_part_of_its_url() {
    for url in [
        "http://127.0.0.1:8085/123456789012/orders.fifo",
        "https://sqs.eu-west-1.amazonaws.com/1/orders.fifo/",
        "orders.fifo",
    ] {
        assert_eq!(input::name_in_url(url), "orders.fifo");
    }
}

#[test]
fn a_batch_that_is_wrong_as_a_whole_is_refused() {
    let entries = |ids: &[&str]| {
        let entries: Vec<Value> = ids.iter().map(|id| json!({ "Id": id })).collect();
        json!({ "Entries": entries })
    };
    let ids: Vec<String> = (0..11).map(|index| index.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let long = "x".repeat(81);
    for (input, code) in [
        (
            json!({}),
            "com.amazon.coral.service#MissingRequiredParameterException",
        ),
        (entries(&[]), "com.amazonaws.sqs#EmptyBatchRequest"),
        (
            entries(&ids),
            "com.amazonaws.sqs#TooManyEntriesInBatchRequest",
        ),
        (
            entries(&["a", "a"]),
            "com.amazonaws.sqs#BatchEntryIdsNotDistinct",
        ),
        (entries(&["a b"]), "com.amazonaws.sqs#InvalidBatchEntryId"),
        (entries(&[&long]), "com.amazonaws.sqs#InvalidBatchEntryId"),
    ] {
        assert_eq!(batch::entries(&input).unwrap_err().code, code);
    }
    assert_eq!(batch::entries(&entries(&ids[..10])).unwrap().len(), 10);
    assert!(batch::entries(&entries(&[&long[..80]])).is_ok());
}

#[test]
fn a_message_is_read_with_its_attributes() {
    let input = json!({
        "MessageBody": "x",
        "DelaySeconds": 900,
        "MessageAttributes": {
            "a": { "DataType": "String", "StringValue": "v" },
            "b": { "DataType": "Binary", "BinaryValue": "AQI=" },
        },
        "MessageSystemAttributes": {
            "AWSTraceHeader": { "DataType": "String", "StringValue": "Root=1" },
        },
    });
    let message = input::message(&input).unwrap();
    assert_eq!(message.delay_seconds, Some(900));
    assert_eq!(message.trace_header.as_deref(), Some("Root=1"));
    assert_eq!(message.attributes.len(), 2);
}

#[test]
fn a_message_that_cannot_be_read_is_refused() {
    let missing = "com.amazon.coral.service#MissingRequiredParameterException";
    let invalid = "com.amazon.coral.service#InvalidParameterValueException";
    for (input, code) in [
        (json!({}), missing),
        (json!({ "MessageBody": 5 }), "SerializationException"),
        (json!({ "MessageBody": "x", "DelaySeconds": 901 }), invalid),
        (json!({ "MessageBody": "x", "DelaySeconds": -1 }), invalid),
        (
            json!({ "MessageBody": "x", "MessageAttributes": { "a": {} } }),
            invalid,
        ),
        (
            json!({ "MessageBody": "x", "MessageAttributes": {
                "a": { "DataType": "Binary", "BinaryValue": "*" } } }),
            "SerializationException",
        ),
        (
            json!({ "MessageBody": "x", "MessageSystemAttributes": {
                "Other": { "DataType": "String", "StringValue": "v" } } }),
            invalid,
        ),
    ] {
        assert_eq!(input::message(&input).unwrap_err().code, code, "{input}");
    }
}

#[test]
fn every_operation_stands_once_in_the_table() {
    let mut names: Vec<&str> = OPERATIONS.iter().map(|operation| operation.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[tokio::test]
async fn a_permission_is_for_the_queue_that_the_operation_goes_by() {
    let services = crate::test_services();
    let input = json!({ "QueueUrl": "http://localhost/1/mine", "QueueName": "other" });
    for operation in OPERATIONS {
        let named = (operation.resource)(&input, &services);
        let queue = match operation.name {
            "CreateQueue" | "GetQueueUrl" => "other",
            _ => "mine",
        };
        assert_eq!(
            named,
            services.place.arn("sqs", queue),
            "{}",
            operation.name
        );
        assert_eq!((operation.resource)(&json!({}), &services), "*");
        assert_eq!((operation.resource)(&json!([1]), &services), "*");
    }
}
