//! What the operations of Lambda have in common: which function a request is about, and how it is
//! answered.

use bytes::Bytes;
use runtime::Services;
use runtime::functions::{FunctionReference, Functions};
use serde_json::Value;

use super::failure::invalid;
use crate::error::ApiError;
use crate::operation::Reply;

/// The function that `FunctionName` and `Qualifier` name.
///
/// # Errors
/// ValidationException for what is no name of a function; InvalidParameterValueException for two
/// qualifiers.
pub(super) fn reference(input: &Value) -> Result<FunctionReference, ApiError> {
    let reference = named(input, "FunctionName", "functionName")?;
    let qualifier = match input.get("Qualifier") {
        Some(Value::String(text)) => Some(text.as_str()),
        _ => None,
    };
    Ok(reference.qualified(qualifier)?)
}

/// The same where a version or an alias cannot be meant.
pub(super) fn unqualified(input: &Value) -> Result<String, ApiError> {
    let reference = named(input, "FunctionName", "functionName")?;
    match reference.qualifier.as_deref() {
        None | Some("$LATEST") => Ok(reference.name),
        Some(_) => Err(invalid(
            "This operation is permitted on function ARNs without a version or an alias only.",
        )),
    }
}

/// The function that the ARN of a resource names.
pub(super) fn tagged(input: &Value) -> Result<String, ApiError> {
    let reference = named(input, "Resource", "resource")?;
    match reference.qualifier {
        None => Ok(reference.name),
        Some(_) => Err(invalid(
            "Tags on function aliases and versions are not supported. Please specify a function ARN.",
        )),
    }
}

fn named(input: &Value, member: &str, told: &str) -> Result<FunctionReference, ApiError> {
    let text = input
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default();
    let read = FunctionReference::parse(text);
    read.ok_or_else(|| {
        let shown: String = text.chars().take(256).collect();
        ApiError::validation(format!(
            "1 validation error detected: Value '{shown}' at '{told}' failed to satisfy constraint: Member must be the name or the ARN of a function"
        ))
    })
}

/// What a permission has to name: the ARN of the function, with the qualifier if there is one.
pub(super) fn resource(input: &Value, services: &Services) -> String {
    let Ok(reference) = reference(input) else {
        return "*".to_owned();
    };
    arn(&services.functions, &reference)
}

/// The same of the operations on one alias.
pub(super) fn alias_resource(input: &Value, services: &Services) -> String {
    match unqualified(input) {
        Ok(name) => services.functions.qualified_arn(&name, alias_name(input)),
        Err(_) => "*".to_owned(),
    }
}

/// `Name`, which is a part of the path.
pub(super) fn alias_name(input: &Value) -> &str {
    input
        .get("Name")
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The ARN as it was asked for.
pub(super) fn arn(functions: &Functions, reference: &FunctionReference) -> String {
    match &reference.qualifier {
        Some(qualifier) => functions.qualified_arn(&reference.name, qualifier),
        None => functions.arn(&reference.name),
    }
}

/// The same of the operations on tags.
pub(super) fn tagged_resource(input: &Value, services: &Services) -> String {
    match tagged(input) {
        Ok(name) => services.functions.arn(&name),
        Err(_) => "*".to_owned(),
    }
}

/// 201 with these members.
pub(super) fn created(value: &Value) -> Reply {
    Reply::Raw {
        status: 201,
        headers: vec![("content-type", "application/json".to_owned())],
        body: Bytes::from(value.to_string()),
    }
}

/// 204.
pub(super) fn no_content() -> Reply {
    Reply::Raw {
        status: 204,
        headers: Vec::new(),
        body: Bytes::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_qualifier_is_in_the_name_or_beside_it() {
        let read = |input: Value| reference(&input).map(|read| (read.name, read.qualifier));
        let expected = || Ok(("pay".to_owned(), Some("1".to_owned())));
        assert_eq!(read(json!({"FunctionName": "pay:1"})), expected());
        assert_eq!(
            read(json!({"FunctionName": "pay", "Qualifier": "1"})),
            expected()
        );
        assert_eq!(
            read(json!({"FunctionName": "pay:1", "Qualifier": "1"})),
            expected()
        );
        let refused = read(json!({"FunctionName": "pay:1", "Qualifier": "2"})).unwrap_err();
        assert_eq!(refused.code, "InvalidParameterValueException");
    }

    #[test]
    fn what_is_no_name_is_a_validation_error_whatever_it_is() {
        for input in [
            json!({}),
            json!({"FunctionName": 5}),
            json!({"FunctionName": "a b"}),
        ] {
            let refused = reference(&input).unwrap_err();
            assert_eq!(refused.code, "ValidationException");
            assert!(refused.message.contains("'functionName'"));
        }
    }
}
