//! The services of this endpoint.

use crate::operation::Service;
use crate::{lambda, logs, sqs, states};

/// Every service, in the order in which they are looked through.
pub const SERVICES: &[Service] = &[
    states::SERVICE,
    lambda::SERVICE,
    sqs::SERVICE,
    logs::SERVICE,
];
