//! UntagResource.

use serde_json::Value;

use super::wire;
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "UntagResource",
    route: Some("DELETE /2017-03-31/tags/{Resource}"),
    resource: wire::tagged_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let keys = keys(&call.input);
    if keys.is_empty() {
        return Err(ApiError::validation(
            "1 validation error detected: Value null at 'tagKeys' failed to satisfy constraint: Member must not be null",
        ));
    }
    let name = wire::tagged(&call.input)?;
    call.services.functions.untag(&name, &keys).await?;
    Ok(wire::no_content())
}

/// From the query string: one key is a text, several are a list.
fn keys(input: &Value) -> Vec<String> {
    match input.get("tagKeys") {
        Some(Value::String(key)) => vec![key.clone()],
        Some(Value::Array(keys)) => keys
            .iter()
            .filter_map(|key| key.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_one_text_or_many() {
        assert_eq!(keys(&json!({ "tagKeys": "a" })), ["a"]);
        assert_eq!(keys(&json!({ "tagKeys": ["a", "b"] })), ["a", "b"]);
        assert!(keys(&json!({})).is_empty());
    }
}
