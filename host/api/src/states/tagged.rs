//! What tags may be on: machines and activities, not their versions and aliases.

use runtime::Services;
use runtime::machines::{MachineArn, MachineError, MachineStatus};

use super::machine_error::{invalid_arn, resource_not_found};
use crate::error::ApiError;
use crate::names::Arn;

/// Whether this is a machine or an activity that there is.
///
/// # Errors
/// `InvalidArn`, `ResourceNotFound`.
pub(super) fn check(services: &Services, arn: &str) -> Result<(), ApiError> {
    if let Some(parsed) = MachineArn::parse(arn) {
        if parsed.qualifier.is_some() {
            return Err(resource_not_found(arn));
        }
        return match services.machines.machine(arn) {
            Ok(machine) if machine.status == MachineStatus::Active => Ok(()),
            Ok(_) | Err(MachineError::NotFound(_)) => Err(resource_not_found(arn)),
            Err(error) => Err(error.into()),
        };
    }
    match Arn::parse(arn) {
        Ok(Arn::Activity { .. }) => match services.activities.exists(arn)? {
            true => Ok(()),
            false => Err(resource_not_found(arn)),
        },
        Ok(_) => Err(invalid_arn(&format!(
            "Only state machines and activities have tags: {arn}"
        ))),
        Err(error) => Err(ApiError::new("InvalidArn", error.to_string())),
    }
}
