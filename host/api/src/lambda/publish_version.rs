//! PublishVersion.

use runtime::functions::Publish;

use super::{shape, wire};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "PublishVersion",
    route: Some("POST /2015-03-31/functions/{FunctionName}/versions"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::told_in_lower_case(&call.input);
    let publish = Publish {
        code_sha256: members
            .text("CodeSha256")
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        description: members
            .sized_text("Description", 0, 256)
            .filter(|text| !text.is_empty())
            .map(str::to_owned),
        revision_id: members.text("RevisionId").map(str::to_owned),
    };
    members.finish()?;
    let name = wire::unqualified(&call.input)?;
    let functions = &call.services.functions;
    let made = functions.publish(&name, &publish).await?;
    Ok(wire::created(&shape::qualified(functions, &made)))
}
