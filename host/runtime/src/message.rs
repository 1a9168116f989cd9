//! Messages that leave an execution: `sqs:sendMessage`, and the tasks of activities.

use std::sync::Arc;

use engine::ExecutionArn;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Whose.
    pub execution: ExecutionArn,
    /// The state that sent it.
    pub state_name: Arc<str>,
    /// `QueueUrl`; for an activity its ARN.
    pub queue: Arc<str>,
    /// Its id.
    pub id: String,
    /// `MessageBody`; for an activity its input.
    pub body: String,
    /// The task token, when the state waits for an answer.
    pub token: Option<Arc<str>>,
}

/// Takes messages. Called after what led to the message is durable; must not block.
pub trait MessageSink: Send + Sync + 'static {
    /// Takes one message.
    fn deliver(&self, message: Message);
}
