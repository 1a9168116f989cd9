//! UpdateFunctionCode.

use runtime::functions::CodeChange;

use super::{code, settings, shape, wire};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "UpdateFunctionCode",
    route: Some("PUT /2015-03-31/functions/{FunctionName}/code"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::told_in_lower_case(&call.input);
    let architectures = settings::architectures(&mut members);
    let publish = members.flag("Publish").unwrap_or_default();
    let dry_run = members.flag("DryRun").unwrap_or_default();
    let revision_id = members.text("RevisionId").map(str::to_owned);
    members.finish()?;
    let name = wire::unqualified(&call.input)?;
    let change = CodeChange {
        upload: code::upload(&call.input)?,
        architectures,
        publish,
        dry_run,
        revision_id,
    };
    let functions = &call.services.functions;
    let made = functions.update_code(&name, change).await?;
    Ok(shape::plain(functions, &made).into())
}
