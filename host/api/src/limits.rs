//! Every limit of the wire shapes, with its unit and source.

/// Length of the name of a state machine, execution or activity (characters). Source: AWS API model.
pub const NAME_CHARS_MAX: usize = 80;

/// Length of an ARN (characters). Source: AWS API model.
pub const ARN_CHARS_MAX: usize = 256;

/// Entries of an SQS batch. Source: SQS quotas.
pub const BATCH_ENTRIES_MAX: usize = 10;

/// Length of the id of an entry of an SQS batch (characters). Source: SQS API reference.
pub const BATCH_ID_CHARS_MAX: usize = 80;

/// Messages of an SQS batch together (bytes). Source: SQS quotas.
pub const BATCH_BYTES_MAX: u64 = 1_048_576;

/// Queues on a page of a list. Source: SQS API reference.
pub const QUEUES_PER_PAGE_MAX: usize = 1_000;
