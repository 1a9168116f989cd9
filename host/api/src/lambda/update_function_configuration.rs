//! UpdateFunctionConfiguration.

use super::settings::{self, SettingsChange};
use super::{shape, wire};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "UpdateFunctionConfiguration",
    route: Some("PUT /2015-03-31/functions/{FunctionName}/configuration"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::told_in_lower_case(&call.input);
    let change = SettingsChange::read(&mut members);
    let revision_id = members.text("RevisionId");
    members.finish()?;
    settings::refuse_unavailable(&call.input)?;
    let name = wire::unqualified(&call.input)?;
    let functions = &call.services.functions;
    let made = functions
        .update_configuration(&name, revision_id, |settings| change.apply(settings))
        .await?;
    Ok(shape::plain(functions, &made).into())
}
