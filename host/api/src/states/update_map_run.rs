//! UpdateMapRun.

use super::execution_wire::by_map_run;
use super::map_run::{map_run_arn, no_such_map_run};
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::LONG_ARN_CHARS_MAX;
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "UpdateMapRun",
    route: None,
    resource: by_map_run,
    run: run!(update),
};

async fn update(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let arn = members.required("mapRunArn", 1, LONG_ARN_CHARS_MAX);
    members.number("maxConcurrency", 0, i64::from(i32::MAX));
    members.number("toleratedFailureCount", 0, i64::MAX);
    percentage(&mut members);
    members.finish()?;
    map_run_arn(arn)?;
    Err(no_such_map_run(arn))
}

fn percentage(members: &mut Members<'_>) {
    let name = "toleratedFailurePercentage";
    let Some(percent) = members.value(name).and_then(serde_json::Value::as_f64) else {
        // Absent, or of another type, which this says.
        members.number(name, 0, 100);
        return;
    };
    let text = percent.to_string();
    if percent < 0.0 {
        let constraint = "Member must have value greater than or equal to 0";
        members.breaks(name, &text, constraint);
    } else if percent > 100.0 {
        let constraint = "Member must have value less than or equal to 100";
        members.breaks(name, &text, constraint);
    }
}
