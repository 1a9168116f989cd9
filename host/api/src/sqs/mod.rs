//! SQS: its table of operations.

use crate::operation::{Operation, Protocol, Service};

/// The service.
pub const SERVICE: Service = Service {
    name: "sqs",
    protocol: Protocol::AwsJson {
        target_prefix: "AmazonSQS",
        version: "1.0",
    },
    operations: OPERATIONS,
};

const OPERATIONS: &[Operation] = &[];
