//! DescribeMapRun.

use super::execution_wire::by_map_run;
use super::map_run::{map_run_arn, no_such_map_run};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::LONG_ARN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "DescribeMapRun",
    route: None,
    resource: by_map_run,
    run: run!(describe),
};

async fn describe(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("mapRunArn", 1, LONG_ARN_CHARS_MAX);
    members.finish()?;
    map_run_arn(arn)?;
    Err(no_such_map_run(arn))
}
