//! SQS: its table of operations.
//!
//! Queues are found by the last part of their URL: whatever host and account a URL says, it names the
//! queue of this installation. `input.rs` reads, `answer.rs` and `fault.rs` write the wire's shapes.

mod answer;
mod batch;
mod change_message_visibility;
mod change_message_visibility_batch;
mod create_queue;
mod delete_message;
mod delete_message_batch;
mod delete_queue;
mod fault;
mod get_queue_attributes;
mod get_queue_url;
mod input;
mod list_dead_letter_source_queues;
mod list_queue_tags;
mod list_queues;
mod page;
mod purge_queue;
mod receive_message;
mod send_message;
mod send_message_batch;
mod set_queue_attributes;
mod tag_queue;
mod untag_queue;

use runtime::Services;
use serde_json::Value;

use crate::operation::{Call, CallFuture, Operation, Protocol, Service};

/// The service.
pub const SERVICE: Service = Service {
    name: "sqs",
    protocol: Protocol::AwsJson {
        target_prefix: "AmazonSQS",
        version: "1.0",
    },
    operations: OPERATIONS,
};

const OPERATIONS: &[Operation] = &[
    operation(
        "ChangeMessageVisibility",
        crate::run!(change_message_visibility::run),
    ),
    operation(
        "ChangeMessageVisibilityBatch",
        crate::run!(change_message_visibility_batch::run),
    ),
    by_name("CreateQueue", crate::run!(create_queue::run)),
    operation("DeleteMessage", crate::run!(delete_message::run)),
    operation("DeleteMessageBatch", crate::run!(delete_message_batch::run)),
    operation("DeleteQueue", crate::run!(delete_queue::run)),
    operation("GetQueueAttributes", crate::run!(get_queue_attributes::run)),
    by_name("GetQueueUrl", crate::run!(get_queue_url::run)),
    operation(
        "ListDeadLetterSourceQueues",
        crate::run!(list_dead_letter_source_queues::run),
    ),
    operation("ListQueueTags", crate::run!(list_queue_tags::run)),
    operation("ListQueues", crate::run!(list_queues::run)),
    operation("PurgeQueue", crate::run!(purge_queue::run)),
    operation("ReceiveMessage", crate::run!(receive_message::run)),
    operation("SendMessage", crate::run!(send_message::run)),
    operation("SendMessageBatch", crate::run!(send_message_batch::run)),
    operation("SetQueueAttributes", crate::run!(set_queue_attributes::run)),
    operation("TagQueue", crate::run!(tag_queue::run)),
    operation("UntagQueue", crate::run!(untag_queue::run)),
];

const fn operation(name: &'static str, run: fn(Call) -> CallFuture) -> Operation {
    Operation {
        name,
        route: None,
        resource: |input, services| resource(input, "QueueUrl", services),
        run,
    }
}

/// An operation that takes a name.
const fn by_name(name: &'static str, run: fn(Call) -> CallFuture) -> Operation {
    Operation {
        resource: |input, services| resource(input, "QueueName", services),
        ..operation(name, run)
    }
}

/// The queue that this member names; `*` where it names none. Only the member that the operation itself
/// goes by: what another says must not open a queue.
fn resource(input: &Value, member: &str, services: &Services) -> String {
    let named = input.get(member).and_then(Value::as_str);
    let name = named.map(input::name_in_url);
    name.map_or_else(|| "*".to_owned(), |name| services.place.arn("sqs", name))
}

#[cfg(test)]
mod tests;
