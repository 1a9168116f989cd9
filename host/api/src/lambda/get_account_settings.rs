//! GetAccountSettings.

use serde_json::json;

use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "GetAccountSettings",
    route: Some("GET /2016-08-19/account-settings"),
    resource: |_, _| "*".to_owned(),
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let usage = call.services.functions.account_usage()?;
    Ok(json!({
        "AccountLimit": {
            "TotalCodeSize": usage.code_bytes_max,
            "CodeSizeUnzipped": usage.component_bytes_max,
            "CodeSizeZipped": usage.component_bytes_max,
            "ConcurrentExecutions": usage.guests_max,
            "UnreservedConcurrentExecutions": usage.unreserved_guests,
        },
        "AccountUsage": {
            "TotalCodeSize": usage.code_bytes,
            "FunctionCount": usage.functions,
        },
    })
    .into())
}
