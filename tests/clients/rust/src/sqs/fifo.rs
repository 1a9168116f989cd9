//! Queues that keep the order.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};

use crate::checks::{Checks, Step, success};

pub(super) async fn run(sqs: &Client, checks: &Checks) -> Step {
    let created = success!(
        checks,
        CreateQueue,
        sqs.create_queue()
            .queue_name("steps.fifo")
            .attributes(QueueAttributeName::FifoQueue, "true")
            .attributes(QueueAttributeName::ContentBasedDeduplication, "true")
    );
    let url = created.queue_url.unwrap_or_default();
    let send = |body: &str| {
        sqs.send_message()
            .queue_url(&url)
            .message_body(body)
            .message_group_id("order-7")
    };
    let first = success!(checks, SendMessage, send("one"));
    success!(checks, SendMessage, send("two"));
    let again = success!(checks, SendMessage, send("one"));
    checks.equal(
        "SendMessage",
        "the same again is the same message",
        (&again.message_id, &again.sequence_number),
        (&first.message_id, &first.sequence_number),
    );
    let received = success!(
        checks,
        ReceiveMessage,
        sqs.receive_message()
            .queue_url(&url)
            .max_number_of_messages(10)
            .receive_request_attempt_id("attempt")
            .message_system_attribute_names(MessageSystemAttributeName::MessageGroupId)
    );
    let bodies: Vec<_> = received.messages().iter().map(|it| it.body()).collect();
    checks.equal(
        "ReceiveMessage",
        "in the order of the group",
        bodies,
        [Some("one"), Some("two")],
    );
    let groupless = sqs.send_message().queue_url(&url).message_body("three");
    checks.code("SendMessage", "MissingParameter", groupless.send().await);
    Ok(())
}
