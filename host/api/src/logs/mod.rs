//! CloudWatch Logs: its table of operations.

use crate::operation::{Operation, Protocol, Service};

/// The service.
pub const SERVICE: Service = Service {
    name: "logs",
    protocol: Protocol::AwsJson {
        target_prefix: "Logs_20140328",
        version: "1.1",
    },
    operations: OPERATIONS,
};

const OPERATIONS: &[Operation] = &[];
