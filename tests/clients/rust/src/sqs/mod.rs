//! SQS.

mod batches;
mod fifo;
mod messages;
mod queues;

use aws_sdk_sqs::Client;

use crate::checks::{Checks, Step, Stopped, success};
use crate::connect::Server;

/// All stories of the service.
pub async fn run(server: &Server, checks: &Checks) {
    let sqs = &server.queues();
    // A story that has to stop has said why.
    let _ = tokio::join!(
        queues::run(sqs, checks),
        messages::run(sqs, checks),
        batches::run(sqs, checks),
        fifo::run(sqs, checks),
    );
}

/// A queue of this name; gives its URL.
async fn queue(sqs: &Client, checks: &Checks, name: &str) -> Step<String> {
    let created = success!(checks, CreateQueue, sqs.create_queue().queue_name(name));
    created.queue_url.ok_or(Stopped)
}

/// The URL of a queue that there is not.
fn nowhere(url: &str) -> String {
    let end = url.rfind('/').unwrap_or_default();
    format!("{}/nowhere", &url[..end])
}
