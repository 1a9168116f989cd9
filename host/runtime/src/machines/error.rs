//! Why the catalogue refused.

use crate::records::RecordError;
use crate::tags::TagError;

/// Why a machine was not made, changed, found or deleted. ARNs are as the caller gave them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MachineError {
    /// No ARN of a machine.
    #[error("Invalid ARN prefix: {0}")]
    InvalidArn(String),
    /// An ARN that names a Distributed Map in a machine, where only machines are taken.
    #[error("{0} names a Distributed Map state")]
    Labelled(String),
    /// There is no such machine, version or alias.
    #[error("State Machine Does Not Exist: '{0}'")]
    NotFound(String),
    /// It was deleted; an execution of it still runs.
    #[error("State Machine Deleting: '{0}'")]
    Deleting(String),
    /// There is another one of this name.
    #[error("State Machine Already Exists: '{0}'")]
    AlreadyExists(String),
    /// There are as many machines as there may be.
    #[error("The maximum number of state machines ({0}) has been reached")]
    TooManyMachines(usize),
    /// The machine has as many versions as it may have.
    #[error("The maximum number of versions ({0}) of a state machine has been reached")]
    TooManyVersions(u64),
    /// The machine has as many aliases as it may have.
    #[error("The maximum number of aliases ({0}) of a state machine has been reached")]
    TooManyAliases(u64),
    /// The revision to be published is not the current one.
    #[error(
        "Failed to publish the State Machine version for revision {asked}. The current State \
         Machine revision is {current}."
    )]
    RevisionConflict {
        /// The revision to be published.
        asked: String,
        /// The current one.
        current: String,
    },
    /// Aliases lead to the version.
    #[error(
        "Version to be deleted must not be referenced by an alias. Current list of aliases \
         referencing this version: [{}]", .0.join(", ")
    )]
    VersionInUse(Vec<String>),
    /// There is another alias of this name.
    #[error(
        "Failed to create alias because an alias with the same name and a different routing \
         configuration already exists."
    )]
    AliasExists,
    /// There is no such alias, or no such version for it to lead to.
    #[error("Request references a resource that does not exist.")]
    ResourceNotFound,
    /// Too many others change the same machine.
    #[error("The state machine is being changed by other requests. Try again.")]
    Busy,
    /// The tags were refused.
    #[error(transparent)]
    Tags(#[from] TagError),
    /// A stored definition is not one that this version of Stepwell reads.
    #[error("the definition of revision {0} cannot be read by this version")]
    Unreadable(String),
    /// The records could not be read or written.
    #[error(transparent)]
    Store(#[from] RecordError),
}
