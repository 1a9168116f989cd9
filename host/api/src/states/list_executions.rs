//! ListExecutions: newest first, of a state machine, or of one version or alias of it.

use engine::{ExecutionArn, Status, Timestamp, Workflow};
use runtime::machines::{MachineError, Qualifier};
use runtime::{Cursor, Listing, Services};
use serde_json::{Value, json};

use super::execution_wire::{listed, page_size};
use super::machine_arn::{self, machine_resource};
use super::map_run::{map_run_arn, no_such_map_run};
use super::page_token::Scope;
use super::start::type_not_supported;
use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{ARN_CHARS_MAX, LIST_TOKEN_CHARS_MAX, LONG_ARN_CHARS_MAX};
use crate::operation::{Call, Operation, Reply};
use crate::run;

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "ListExecutions",
    route: None,
    resource: |input, services| match input.get("mapRunArn").and_then(Value::as_str) {
        Some(arn) => arn.to_owned(),
        None => machine_resource(input, services),
    },
    run: run!(list),
};

/// In the order of AWS's message (recorded).
const STATUSES: &[&str] = &[
    "SUCCEEDED",
    "TIMED_OUT",
    "PENDING_REDRIVE",
    "ABORTED",
    "FAILED",
    "RUNNING",
];

async fn list(call: Call) -> Result<Reply, ApiError> {
    let mut members = Members::of(&call.input);
    let machine_arn = members.sized_text("stateMachineArn", 1, ARN_CHARS_MAX);
    let map_run = members.sized_text("mapRunArn", 1, LONG_ARN_CHARS_MAX);
    let status = members.one_of("statusFilter", STATUSES);
    let redriven = members.one_of("redriveFilter", &["REDRIVEN", "NOT_REDRIVEN"]);
    let max = page_size(&mut members);
    let token = members.sized_text("nextToken", 1, LIST_TOKEN_CHARS_MAX);
    members.finish()?;
    let machine_arn = match (machine_arn, map_run) {
        (Some(arn), None) => arn,
        (None, Some(arn)) => {
            map_run_arn(arn)?;
            return Err(no_such_map_run(arn));
        }
        _ => {
            return Err(ApiError::validation(
                "Must specify exactly one of 'stateMachineArn' or 'mapRunArn'",
            ));
        }
    };
    if status == Some("PENDING_REDRIVE") {
        return Err(ApiError::validation(
            "The status filter 'PENDING_REDRIVE' can only be used with 'mapRunArn'",
        ));
    }
    let now = call.services.clock.now();
    let scope = Scope::of("ListExecutions")
        .with(Some(machine_arn))
        .with(status)
        .with(redriven);
    let after = token
        .map(|token| cursor(&scope.place(token, now)?))
        .transpose()?;
    let (machine_arn, qualified_arn) = machine(&call.services, machine_arn)?;
    let listing = Listing {
        machine_arn: machine_arn.into(),
        qualified_arn: qualified_arn.map(Into::into),
        status: status.and_then(status_of),
        redriven: redriven.map(|filter| filter == "REDRIVEN"),
        after,
        // One more, to see whether there is a next page.
        max: max + 1,
    };
    let mut found = call.services.runtime.list(&listing)?;
    let has_more = found.len() > max;
    found.truncate(max);
    let executions: Vec<Value> = found
        .iter()
        .map(|found| listed(&found.execution, &found.index))
        .collect();
    let mut answer = json!({ "executions": executions });
    if let (true, Some(last), Value::Object(answer)) = (has_more, found.last(), &mut answer) {
        let place = place(&last.cursor());
        answer.insert("nextToken".into(), scope.token(&place, now).into());
    }
    Ok(answer.into())
}

/// The ARN of the machine, and that of its version or alias if it is one's executions that are wanted.
fn machine<'a>(services: &Services, arn: &'a str) -> Result<(&'a str, Option<&'a str>), ApiError> {
    let machines = &services.machines;
    let parsed = machine_arn::parse(arn)?;
    let machine = machines.machine(parsed.machine)?;
    if machine.kind == Workflow::Express {
        return Err(type_not_supported());
    }
    match parsed.qualifier {
        None => return Ok((parsed.machine, None)),
        Some(Qualifier::Version(number)) => {
            machines.version(parsed.machine, number)?;
        }
        Some(Qualifier::Alias(name)) => {
            machines.alias(parsed.machine, name)?;
        }
        Some(Qualifier::Label(_)) => return Err(MachineError::Labelled(arn.to_owned()).into()),
    }
    Ok((parsed.machine, Some(arn)))
}

fn status_of(text: &str) -> Option<Status> {
    [
        Status::Running,
        Status::Succeeded,
        Status::Failed,
        Status::TimedOut,
        Status::Aborted,
    ]
    .into_iter()
    .find(|status| status.as_str() == text)
}

fn place(cursor: &Cursor) -> String {
    format!("{} {}", cursor.started_at.0, cursor.execution)
}

fn cursor(place: &str) -> Result<Cursor, ApiError> {
    let read = || {
        let (started_at, execution) = place.split_once(' ')?;
        Some(Cursor {
            started_at: Timestamp(started_at.parse().ok()?),
            execution: ExecutionArn(execution.into()),
        })
    };
    read().ok_or_else(|| ApiError::new("InvalidToken", "Invalid Token: 'Invalid token'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_read_as_it_was_written() {
        let at = Cursor {
            started_at: Timestamp(1_700_000_000_123_456),
            execution: ExecutionArn("arn:aws:states:us-east-1:1:execution:a:b".into()),
        };
        assert_eq!(cursor(&place(&at)), Ok(at));
        assert!(cursor("nonsense").is_err());
    }

    #[test]
    fn every_filter_but_pending_redrive_is_a_status_of_the_engines() {
        for text in STATUSES {
            assert_eq!(status_of(text).is_some(), *text != "PENDING_REDRIVE");
        }
    }
}
