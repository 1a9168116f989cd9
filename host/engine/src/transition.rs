//! The only way to write execution state (DESIGN D6): the events of one execution and everything that
//! must become durable with them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::effect::TimerKey;
use crate::event::Event;
use crate::ids::{ExecutionArn, Timestamp};
use crate::state::{Execution, Status};

/// What one commit writes for one execution; all of it or nothing.
#[derive(Clone, Debug)]
pub struct Transition {
    /// Whose.
    pub execution: ExecutionArn,
    /// The shard that owns it.
    pub shard: u32,
    /// The owner's epoch: a commit under an old epoch writes nothing (D5).
    pub epoch: u64,
    /// The last sequence number that the writer believes to be stored; 0: the execution is new, and
    /// its name is claimed by this commit.
    pub expect_seq: u64,
    /// The events, `expect_seq + 1 ..`, without a gap.
    pub events: Arc<[Event]>,
    /// The state after the last of them, when it is worth keeping.
    pub snapshot: Option<Arc<Execution>>,
    /// Changes to the table of timers, in order.
    pub timers: Vec<TimerChange>,
    /// What `ListExecutions` and `DescribeExecution` show.
    pub index: Index,
}

impl Transition {
    /// The sequence number that is stored once this is durable.
    pub fn last_seq(&self) -> u64 {
        self.expect_seq + self.events.len() as u64
    }
}

/// One change to the table of timers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerChange {
    /// Set, or replace.
    Arm(TimerKey, Timestamp),
    /// Remove.
    Disarm(TimerKey),
}

/// An execution as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// ARN of its state machine.
    pub machine_arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Where it stands.
    pub status: Status,
    /// When it was started.
    pub started_at: Timestamp,
    /// When it ended.
    pub stopped_at: Option<Timestamp>,
    /// The version that it was started through.
    pub version_arn: Option<Arc<str>>,
    /// The alias that it was started through.
    pub alias_arn: Option<Arc<str>>,
    /// How often it was redriven.
    pub redrive_count: u32,
    /// When it was redriven last.
    pub redriven_at: Option<Timestamp>,
}
