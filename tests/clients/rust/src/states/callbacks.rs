//! Callbacks: a queue carries the token to whoever answers.

use std::time::Duration;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::send_task_failure::SendTaskFailureError;
use aws_sdk_sfn::operation::send_task_heartbeat::SendTaskHeartbeatError;
use aws_sdk_sfn::operation::send_task_success::SendTaskSuccessError;
use aws_sdk_sfn::types::{ExecutionStatus, StateMachineType};

use super::{machine, reaches, start};
use crate::checks::{Checks, Step, Stopped, refused, success};

pub(super) async fn run(states: &Client, queues: &aws_sdk_sqs::Client, checks: &Checks) -> Step {
    let queue = queues.create_queue().queue_name("approvals").send().await;
    let queue = checks.done("SendTaskFailure", "a queue for tokens", queue)?;
    let url = queue.queue_url.unwrap_or_default();
    let definition = format!(
        r#"{{"StartAt":"Ask","States":{{"Ask":{{"Type":"Task","End":true,
        "Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters":{{"QueueUrl":"{url}","MessageBody.$":"$$.Task.Token"}}}}}}}}"#
    );
    let kind = StateMachineType::Standard;
    let arn = machine(states, checks, "asking", &definition, kind).await?;

    let approved = start(states, checks, &arn, "approved").await?;
    let token = received(queues, checks, &url).await?;
    let succeed = |token: &str| states.send_task_success().task_token(token).output("true");
    refused!(
        checks,
        SendTaskSuccessError::InvalidOutput,
        succeed(&token).output("{")
    );
    success!(checks, SendTaskSuccess, succeed(&token));
    reaches(states, checks, &approved, ExecutionStatus::Succeeded).await?;

    let rejected = start(states, checks, &arn, "rejected").await?;
    let other = received(queues, checks, &url).await?;
    let fail = |token: &str| states.send_task_failure().task_token(token);
    success!(
        checks,
        SendTaskFailure,
        fail(&other).error("Rejected").cause("too dear")
    );
    let ended = reaches(states, checks, &rejected, ExecutionStatus::Failed).await?;
    checks.equal(
        "SendTaskFailure",
        "is told",
        (ended.error.as_deref(), ended.cause.as_deref()),
        (Some("Rejected"), Some("too dear")),
    );

    let beat = |token: &str| states.send_task_heartbeat().task_token(token);
    refused!(checks, SendTaskSuccessError::TaskTimedOut, succeed(&token));
    refused!(checks, SendTaskFailureError::TaskTimedOut, fail(&token));
    refused!(checks, SendTaskHeartbeatError::TaskTimedOut, beat(&token));
    refused!(checks, SendTaskSuccessError::InvalidToken, succeed("none"));
    refused!(checks, SendTaskFailureError::InvalidToken, fail("none"));
    refused!(checks, SendTaskHeartbeatError::InvalidToken, beat("none"));
    Ok(())
}

/// The body of the next message.
async fn received(queues: &aws_sdk_sqs::Client, checks: &Checks, url: &str) -> Step<String> {
    let receive = queues
        .receive_message()
        .queue_url(url)
        .wait_time_seconds(20)
        .send();
    let message = tokio::time::timeout(Duration::from_secs(25), receive).await;
    let message = checks.done("SendTaskSuccess", "a message with a token", message)?;
    let received = checks.done("SendTaskSuccess", "is received", message)?;
    let message = received
        .messages
        .and_then(|messages| messages.into_iter().next());
    let message = message.ok_or(Stopped)?;
    let delete = queues
        .delete_message()
        .queue_url(url)
        .receipt_handle(message.receipt_handle.unwrap_or_default())
        .send()
        .await;
    checks.done("SendTaskSuccess", "its message is deleted", delete)?;
    message.body.ok_or(Stopped)
}
