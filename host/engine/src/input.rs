//! What may happen to an execution. Everything that is not a function of the state comes in here:
//! ids, time and random seeds.

use std::collections::BTreeSet;
use std::sync::Arc;

use expr::Data;

use crate::effect::TimerKey;
use crate::event::{ErrorOutput, Header, Usage};
use crate::ids::AttemptId;

/// One thing that happened, with the randomness its consequences may use.
#[derive(Clone, Debug)]
pub struct Input {
    /// Seed of jitter, `States.UUID` and `States.MathRandom` while this input is worked off.
    pub seed: u64,
    /// What happened.
    pub kind: InputKind,
}

/// The kinds of input. One that names an attempt which is over is dropped (I6).
#[derive(Clone, Debug)]
pub enum InputKind {
    /// Begin. Only legal once, on a new execution.
    Start(Box<Header>),
    /// Go on after the step budget was used up.
    Continue,
    /// The host died and another one goes on with what is durable. What the one before had in hand is
    /// gone: it is run again, or has failed.
    Recovered {
        /// The functions that must not be entered twice (DESIGN D4): they hold an outward grant and
        /// are not idempotent.
        once_only: BTreeSet<Arc<str>>,
    },
    /// An activity worker took the task.
    TaskStarted {
        /// The try.
        attempt: AttemptId,
        /// The worker's name.
        worker: Option<Arc<str>>,
    },
    /// The request of a task that is waited for was answered.
    TaskSubmitted {
        /// The try.
        attempt: AttemptId,
        /// The answer.
        output: Data,
    },
    /// A task ended, in the sandbox, at an integration, or by a callback.
    TaskEnded {
        /// The try.
        attempt: AttemptId,
        /// How.
        result: Result<Data, ErrorOutput>,
        /// What it used.
        usage: Usage,
    },
    /// A task says that it is alive.
    Heartbeat {
        /// The try.
        attempt: AttemptId,
    },
    /// A timer is due.
    Timer(TimerKey),
    /// Several timers are due at the same moment: all of them count before anything follows from one
    /// (recorded from AWS: iterations that time out together are all seen to).
    Timers(Vec<TimerKey>),
    /// RedriveExecution; see [`crate::Execution::is_redrivable`].
    Redrive,
    /// StopExecution.
    Stop(ErrorOutput),
}
