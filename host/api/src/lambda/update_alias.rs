//! UpdateAlias.

use runtime::functions::AliasChange;

use super::{routing, shape, wire};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "UpdateAlias",
    route: Some("PUT /2015-03-31/functions/{FunctionName}/aliases/{Name}"),
    resource: wire::alias_resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::told_in_lower_case(&call.input);
    let name = members.required("Name", 1, 128);
    let version = members.sized_text("FunctionVersion", 1, 1024);
    let description = members.sized_text("Description", 0, 256);
    let revision_id = members.text("RevisionId");
    members.finish()?;
    let change = AliasChange {
        version: version.map(routing::version).transpose()?,
        description: description.map(str::to_owned),
        additional: routing::additional(&call.input)?,
        revision_id: revision_id.map(str::to_owned),
    };
    let function = wire::unqualified(&call.input)?;
    let functions = &call.services.functions;
    let made = functions.update_alias(&function, name, &change).await?;
    Ok(shape::alias(functions, &made).into())
}
