//! What the wire says of errors and batches; the queues themselves are tested in `runtime`.

use runtime::queues::QueueError;
use serde_json::{Value, json};

use super::*;

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
