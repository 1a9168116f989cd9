//! Who sends a request, and whether they may. Refusals are in AWS's words; none says more of a key than
//! that it will not do.

use std::sync::Arc;

use http::request::Parts;
use runtime::keys::{Denied, KeyId};
use runtime::{Key, Place};

use super::backend::Backend;
use super::sigv4::{Claim, SignatureError, SigningKeys};
use crate::error::ApiError;
use crate::operation::{Operation, Service};

/// Whose request it is, if its signature is true.
pub(super) struct Sender<'a> {
    claim: Claim<'a>,
    key: Arc<Key>,
}

/// Whose request it says it is: all that can be refused before a byte of the body is read, so that it
/// takes a key to make the server keep a body.
///
/// # Errors
/// `MissingAuthenticationTokenException`, `IncompleteSignatureException`, `InvalidSignatureException`,
/// `UnrecognizedClientException`, all 403.
pub(super) fn claimed<'a>(
    backend: &dyn Backend,
    service: &'static Service,
    head: &'a Parts,
) -> Result<Sender<'a>, ApiError> {
    let claim = Claim::of(head).map_err(refused)?;
    let now = backend.clock().now();
    claim.check(head, service.name, now).map_err(refused)?;
    let key = find(backend, claim.key_id)?;
    // Keys here have no sessions: a token belongs to some other key.
    if head.headers.contains_key("x-amz-security-token") {
        return Err(unrecognized());
    }
    Ok(Sender { claim, key })
}

impl Sender<'_> {
    /// Whose request it is.
    ///
    /// # Errors
    /// `InvalidSignatureException`.
    pub(super) fn verify(
        self,
        head: &Parts,
        body: &[u8],
        derived: &SigningKeys,
    ) -> Result<Arc<Key>, ApiError> {
        let verified = self.claim.verify(head, body, &self.key, derived);
        verified.map_err(refused)?;
        Ok(self.key)
    }
}

fn find(backend: &dyn Backend, id: &str) -> Result<Arc<Key>, ApiError> {
    let id = KeyId::parse(id).ok_or_else(unrecognized)?;
    match backend.keys().find(&id) {
        Ok(Some(key)) if !key.disabled => Ok(key),
        Ok(_) => Err(unrecognized()),
        // Which file, and why, is for whoever runs the server: `stepwell keys list` tells.
        Err(_) => Err(ApiError::internal("The access key cannot be read.")),
    }
}

/// That the key's statements allow it.
///
/// # Errors
/// `AccessDeniedException`.
pub(super) fn authorize(
    key: &Key,
    place: &Place,
    service: &Service,
    operation: &Operation,
    resource: &str,
) -> Result<(), ApiError> {
    let action = action(service.name, operation.name);
    let Err(denied) = key.authorize(&action, resource) else {
        return Ok(());
    };
    let Place {
        partition, account, ..
    } = place;
    let user = key.user();
    let because = match denied {
        Denied::Unsaid => format!("because no identity-based policy allows the {action} action"),
        Denied::Explicit => String::from("with an explicit deny in an identity-based policy"),
    };
    let text = format!(
        "User: arn:{partition}:iam::{account}:user/{user} is not authorized to perform: {action} \
         on resource: {resource} {because}"
    );
    let error = ApiError::new("AccessDeniedException", text);
    Err(match service.name {
        "lambda" | "sqs" => error.with_status(403),
        _ => error,
    })
}

/// What permissions call an operation: its name, but for these.
fn action(service: &str, operation: &str) -> String {
    let name = match (service, operation) {
        ("lambda", "Invoke" | "InvokeWithResponseStream") => "InvokeFunction",
        ("sqs", "SendMessageBatch") => "SendMessage",
        ("sqs", "DeleteMessageBatch") => "DeleteMessage",
        ("sqs", "ChangeMessageVisibilityBatch") => "ChangeMessageVisibility",
        (_, operation) => operation,
    };
    format!("{service}:{name}")
}

fn refused(error: SignatureError) -> ApiError {
    let code = match error {
        SignatureError::Missing => "MissingAuthenticationTokenException",
        SignatureError::Incomplete(_) => "IncompleteSignatureException",
        SignatureError::Invalid(_) | SignatureError::Mismatch => "InvalidSignatureException",
    };
    ApiError::new(code, error.to_string()).with_status(403)
}

fn unrecognized() -> ApiError {
    let text = "The security token included in the request is invalid.";
    ApiError::new("UnrecognizedClientException", text).with_status(403)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_what_aws_calls_it_in_permissions() {
        assert_eq!(action("states", "StartExecution"), "states:StartExecution");
        assert_eq!(action("lambda", "Invoke"), "lambda:InvokeFunction");
        assert_eq!(action("sqs", "SendMessageBatch"), "sqs:SendMessage");
        assert_eq!(
            action("lambda", "SendMessageBatch"),
            "lambda:SendMessageBatch"
        );
    }
}
