//! Messages that leave an execution: `sqs:sendMessage`, and the tasks of activities.

use std::sync::Arc;

use engine::ExecutionArn;

use crate::host::LogLine;
use crate::shell::Shell;

/// One message. While it is there, a skipping clock does not jump: somebody may be about to answer.
#[derive(Clone, Debug)]
pub struct Message {
    /// Whose.
    pub execution: ExecutionArn,
    /// The state that sent it.
    pub state_name: Arc<str>,
    /// `QueueUrl`; for an activity its ARN, for `lambda:invoke.waitForTaskToken` the function.
    pub queue: Arc<str>,
    /// Its id.
    pub id: String,
    /// `MessageBody`; for an activity its input, for a function its event.
    pub body: String,
    /// The task token, when the state waits for an answer.
    pub token: Option<Arc<str>>,
    /// Only kept.
    pub(crate) _hold: Hold,
}

/// Keeps a skipping clock where it is.
pub(crate) struct Hold(Arc<Shell>);

impl Hold {
    pub(crate) fn new(shell: &Arc<Shell>) -> Hold {
        shell.began(1);
        Hold(shell.clone())
    }
}

impl Clone for Hold {
    fn clone(&self) -> Hold {
        Hold::new(&self.0)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.finished(1);
    }
}

impl std::fmt::Debug for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hold")
    }
}

/// Takes messages. Called after what led to the message is durable; must not block.
pub trait MessageSink: Send + Sync + 'static {
    /// Takes one message.
    fn deliver(&self, message: Message);

    /// Takes what an attempt of the function of a state logged, when the attempt is over.
    fn log(&self, execution: &ExecutionArn, state_name: &Arc<str>, lines: Vec<LogLine>) {
        let _ = (execution, state_name, lines);
    }
}
