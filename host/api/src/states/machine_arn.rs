//! ARNs of machines, versions and aliases in inputs (ASL.md §8.5).

use runtime::Services;
use runtime::machines::{MachineArn, MachineError, Qualifier};
use serde_json::Value;

use super::execution_wire::wrong_kind;
use super::machine_error::invalid_arn;
use crate::error::ApiError;
use crate::names::{Arn, check_name};

/// Takes the ARN of a machine, version or alias apart.
///
/// # Errors
/// `InvalidArn`; `ValidationException` for the ARN of a Distributed Map in a machine.
pub(super) fn parse(arn: &str) -> Result<MachineArn<'_>, ApiError> {
    let parsed = MachineArn::parse(arn).filter(|parsed| check_name(parsed.name).is_ok());
    match parsed {
        Some(MachineArn {
            qualifier: Some(Qualifier::Label(_)),
            ..
        }) => Err(MachineError::Labelled(arn.to_owned()).into()),
        Some(parsed) => Ok(parsed),
        None => Err(not_a_machine(arn)),
    }
}

/// The ARN of a machine that names neither version nor alias; those are no machines.
///
/// # Errors
/// `InvalidArn`, `ValidationException`, `StateMachineDoesNotExist`.
pub(super) fn unqualified(arn: &str) -> Result<&str, ApiError> {
    match parse(arn)?.qualifier {
        None => Ok(arn),
        Some(_) => Err(MachineError::NotFound(arn.to_owned()).into()),
    }
}

/// The ARN of a version: the machine's ARN and the number.
///
/// # Errors
/// `InvalidArn`, `ValidationException`.
pub(super) fn version(arn: &str) -> Result<(&str, u64), ApiError> {
    let parsed = parse(arn)?;
    match parsed.qualifier {
        Some(Qualifier::Version(number)) => Ok((parsed.machine, number)),
        _ => Err(invalid_arn(&format!("Not the ARN of a version: {arn}"))),
    }
}

/// The ARN of an alias: the machine's ARN and the alias's name.
///
/// # Errors
/// `InvalidArn`, `ValidationException`.
pub(super) fn alias(arn: &str) -> Result<(&str, &str), ApiError> {
    let parsed = parse(arn)?;
    match parsed.qualifier {
        Some(Qualifier::Alias(name)) => Ok((parsed.machine, name)),
        _ => Err(invalid_arn(&format!("Not the ARN of an alias: {arn}"))),
    }
}

/// An ARN of the service that is no machine's says so; anything else is no ARN of the service.
fn not_a_machine(arn: &str) -> ApiError {
    match Arn::parse(arn) {
        Ok(Arn::StateMachine { .. }) | Err(_) => MachineError::InvalidArn(arn.to_owned()).into(),
        Ok(_) => wrong_kind(arn),
    }
}

/// What a permission has to name for an operation on the machine, version or alias of this member.
pub(super) fn named_by(input: &Value, member: &str) -> String {
    let arn = input.get(member).and_then(Value::as_str);
    arn.unwrap_or("*").to_owned()
}

/// What a permission has to name for an operation that takes `stateMachineArn`.
pub(super) fn machine_resource(input: &Value, _: &Services) -> String {
    named_by(input, "stateMachineArn")
}

/// What a permission has to name for an operation that takes `stateMachineAliasArn`.
pub(super) fn alias_resource(input: &Value, _: &Services) -> String {
    named_by(input, "stateMachineAliasArn")
}

/// What a permission has to name for an operation that takes `resourceArn`.
pub(super) fn tagged_resource(input: &Value, _: &Services) -> String {
    named_by(input, "resourceArn")
}
