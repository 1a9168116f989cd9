//! GetFunction.

use serde_json::{Map, Value, json};

use super::{shape, wire};
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "GetFunction",
    route: Some("GET /2015-03-31/functions/{FunctionName}"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let reference = wire::reference(&call.input)?;
    let functions = &call.services.functions;
    let qualifier = reference.qualifier.as_deref();
    let (record, configuration) = functions.get(&reference.name, qualifier)?;
    let arn = wire::arn(functions, &reference);
    let mut answer = Map::new();
    let shown = shape::of(&configuration, &arn);
    answer.insert("Configuration".to_owned(), shown);
    // Code cannot be fetched again; whoever uploaded it has it.
    answer.insert("Code".to_owned(), json!({ "RepositoryType": "Stepwell" }));
    if !record.tags.is_empty() {
        answer.insert("Tags".to_owned(), json!(record.tags));
    }
    if let Some(reserved) = record.reserved {
        let concurrency = json!({ "ReservedConcurrentExecutions": reserved });
        answer.insert("Concurrency".to_owned(), concurrency);
    }
    Ok(Value::Object(answer).into())
}
