//! Map runs: there are no Distributed Maps to run.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::describe_map_run::DescribeMapRunError;
use aws_sdk_sfn::operation::list_map_runs::ListMapRunsError;
use aws_sdk_sfn::operation::update_map_run::UpdateMapRunError;
use aws_sdk_sfn::types::StateMachineType;

use super::{NOWHERE, PASS, machine, start};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(states: &Client, checks: &Checks) -> Step {
    let kind = StateMachineType::Standard;
    let arn = machine(states, checks, "mapped", PASS, kind).await?;
    let execution = start(states, checks, &arn, "one").await?;
    let list = |arn: &str| states.list_map_runs().execution_arn(arn);
    success!(checks, ListMapRuns, list(&execution));
    let pages = list(&execution).into_paginator().items().send();
    let runs: Result<Vec<_>, _> = pages.collect().await;
    let runs = checks.done("ListMapRuns", "all pages", runs)?;
    checks.equal("ListMapRuns", "there are none", runs.len(), 0);
    refused!(
        checks,
        ListMapRunsError::ExecutionDoesNotExist,
        list(&format!("{NOWHERE}:execution:mapped:nobody"))
    );
    refused!(checks, ListMapRunsError::InvalidArn, list("one"));
    refused!(
        checks,
        ListMapRunsError::InvalidToken,
        list(&execution).next_token("nonsense")
    );
    let nothing = format!("{NOWHERE}:mapRun:mapped/Map:1");
    let describe = |arn: &str| states.describe_map_run().map_run_arn(arn);
    refused!(
        checks,
        DescribeMapRunError::ResourceNotFound,
        describe(&nothing)
    );
    refused!(checks, DescribeMapRunError::InvalidArn, describe("run"));
    let update = |arn: &str| states.update_map_run().map_run_arn(arn).max_concurrency(1);
    refused!(
        checks,
        UpdateMapRunError::ResourceNotFound,
        update(&nothing)
    );
    refused!(checks, UpdateMapRunError::InvalidArn, update("run"));
    refused!(
        checks,
        UpdateMapRunError::ValidationException,
        update(&nothing).tolerated_failure_percentage(101.0)
    );
    Ok(())
}
