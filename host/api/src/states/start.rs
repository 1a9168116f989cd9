//! What StartExecution and StartSyncExecution have in common: the machine, the name, the input.

use engine::Workflow;
use expr::Data;
use runtime::machines::Resolved;
use runtime::{StartError, StartRequest};

use super::execution_wire::payload;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{ARN_CHARS_MAX, NAME_CHARS_MAX, TRACE_HEADER_CHARS_MAX};
use crate::names::check_name;
use crate::operation::Call;

/// What was asked for, checked.
pub(super) struct Asked {
    machine_arn: String,
    name: Option<String>,
    input: Data,
    trace_header: Option<String>,
}

impl Asked {
    /// Reads it from `members`, and finishes them.
    ///
    /// # Errors
    /// `ValidationException`, `InvalidName`, `InvalidExecutionInput`.
    pub(super) fn read(mut members: Members<'_>, call: &Call) -> Result<Asked, ApiError> {
        let machine_arn = members.required("stateMachineArn", 1, ARN_CHARS_MAX);
        let name = members.sized_text("name", 1, NAME_CHARS_MAX);
        let trace_header = trace_header(&mut members, call);
        let input = payload(&mut members, "input")?;
        members.finish()?;
        if let Some(name) = name {
            check_name(name).map_err(|error| ApiError::new("InvalidName", error.to_string()))?;
        }
        Ok(Asked {
            machine_arn: machine_arn.to_owned(),
            name: name.map(str::to_owned),
            input: input_data(input)?,
            trace_header,
        })
    }

    /// The input as it was given.
    pub(super) fn input(&self) -> &Data {
        &self.input
    }

    /// The machine, by the ARN of itself, a version or an alias.
    ///
    /// # Errors
    /// `InvalidArn`, `StateMachineDoesNotExist`, `StateMachineDeleting`, `ValidationException`.
    pub(super) fn machine(&self, call: &Call) -> Result<Resolved, ApiError> {
        // By a random number an alias chooses a version.
        let seed = call.services.runtime.random();
        Ok(call.services.machines.resolve(&self.machine_arn, seed)?)
    }

    /// The request to the runtime.
    pub(super) fn request(&self, machine: &Resolved) -> StartRequest {
        let (name, input) = (self.name.clone(), self.input.clone());
        StartRequest::of(machine, name, input, self.trace_header.as_deref())
    }
}

/// Whether executions of the machine are Express ones.
pub(super) fn is_express(machine: &Resolved) -> bool {
    machine.revision.kind == Workflow::Express
}

pub(super) fn type_not_supported() -> ApiError {
    ApiError::new(
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
    )
}

/// The header of the request counts more than the member (ASL.md §8.1).
fn trace_header(members: &mut Members<'_>, call: &Call) -> Option<String> {
    let given = members.sized_text("traceHeader", 0, TRACE_HEADER_CHARS_MAX);
    if let Some(text) = given.filter(|text| !text.is_ascii()) {
        let constraint = "Member must satisfy regular expression pattern: \\p{ASCII}*";
        members.breaks("traceHeader", text, constraint);
    }
    let header = call.headers.get("x-amzn-trace-id");
    let usable = |text: &&str| text.is_ascii() && text.len() <= TRACE_HEADER_CHARS_MAX;
    let header = header.map(String::as_str).filter(usable);
    header.or(given).map(str::to_owned)
}

/// `input`: any JSON, kept byte for byte.
fn input_data(input: Option<&str>) -> Result<Data, ApiError> {
    let invalid = |why: &str| {
        ApiError::new(
            "InvalidExecutionInput",
            format!("Invalid State Machine Execution Input: '{why}'"),
        )
    };
    match input {
        None => Data::parse("{}").map_err(|error| invalid(&error.to_string())),
        Some("") => Err(invalid("Invalid execution input.")),
        Some(text) if text.len() > engine::limits::PAYLOAD_BYTES_MAX => Err(invalid(&format!(
            "The input has {} bytes, the limit is {}.",
            text.len(),
            engine::limits::PAYLOAD_BYTES_MAX
        ))),
        Some(text) => Data::parse(text).map_err(|error| invalid(&error.to_string())),
    }
}

/// What the client is told of an execution that was not started.
pub(super) fn start_error(error: StartError) -> ApiError {
    match error {
        StartError::AlreadyExists(arn) => ApiError::new(
            "ExecutionAlreadyExists",
            format!("Execution Already Exists: '{arn}'"),
        ),
        StartError::LimitExceeded => ApiError::new(
            "ExecutionLimitExceeded",
            "Execution Limit Exceeded: 'too many executions are open; wait for some to end'",
        ),
        StartError::InputTooLarge { .. } => ApiError::new(
            "InvalidExecutionInput",
            format!("Invalid State Machine Execution Input: '{error}'"),
        ),
        StartError::Internal(why) => ApiError::internal(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_any_json_and_keeps_its_spacing() {
        for text in ["{ \"a\" : 1 }", "null", "5", "\"x\"", "[ ]"] {
            assert_eq!(input_data(Some(text)).unwrap().text(), text);
        }
        assert_eq!(input_data(None).unwrap().text(), "{}");
    }

    #[test]
    fn an_empty_input_is_refused_in_the_services_words() {
        let refused = input_data(Some("")).unwrap_err();
        assert_eq!(refused.code, "InvalidExecutionInput");
        let text = "Invalid State Machine Execution Input: 'Invalid execution input.'";
        assert_eq!(refused.message, text);
    }

    #[test]
    fn an_input_of_256_kib_is_taken_and_one_byte_more_is_not() {
        let text = |length: usize| format!("\"{}\"", "x".repeat(length - 2));
        assert!(input_data(Some(&text(262_144))).is_ok());
        let refused = input_data(Some(&text(262_145))).unwrap_err();
        assert_eq!(refused.code, "InvalidExecutionInput");
        for broken in ["{", "{'a': 1}", "nul"] {
            let refused = input_data(Some(broken)).unwrap_err();
            assert_eq!(refused.code, "InvalidExecutionInput", "{broken}");
        }
    }
}
