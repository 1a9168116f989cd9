//! What the catalogue of machines refuses, in AWS's codes.

use runtime::machines::MachineError;
use runtime::tags::TagError;

use crate::error::ApiError;

/// The reason that AWS gives when the ARN of a Distributed Map is not taken.
const LABELLED: &str = "API_DOES_NOT_SUPPORT_LABELED_ARNS";

impl From<MachineError> for ApiError {
    fn from(error: MachineError) -> ApiError {
        let text = error.to_string();
        match error {
            MachineError::InvalidArn(_) => invalid_arn(&text),
            MachineError::Labelled(_) => ApiError::validation(text).with("reason", LABELLED),
            MachineError::NotFound(_) => ApiError::new("StateMachineDoesNotExist", text),
            MachineError::Deleting(_) => ApiError::new("StateMachineDeleting", text),
            MachineError::AlreadyExists(_) => ApiError::new("StateMachineAlreadyExists", text),
            MachineError::TooManyMachines(_) => ApiError::new("StateMachineLimitExceeded", text),
            MachineError::TooManyVersions(_) | MachineError::TooManyAliases(_) => {
                ApiError::new("ServiceQuotaExceededException", text).with_status(402)
            }
            MachineError::RevisionConflict { .. }
            | MachineError::VersionInUse(_)
            | MachineError::AliasExists
            | MachineError::Busy => conflict(text),
            MachineError::ResourceNotFound => ApiError::new("ResourceNotFound", text),
            MachineError::Tags(error) => error.into(),
            MachineError::Unreadable(_) => ApiError::internal(text),
            MachineError::Store(error) => error.into(),
        }
    }
}

impl From<TagError> for ApiError {
    fn from(error: TagError) -> ApiError {
        let text = error.to_string();
        match error {
            TagError::TooMany => ApiError::new("TooManyTags", text),
            TagError::Busy => conflict(text),
            TagError::Store(error) => error.into(),
        }
    }
}

/// `InvalidArn`, in AWS's way of putting it.
pub(super) fn invalid_arn(why: &str) -> ApiError {
    ApiError::new("InvalidArn", format!("Invalid Arn: '{why}'"))
}

/// `ResourceNotFound` of this ARN.
pub(super) fn resource_not_found(arn: &str) -> ApiError {
    let text = MachineError::ResourceNotFound.to_string();
    ApiError::new("ResourceNotFound", text).with("resourceName", arn)
}

fn conflict(text: String) -> ApiError {
    ApiError::new("ConflictException", text).with_status(409)
}
