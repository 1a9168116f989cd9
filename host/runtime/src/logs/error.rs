//! Why the logs did not do what they were asked.

use super::pattern::PatternError;
use crate::records::RecordError;

/// In CloudWatch Logs' terms, with its sentences where they are known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogsError {
    /// There is no such group.
    #[error("The specified log group does not exist.")]
    GroupNotFound,
    /// There is no such stream in the group.
    #[error("The specified log stream does not exist.")]
    StreamNotFound,
    /// There is a group of this name.
    #[error("The specified log group already exists")]
    GroupExists,
    /// There is a stream of this name in the group.
    #[error("The specified log stream already exists")]
    StreamExists,
    /// A parameter that breaks a rule.
    #[error("{0}")]
    InvalidParameter(String),
    /// The pattern cannot be read.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// Too much of something; a limit of [`crate::limits`].
    #[error("{0}")]
    LimitExceeded(String),
    /// The group has as many tags as it may have.
    #[error("The resource has too many tags: at most 50 are allowed.")]
    TooManyTags,
    /// More waits to be written than may wait.
    #[error("The log events come faster than they can be written. Try again.")]
    Overloaded,
    /// The store failed, or the host is going down.
    #[error(transparent)]
    Records(#[from] RecordError),
}
