//! Activities: workers that poll for tasks and answer them.

use std::time::{Duration, Instant};

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::create_activity::CreateActivityError;
use aws_sdk_sfn::operation::delete_activity::DeleteActivityError;
use aws_sdk_sfn::operation::describe_activity::DescribeActivityError;
use aws_sdk_sfn::operation::get_activity_task::GetActivityTaskError;
use aws_sdk_sfn::operation::list_activities::ListActivitiesError;
use aws_sdk_sfn::types::{
    EncryptionConfiguration, EncryptionType, ExecutionStatus, StateMachineType, Tag,
};

use super::{NOWHERE, machine, reaches, start};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(states: &Client, checks: &Checks, whole_poll: bool) -> Step {
    let activity = created(states, checks).await?;
    listed(states, checks).await?;
    worked(states, checks, &activity).await?;
    if whole_poll {
        polled_in_vain(states, checks, &activity).await?;
    }
    deleted(states, checks).await
}

async fn created(states: &Client, checks: &Checks) -> Step<String> {
    let create = |name: &str| states.create_activity().name(name);
    let first = success!(checks, CreateActivity, create("desk"));
    let again = success!(checks, CreateActivity, create("desk"));
    checks.equal(
        "CreateActivity",
        "the same again is the same activity",
        (&again.activity_arn, again.creation_date),
        (&first.activity_arn, first.creation_date),
    );
    refused!(checks, CreateActivityError::InvalidName, create("a b"));
    let many = (0..51).map(|number| Tag::builder().key(format!("k{number}")).build());
    refused!(
        checks,
        CreateActivityError::TooManyTags,
        create("other").set_tags(Some(many.collect()))
    );
    let key = EncryptionConfiguration::builder()
        .r#type(EncryptionType::CustomerManagedKmsKey)
        .kms_key_id("alias/mine")
        .build()
        .unwrap();
    refused!(
        checks,
        CreateActivityError::InvalidEncryptionConfiguration,
        create("other").encryption_configuration(key)
    );
    let describe = |arn: &str| states.describe_activity().activity_arn(arn);
    let found = success!(checks, DescribeActivity, describe(&first.activity_arn));
    checks.equal(
        "DescribeActivity",
        "shows it",
        (found.name.as_str(), found.creation_date),
        ("desk", first.creation_date),
    );
    refused!(
        checks,
        DescribeActivityError::ActivityDoesNotExist,
        describe(&format!("{NOWHERE}:activity:none"))
    );
    refused!(checks, DescribeActivityError::InvalidArn, describe("desk"));
    Ok(first.activity_arn)
}

async fn listed(states: &Client, checks: &Checks) -> Step {
    for name in ["listed-1", "listed-2"] {
        success!(checks, CreateActivity, states.create_activity().name(name));
    }
    success!(
        checks,
        ListActivities,
        states.list_activities().max_results(1)
    );
    let pages = states.list_activities().into_paginator().page_size(1);
    let listed: Result<Vec<_>, _> = pages.items().send().collect().await;
    let listed = checks.done("ListActivities", "all pages", listed)?;
    let mut names: Vec<_> = listed.iter().map(|it| it.name.as_str()).collect();
    names.retain(|name| name.starts_with("listed-"));
    checks.equal(
        "ListActivities",
        "each once",
        names,
        ["listed-1", "listed-2"],
    );
    refused!(
        checks,
        ListActivitiesError::InvalidToken,
        states.list_activities().next_token("nonsense")
    );
    Ok(())
}

async fn worked(states: &Client, checks: &Checks, activity: &str) -> Step {
    let definition = format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{activity}","End":true}}}}}}"#
    );
    let kind = StateMachineType::Standard;
    let arn = machine(states, checks, "desk-work", &definition, kind).await?;
    // The worker is there before the task is.
    let poll = states
        .get_activity_task()
        .activity_arn(activity)
        .worker_name("clerk")
        .send();
    let (polled, started) = tokio::join!(poll, start(states, checks, &arn, "one"));
    let task = checks.success("GetActivityTask", polled)?;
    checks.equal(
        "GetActivityTask",
        "gives the input",
        task.input.as_deref(),
        Some("{}"),
    );
    let token = task.task_token.unwrap_or_default();
    success!(
        checks,
        SendTaskHeartbeat,
        states.send_task_heartbeat().task_token(&token)
    );
    success!(
        checks,
        SendTaskSuccess,
        states
            .send_task_success()
            .task_token(&token)
            .output(r#""done""#)
    );
    let ended = reaches(states, checks, &started?, ExecutionStatus::Succeeded).await?;
    checks.equal(
        "SendTaskSuccess",
        "gives the output",
        ended.output.as_deref(),
        Some(r#""done""#),
    );
    let poll = |arn: &str| states.get_activity_task().activity_arn(arn);
    refused!(
        checks,
        GetActivityTaskError::ActivityDoesNotExist,
        poll(&format!("{NOWHERE}:activity:none"))
    );
    refused!(checks, GetActivityTaskError::InvalidArn, poll("desk"));
    Ok(())
}

/// A poll that nobody gives a task is held for a minute; the SDK waits for it.
async fn polled_in_vain(states: &Client, checks: &Checks, activity: &str) -> Step {
    let began = Instant::now();
    let nothing = success!(
        checks,
        GetActivityTask,
        states.get_activity_task().activity_arn(activity)
    );
    checks.equal(
        "GetActivityTask",
        "nothing after a minute",
        (
            nothing.task_token,
            began.elapsed() >= Duration::from_secs(59),
        ),
        (None, true),
    );
    Ok(())
}

async fn deleted(states: &Client, checks: &Checks) -> Step {
    let gone = success!(
        checks,
        CreateActivity,
        states.create_activity().name("gone")
    );
    let delete = |arn: &str| states.delete_activity().activity_arn(arn);
    success!(checks, DeleteActivity, delete(&gone.activity_arn));
    refused!(
        checks,
        DescribeActivityError::ActivityDoesNotExist,
        states.describe_activity().activity_arn(&gone.activity_arn)
    );
    refused!(checks, DeleteActivityError::InvalidArn, delete("gone"));
    Ok(())
}
