//! `sqs:sendMessage` and its `.waitForTaskToken` (ASL.md §7.3): a message for whoever reads the queue.

use std::fmt::Write as _;
use std::sync::Arc;

use asl::{Pattern, Resource};
use engine::{ErrorOutput, Usage};
use md5::{Digest, Md5};
use serde_json::{Value, json};
use shard::RunTask;

use super::{Progress, failed, metadata};
use crate::message::{Hold, Message};
use crate::shell::Shell;

pub(super) async fn send_message(shell: &Arc<Shell>, task: &RunTask) -> Progress {
    let parameters = task.call.parameters.value();
    let Some(queue) = parameters.get("QueueUrl").and_then(Value::as_str) else {
        return failed(ErrorOutput::new(
            "SQS.AmazonSQSException",
            "The request must contain the parameter QueueUrl.",
        ));
    };
    let body = match parameters.get("MessageBody") {
        Some(Value::String(text)) => text.clone(),
        // Anything but text is sent as its compact JSON.
        Some(other) => other.to_string(),
        None => {
            return failed(ErrorOutput::new(
                "SQS.AmazonSQSException",
                "The request must contain the parameter MessageBody.",
            ));
        }
    };
    let id = message_id(&task.call.idempotency_key, task.call.attempt.0);
    let message = Message {
        execution: task.execution.clone(),
        attempt: task.call.attempt,
        state_name: task.call.state_name.clone(),
        queue: queue.into(),
        id: id.clone(),
        body,
        token: task.call.token.clone(),
        _hold: Hold::new(shell),
    };
    let (mut output, sent) = match shell.messages.send(&message, parameters) {
        Some(answer) => match answer.await {
            Ok(output) => (output, true),
            Err(error) => return failed(error),
        },
        None => {
            let output = json!({ "MD5OfMessageBody": hex_md5(&message.body), "MessageId": id });
            (output, false)
        }
    };
    metadata::add(&mut output, &id);
    let waits = matches!(
        task.call.resource,
        Resource::Integration {
            pattern: Pattern::WaitForTaskToken,
            ..
        }
    );
    if waits {
        return Progress::Submitted {
            output: output.into(),
            message: (!sent).then(|| Box::new(message)),
        };
    }
    if !sent {
        shell.messages.deliver(message);
    }
    Progress::Ended {
        result: Ok(output.into()),
        usage: Usage::default(),
    }
}

/// A message id in the form of a UUID, the same when the same attempt is sent again.
fn message_id(idempotency_key: &str, attempt: u64) -> String {
    let name = format!("{idempotency_key}:{attempt}");
    uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, name.as_bytes()).to_string()
}

fn hex_md5(body: &str) -> String {
    let mut hex = String::with_capacity(32);
    for byte in Md5::digest(body) {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_one_that_aws_returns() {
        assert_eq!(hex_md5("hello"), "5d41402abc4b2a76b9719d911017c592");
    }

    #[test]
    fn an_attempt_has_one_message_id_and_the_next_attempt_another() {
        assert_eq!(message_id("k", 1), message_id("k", 1));
        assert_ne!(message_id("k", 1), message_id("k", 2));
    }
}
