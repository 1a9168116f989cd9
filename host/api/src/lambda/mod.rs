//! Lambda: its table of operations.

use crate::operation::{Operation, Protocol, Service};

/// The service.
pub const SERVICE: Service = Service {
    name: "lambda",
    protocol: Protocol::RestJson,
    operations: OPERATIONS,
};

const OPERATIONS: &[Operation] = &[];
