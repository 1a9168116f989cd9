//! Step Functions: its table of operations.

mod sensitive;
mod test_state;
mod validate_state_machine_definition;

use self::sensitive::{definition, within};
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

const OPERATIONS: &[Operation] = &[
    test_state::OPERATION,
    validate_state_machine_definition::OPERATION,
];
