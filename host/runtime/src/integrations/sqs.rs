//! `sqs:sendMessage` and its `.waitForTaskToken` (ASL.md §7.3): a message for whoever reads the queue.

use std::sync::Arc;

use asl::{Pattern, Resource};
use engine::{ErrorOutput, Usage};
use serde_json::{Value, json};
use shard::RunTask;

use super::{Progress, attempt_uuid, failed, metadata};
use crate::message::{Hold, Message};
use crate::queues::digest::of_body;
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
    let id = attempt_uuid(&task.call);
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
            let output = json!({ "MD5OfMessageBody": of_body(&message.body), "MessageId": id });
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
