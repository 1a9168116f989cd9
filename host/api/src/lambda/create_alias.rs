//! CreateAlias.

use runtime::functions::NewAlias;

use super::{routing, shape, wire};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "CreateAlias",
    route: Some("POST /2015-03-31/functions/{FunctionName}/aliases"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::told_in_lower_case(&call.input);
    let name = members.required("Name", 1, 128).to_owned();
    let version = members.required("FunctionVersion", 1, 1024).to_owned();
    let description = members.sized_text("Description", 0, 256);
    let description = description.unwrap_or_default().to_owned();
    members.finish()?;
    let functions = &call.services.functions;
    let new = NewAlias {
        function: wire::unqualified(&call.input)?,
        name,
        version: routing::version(&version)?,
        description,
        additional: routing::additional(&call.input)?.flatten(),
    };
    let made = functions.create_alias(&new).await?;
    Ok(wire::created(&shape::alias(functions, &made)))
}
