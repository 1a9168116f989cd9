//! Executions and their histories.

use std::time::{Duration, SystemTime};

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionError;
use aws_sdk_sfn::operation::describe_state_machine_for_execution::DescribeStateMachineForExecutionError;
use aws_sdk_sfn::operation::get_execution_history::GetExecutionHistoryError;
use aws_sdk_sfn::operation::list_executions::ListExecutionsError;
use aws_sdk_sfn::operation::start_execution::StartExecutionError;
use aws_sdk_sfn::operation::stop_execution::StopExecutionError;
use aws_sdk_sfn::types::{ExecutionStatus, HistoryEventType, IncludedData, StateMachineType};

use super::{NOWHERE, PASS, WAIT, machine, reaches, start};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(states: &Client, checks: &Checks) -> Step {
    let kind = StateMachineType::Standard;
    let arn = machine(states, checks, "executed", PASS, kind.clone()).await?;
    let execution = started(states, checks, &arn).await?;
    not_started(states, checks, &arn).await?;
    described(states, checks, &execution).await?;
    listed(states, checks, &arn).await?;
    told(states, checks, &execution).await?;
    let waiting = machine(states, checks, "waiting", WAIT, kind).await?;
    stopped(states, checks, &waiting).await
}

async fn started(states: &Client, checks: &Checks, arn: &str) -> Step<String> {
    let begin = || {
        states
            .start_execution()
            .state_machine_arn(arn)
            .name("one")
            .input(r#"{"order": 7}"#)
            .trace_header("Root=1-5759e988-bd862e3fe1be46a994272793")
    };
    let first = success!(checks, StartExecution, begin());
    let start_date = SystemTime::try_from(first.start_date);
    let age = start_date.map(|start| SystemTime::now().duration_since(start));
    let is_now = matches!(age, Ok(Ok(age)) if age < Duration::from_secs(60));
    checks.holds("StartExecution", "has started now", is_now);
    let ended = reaches(
        states,
        checks,
        &first.execution_arn,
        ExecutionStatus::Succeeded,
    )
    .await?;
    checks.equal(
        "DescribeExecution",
        "shows input and output as they are",
        (ended.input.as_deref(), ended.output.as_deref()),
        (Some(r#"{"order": 7}"#), Some(r#"{"order": 7}"#)),
    );
    checks.holds(
        "DescribeExecution",
        "shows the rest",
        ended.name.as_deref() == Some("one")
            && ended.state_machine_arn == arn
            && ended.start_date == first.start_date
            && ended.stop_date >= Some(first.start_date)
            && ended.redrive_count == Some(0)
            && ended
                .trace_header
                .is_some_and(|header| header.starts_with("Root="))
            && ended.input_details.is_some_and(|details| details.included),
    );
    Ok(first.execution_arn)
}

async fn not_started(states: &Client, checks: &Checks, arn: &str) -> Step {
    let begin = || states.start_execution().state_machine_arn(arn);
    success!(checks, StartExecution, begin());
    refused!(
        checks,
        StartExecutionError::ExecutionAlreadyExists,
        begin().name("one").input("{}")
    );
    refused!(
        checks,
        StartExecutionError::InvalidName,
        begin().name("a b")
    );
    refused!(
        checks,
        StartExecutionError::InvalidExecutionInput,
        begin().input("{")
    );
    refused!(
        checks,
        StartExecutionError::InvalidArn,
        states.start_execution().state_machine_arn("executed")
    );
    refused!(
        checks,
        StartExecutionError::StateMachineDoesNotExist,
        states
            .start_execution()
            .state_machine_arn(format!("{NOWHERE}:stateMachine:other"))
    );
    refused!(
        checks,
        StartExecutionError::ValidationException,
        begin().trace_header("t".repeat(257))
    );
    Ok(())
}

async fn described(states: &Client, checks: &Checks, execution: &str) -> Step {
    let nobody = format!("{NOWHERE}:execution:executed:nobody");
    let describe = |arn: &str| states.describe_execution().execution_arn(arn);
    let metadata = success!(
        checks,
        DescribeExecution,
        describe(execution).included_data(IncludedData::MetadataOnly)
    );
    checks.equal(
        "DescribeExecution",
        "leaves data out where it is told to",
        (metadata.input, metadata.output),
        (None, None),
    );
    refused!(
        checks,
        DescribeExecutionError::ExecutionDoesNotExist,
        describe(&nobody)
    );
    refused!(checks, DescribeExecutionError::InvalidArn, describe("one"));
    let of = |arn: &str| {
        states
            .describe_state_machine_for_execution()
            .execution_arn(arn)
    };
    let found = success!(checks, DescribeStateMachineForExecution, of(execution));
    checks.equal(
        "DescribeStateMachineForExecution",
        "shows the definition that runs",
        (found.name.as_str(), found.definition.as_str()),
        ("executed", PASS),
    );
    refused!(
        checks,
        DescribeStateMachineForExecutionError::ExecutionDoesNotExist,
        of(&nobody)
    );
    refused!(
        checks,
        DescribeStateMachineForExecutionError::InvalidArn,
        of("one")
    );
    Ok(())
}

async fn listed(states: &Client, checks: &Checks, arn: &str) -> Step {
    for name in ["two", "three"] {
        let execution = start(states, checks, arn, name).await?;
        reaches(states, checks, &execution, ExecutionStatus::Succeeded).await?;
    }
    let list = || states.list_executions().state_machine_arn(arn);
    success!(checks, ListExecutions, list().max_results(1));
    let pages = list()
        .status_filter(ExecutionStatus::Succeeded)
        .into_paginator()
        .page_size(1);
    let listed: Result<Vec<_>, _> = pages.items().send().collect().await;
    let listed = checks.done("ListExecutions", "all pages", listed)?;
    let mut names: Vec<_> = listed.iter().map(|it| it.name.as_str()).collect();
    names.retain(|name| name.len() < 6);
    checks.equal(
        "ListExecutions",
        "the newest first",
        names,
        ["three", "two", "one"],
    );
    refused!(
        checks,
        ListExecutionsError::InvalidToken,
        list().next_token("nonsense")
    );
    refused!(
        checks,
        ListExecutionsError::InvalidArn,
        states.list_executions().state_machine_arn("executed")
    );
    refused!(
        checks,
        ListExecutionsError::StateMachineDoesNotExist,
        states
            .list_executions()
            .state_machine_arn(format!("{NOWHERE}:stateMachine:other"))
    );
    refused!(
        checks,
        ListExecutionsError::ValidationException,
        states.list_executions()
    );
    refused!(
        checks,
        ListExecutionsError::ResourceNotFound,
        states
            .list_executions()
            .map_run_arn(format!("{NOWHERE}:mapRun:executed/Map:1"))
    );
    let express = StateMachineType::Express;
    let express = machine(states, checks, "not-listed", PASS, express).await?;
    refused!(
        checks,
        ListExecutionsError::StateMachineTypeNotSupported,
        states.list_executions().state_machine_arn(express)
    );
    Ok(())
}

async fn told(states: &Client, checks: &Checks, execution: &str) -> Step {
    let history = |arn: &str| states.get_execution_history().execution_arn(arn);
    success!(checks, GetExecutionHistory, history(execution));
    let pages = history(execution).into_paginator().page_size(1);
    let events: Result<Vec<_>, _> = pages.items().send().collect().await;
    let events = checks.done("GetExecutionHistory", "all pages", events)?;
    let kinds: Vec<_> = events.iter().map(|event| event.r#type.clone()).collect();
    let expected = [
        HistoryEventType::ExecutionStarted,
        HistoryEventType::PassStateEntered,
        HistoryEventType::PassStateExited,
        HistoryEventType::ExecutionSucceeded,
    ];
    checks.equal("GetExecutionHistory", "in order", kinds, expected);
    let entered = events
        .get(1)
        .and_then(|it| it.state_entered_event_details());
    checks.equal(
        "GetExecutionHistory",
        "with the details",
        entered.map(|details| (details.name.as_str(), details.input.as_deref())),
        Some(("A", Some(r#"{"order": 7}"#))),
    );
    let reverse = success!(
        checks,
        GetExecutionHistory,
        history(execution)
            .reverse_order(true)
            .include_execution_data(false)
            .max_results(1)
    );
    let ids: Vec<_> = reverse.events.iter().map(|event| event.id).collect();
    checks.equal("GetExecutionHistory", "backwards", ids, [4]);
    refused!(
        checks,
        GetExecutionHistoryError::ExecutionDoesNotExist,
        history(&format!("{NOWHERE}:execution:executed:nobody"))
    );
    refused!(checks, GetExecutionHistoryError::InvalidArn, history("one"));
    refused!(
        checks,
        GetExecutionHistoryError::InvalidToken,
        history(execution).next_token("nonsense")
    );
    Ok(())
}

async fn stopped(states: &Client, checks: &Checks, arn: &str) -> Step {
    let execution = start(states, checks, arn, "stopped").await?;
    let stop = |arn: &str| states.stop_execution().execution_arn(arn);
    let first = success!(
        checks,
        StopExecution,
        stop(&execution).error("Enough").cause("of this")
    );
    let ended = reaches(states, checks, &execution, ExecutionStatus::Aborted).await?;
    checks.equal(
        "StopExecution",
        "is told",
        (
            ended.error.as_deref(),
            ended.cause.as_deref(),
            ended.stop_date,
        ),
        (Some("Enough"), Some("of this"), Some(first.stop_date)),
    );
    let again = success!(checks, StopExecution, stop(&execution));
    checks.equal(
        "StopExecution",
        "a second time changes nothing",
        again.stop_date,
        first.stop_date,
    );
    refused!(
        checks,
        StopExecutionError::ExecutionDoesNotExist,
        stop(&format!("{NOWHERE}:execution:waiting:nobody"))
    );
    refused!(checks, StopExecutionError::InvalidArn, stop("stopped"));
    refused!(
        checks,
        StopExecutionError::ValidationException,
        stop(&execution).error("e".repeat(257))
    );
    Ok(())
}
