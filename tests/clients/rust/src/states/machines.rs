//! State machines.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::create_state_machine::CreateStateMachineError;
use aws_sdk_sfn::operation::create_state_machine::builders::CreateStateMachineFluentBuilder;
use aws_sdk_sfn::operation::describe_state_machine::DescribeStateMachineError;
use aws_sdk_sfn::operation::list_state_machines::ListStateMachinesError;
use aws_sdk_sfn::operation::update_state_machine::UpdateStateMachineError;
use aws_sdk_sfn::types::{
    CloudWatchLogsLogGroup, EncryptionConfiguration, EncryptionType, IncludedData, LogDestination,
    LogLevel, LoggingConfiguration, StateMachineStatus, StateMachineType, Tag,
    TracingConfiguration,
};

use super::{FAIL, NOWHERE, PASS, ROLE, machine};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(states: &Client, checks: &Checks) -> Step {
    created(states, checks).await?;
    not_created(states, checks).await;
    listed(states, checks).await?;
    updated(states, checks).await?;
    not_updated(states, checks).await
}

fn logging(group: &str) -> LoggingConfiguration {
    let group = CloudWatchLogsLogGroup::builder().log_group_arn(group);
    let destination = LogDestination::builder().cloud_watch_logs_log_group(group.build());
    LoggingConfiguration::builder()
        .level(LogLevel::All)
        .include_execution_data(true)
        .destinations(destination.build())
        .build()
}

/// What only a customer's key would do.
fn own_key() -> EncryptionConfiguration {
    EncryptionConfiguration::builder()
        .r#type(EncryptionType::CustomerManagedKmsKey)
        .kms_key_id("alias/mine")
        .build()
        .unwrap()
}

pub(super) fn plain(states: &Client, name: &str) -> CreateStateMachineFluentBuilder {
    states
        .create_state_machine()
        .name(name)
        .definition(PASS)
        .role_arn(ROLE)
}

async fn created(states: &Client, checks: &Checks) -> Step {
    let group = "arn:aws:logs:us-east-1:123456789012:log-group:/machines:*";
    let create = || {
        plain(states, "machine")
            .r#type(StateMachineType::Standard)
            .logging_configuration(logging(group))
            .tracing_configuration(TracingConfiguration::builder().enabled(true).build())
            .tags(Tag::builder().key("team").value("a").build())
            .publish(true)
            .version_description("first")
    };
    let first = success!(checks, CreateStateMachine, create());
    let again = success!(checks, CreateStateMachine, create());
    checks.equal(
        "CreateStateMachine",
        "the same again is the same machine",
        (&again.state_machine_arn, again.creation_date),
        (&first.state_machine_arn, first.creation_date),
    );
    checks.equal(
        "CreateStateMachine",
        "gives the version",
        first.state_machine_version_arn,
        Some(format!("{}:1", first.state_machine_arn)),
    );
    let found = success!(
        checks,
        DescribeStateMachine,
        states
            .describe_state_machine()
            .state_machine_arn(&first.state_machine_arn)
    );
    checks.equal(
        "DescribeStateMachine",
        "shows the definition as it came",
        found.definition.as_str(),
        PASS,
    );
    checks.equal(
        "DescribeStateMachine",
        "shows the logging",
        found.logging_configuration,
        Some(logging(group)),
    );
    checks.holds(
        "DescribeStateMachine",
        "shows the rest",
        found.status == Some(StateMachineStatus::Active)
            && found.role_arn == ROLE
            && found.r#type == StateMachineType::Standard
            && found.creation_date == first.creation_date
            && found.tracing_configuration.is_some_and(|it| it.enabled)
            && found
                .encryption_configuration
                .is_some_and(|it| it.r#type == EncryptionType::AwsOwnedKey),
    );
    let metadata = success!(
        checks,
        DescribeStateMachine,
        states
            .describe_state_machine()
            .state_machine_arn(&first.state_machine_arn)
            .included_data(IncludedData::MetadataOnly)
    );
    checks.equal(
        "DescribeStateMachine",
        "leaves the definition out where it is told to",
        metadata.definition.as_str(),
        "{}",
    );
    refused!(
        checks,
        CreateStateMachineError::StateMachineAlreadyExists,
        plain(states, "machine").definition(FAIL)
    );
    Ok(())
}

async fn not_created(states: &Client, checks: &Checks) {
    let other = || plain(states, "other");
    refused!(
        checks,
        CreateStateMachineError::InvalidName,
        plain(states, "a/b")
    );
    refused!(
        checks,
        CreateStateMachineError::InvalidDefinition,
        other().definition(r#"{"StartAt":"A","States":{}}"#)
    );
    refused!(
        checks,
        CreateStateMachineError::InvalidArn,
        other().role_arn("nobody")
    );
    refused!(
        checks,
        CreateStateMachineError::InvalidLoggingConfiguration,
        other().logging_configuration(logging("nowhere"))
    );
    refused!(
        checks,
        CreateStateMachineError::InvalidEncryptionConfiguration,
        other().encryption_configuration(own_key())
    );
    let many = (0..51).map(|number| Tag::builder().key(format!("k{number}")).build());
    refused!(
        checks,
        CreateStateMachineError::TooManyTags,
        other().set_tags(Some(many.collect()))
    );
    refused!(
        checks,
        CreateStateMachineError::ValidationException,
        other().version_description("of no version")
    );
    refused!(
        checks,
        DescribeStateMachineError::StateMachineDoesNotExist,
        states
            .describe_state_machine()
            .state_machine_arn(format!("{NOWHERE}:stateMachine:other"))
    );
    refused!(
        checks,
        DescribeStateMachineError::InvalidArn,
        states.describe_state_machine().state_machine_arn("machine")
    );
}

async fn listed(states: &Client, checks: &Checks) -> Step {
    for name in ["listed-1", "listed-2", "listed-3"] {
        machine(states, checks, name, PASS, StateMachineType::Express).await?;
    }
    success!(
        checks,
        ListStateMachines,
        states.list_state_machines().max_results(2)
    );
    let pages = states.list_state_machines().into_paginator().page_size(2);
    let listed: Result<Vec<_>, _> = pages.items().send().collect().await;
    let listed = checks.done("ListStateMachines", "all pages", listed)?;
    let mut names: Vec<_> = listed.iter().map(|machine| machine.name.as_str()).collect();
    names.retain(|name| name.starts_with("listed-"));
    checks.equal(
        "ListStateMachines",
        "each machine once",
        names,
        ["listed-1", "listed-2", "listed-3"],
    );
    refused!(
        checks,
        ListStateMachinesError::InvalidToken,
        states.list_state_machines().next_token("nonsense")
    );
    Ok(())
}

async fn updated(states: &Client, checks: &Checks) -> Step {
    let arn = machine(states, checks, "updated", PASS, StateMachineType::Standard).await?;
    let update = || {
        states
            .update_state_machine()
            .state_machine_arn(&arn)
            .definition(FAIL)
            .publish(true)
            .version_description("second")
    };
    let first = success!(checks, UpdateStateMachine, update());
    let again = success!(checks, UpdateStateMachine, update());
    checks.holds(
        "UpdateStateMachine",
        "the same again is the same revision",
        first.revision_id.is_some() && first.revision_id == again.revision_id,
    );
    let found = success!(
        checks,
        DescribeStateMachine,
        states.describe_state_machine().state_machine_arn(&arn)
    );
    checks.equal(
        "UpdateStateMachine",
        "has taken effect",
        (found.definition.as_str(), found.revision_id),
        (FAIL, first.revision_id),
    );
    Ok(())
}

async fn not_updated(states: &Client, checks: &Checks) -> Step {
    let arn = machine(states, checks, "kept", PASS, StateMachineType::Standard).await?;
    let update = || states.update_state_machine().state_machine_arn(&arn);
    refused!(
        checks,
        UpdateStateMachineError::MissingRequiredParameter,
        update()
    );
    refused!(
        checks,
        UpdateStateMachineError::InvalidDefinition,
        update().definition("[]")
    );
    refused!(
        checks,
        UpdateStateMachineError::InvalidLoggingConfiguration,
        update().logging_configuration(logging("nowhere"))
    );
    refused!(
        checks,
        UpdateStateMachineError::InvalidEncryptionConfiguration,
        update().encryption_configuration(own_key())
    );
    refused!(
        checks,
        UpdateStateMachineError::InvalidArn,
        update().role_arn("nobody")
    );
    refused!(
        checks,
        UpdateStateMachineError::ValidationException,
        update().definition(FAIL).version_description("of none")
    );
    refused!(
        checks,
        UpdateStateMachineError::StateMachineDoesNotExist,
        states
            .update_state_machine()
            .state_machine_arn(format!("{NOWHERE}:stateMachine:other"))
            .definition(PASS)
    );
    Ok(())
}
