//! Step Functions: its table of operations.

use crate::operation::{Operation, Protocol, Service};

/// The service.
pub const SERVICE: Service = Service {
    name: "states",
    protocol: Protocol::AwsJson {
        target_prefix: "AWSStepFunctions",
        version: "1.0",
    },
    operations: OPERATIONS,
};

const OPERATIONS: &[Operation] = &[];
