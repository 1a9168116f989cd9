//! SendTaskSuccess.

use expr::Data;

use super::callback::{callback_error, token};
use super::execution_wire::{by_any, payload};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "SendTaskSuccess",
    route: None,
    resource: by_any,
    run: run!(send),
};

async fn send(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let token = token(&mut members);
    if members.value("output").is_none() {
        members.missing("output");
    }
    let output = payload(&mut members, "output")?;
    members.finish()?;
    let output = output_data(output.unwrap_or_default())?;
    let sent = call.services.runtime.send_task_success(token, output);
    sent.await.map_err(callback_error)?;
    Ok(Reply::empty())
}

fn output_data(text: &str) -> Result<Data, ApiError> {
    let invalid = |why: String| ApiError::new("InvalidOutput", format!("Invalid Output: '{why}'"));
    if text.len() > engine::limits::PAYLOAD_BYTES_MAX {
        let limit = engine::limits::PAYLOAD_BYTES_MAX;
        return Err(invalid(format!(
            "The output has {} bytes, the limit is {limit}.",
            text.len()
        )));
    }
    Data::parse(text).map_err(|error| invalid(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_json_of_at_most_256_kib() {
        let text = |length: usize| format!("\"{}\"", "x".repeat(length - 2));
        assert!(output_data(&text(262_144)).is_ok());
        for refused in [text(262_145), "{".to_owned(), String::new()] {
            assert_eq!(output_data(&refused).unwrap_err().code, "InvalidOutput");
        }
    }
}
