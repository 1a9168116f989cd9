//! Everything that a server is made of, put together in one place.

use std::sync::Arc;

use crate::activities::Activities;
use crate::clock::Clock;
use crate::functions::Functions;
use crate::keys::Keys;
use crate::logs::Logs;
use crate::machines::Machines;
use crate::place::Place;
use crate::queues::Queues;
use crate::records::Records;
use crate::runtime::Runtime;

/// What the operations of the API work on.
pub struct Services {
    /// Where this installation says it is.
    pub place: Place,
    /// Tells the time.
    pub clock: Clock,
    /// Runs executions.
    pub runtime: Runtime,
    /// Reads and writes records.
    pub records: Records,
    /// State machines.
    pub machines: Machines,
    /// Activities.
    pub activities: Arc<Activities>,
    /// Functions.
    pub functions: Arc<Functions>,
    /// Queues.
    pub queues: Arc<Queues>,
    /// Log groups.
    pub logs: Arc<Logs>,
    /// Access keys.
    pub keys: Keys,
}
