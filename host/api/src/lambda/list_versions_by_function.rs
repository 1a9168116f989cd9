//! ListVersionsByFunction.

use runtime::functions::Version;

use super::page::{self, Page};
use super::{shape, wire};
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ListVersionsByFunction",
    route: Some("GET /2015-03-31/functions/{FunctionName}/versions"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let name = wire::unqualified(&call.input)?;
    let page = Page::read(&call.input)?;
    let version = |text| Version::parse(text).ok_or_else(page::invalid_marker);
    let after = page.after.as_deref().map(version).transpose()?;
    let functions = &call.services.functions;
    let (found, next) = functions.list_versions(&name, after, page.max)?;
    let shown = found.iter().map(|found| shape::qualified(functions, found));
    Ok(page::answer(
        "Versions",
        shown.collect(),
        next.map(|next| next.to_string()),
    ))
}
