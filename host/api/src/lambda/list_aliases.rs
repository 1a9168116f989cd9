//! ListAliases.

use serde_json::Value;

use super::page::{self, Page};
use super::{routing, shape, wire};
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ListAliases",
    route: Some("GET /2015-03-31/functions/{FunctionName}/aliases"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let function = wire::unqualified(&call.input)?;
    let page = Page::read(&call.input)?;
    let version = call.input.get("FunctionVersion").and_then(Value::as_str);
    let version = version.map(routing::version).transpose()?;
    let functions = &call.services.functions;
    let after = page.after.as_deref();
    let (found, next) = functions.list_aliases(&function, version, after, page.max)?;
    let shown = found.iter().map(|found| shape::alias(functions, found));
    Ok(page::answer("Aliases", shown.collect(), next))
}
