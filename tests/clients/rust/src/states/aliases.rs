//! Versions and aliases.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::create_state_machine_alias::CreateStateMachineAliasError;
use aws_sdk_sfn::operation::delete_state_machine_alias::DeleteStateMachineAliasError;
use aws_sdk_sfn::operation::delete_state_machine_version::DeleteStateMachineVersionError;
use aws_sdk_sfn::operation::describe_state_machine_alias::DescribeStateMachineAliasError;
use aws_sdk_sfn::operation::list_state_machine_aliases::ListStateMachineAliasesError;
use aws_sdk_sfn::operation::list_state_machine_versions::ListStateMachineVersionsError;
use aws_sdk_sfn::operation::publish_state_machine_version::PublishStateMachineVersionError;
use aws_sdk_sfn::operation::update_state_machine_alias::UpdateStateMachineAliasError;
use aws_sdk_sfn::types::{RoutingConfigurationListItem, StateMachineType};

use super::{FAIL, NOWHERE, PASS, machine};
use crate::checks::{Checks, Step, refused, success};

/// Aliases of one machine, at the most.
const ALIASES_MAX: usize = 100;

pub(super) async fn run(states: &Client, checks: &Checks) -> Step {
    let kind = StateMachineType::Standard;
    let arn = machine(states, checks, "versioned", PASS, kind).await?;
    let first = published(states, checks, &arn).await?;
    let alias = aliased(states, checks, &arn, &first).await?;
    not_aliased(states, checks, &arn, &first).await;
    listed(states, checks, &arn, &first).await?;
    deleted(states, checks, &first, &alias).await?;
    to_the_limit(states, checks).await
}

pub(super) fn route(version: &str, weight: i32) -> RoutingConfigurationListItem {
    RoutingConfigurationListItem::builder()
        .state_machine_version_arn(version)
        .weight(weight)
        .build()
        .unwrap()
}

async fn published(states: &Client, checks: &Checks, arn: &str) -> Step<String> {
    let publish = || {
        states
            .publish_state_machine_version()
            .state_machine_arn(arn)
            .description("first")
    };
    let first = success!(checks, PublishStateMachineVersion, publish());
    let again = success!(checks, PublishStateMachineVersion, publish());
    checks.equal(
        "PublishStateMachineVersion",
        "the same revision is the same version",
        &again.state_machine_version_arn,
        &first.state_machine_version_arn,
    );
    refused!(
        checks,
        PublishStateMachineVersionError::ConflictException,
        publish().revision_id("00000000-0000-4000-8000-000000000000")
    );
    refused!(
        checks,
        PublishStateMachineVersionError::InvalidArn,
        publish().state_machine_arn("versioned")
    );
    refused!(
        checks,
        PublishStateMachineVersionError::StateMachineDoesNotExist,
        publish().state_machine_arn(format!("{NOWHERE}:stateMachine:other"))
    );
    refused!(
        checks,
        PublishStateMachineVersionError::ValidationException,
        publish().description("d".repeat(257))
    );
    Ok(first.state_machine_version_arn)
}

async fn aliased(states: &Client, checks: &Checks, arn: &str, first: &str) -> Step<String> {
    let updated = success!(
        checks,
        UpdateStateMachine,
        states
            .update_state_machine()
            .state_machine_arn(arn)
            .definition(FAIL)
            .publish(true)
    );
    let second = updated.state_machine_version_arn.unwrap_or_default();
    let created = success!(
        checks,
        CreateStateMachineAlias,
        states
            .create_state_machine_alias()
            .name("PROD")
            .description("what customers get")
            .routing_configuration(route(first, 90))
            .routing_configuration(route(&second, 10))
    );
    let alias = created.state_machine_alias_arn;
    let describe = || {
        states
            .describe_state_machine_alias()
            .state_machine_alias_arn(&alias)
    };
    let found = success!(checks, DescribeStateMachineAlias, describe());
    checks.equal(
        "DescribeStateMachineAlias",
        "shows the routing",
        found.routing_configuration(),
        [route(first, 90), route(&second, 10)],
    );
    success!(
        checks,
        UpdateStateMachineAlias,
        states
            .update_state_machine_alias()
            .state_machine_alias_arn(&alias)
            .routing_configuration(route(first, 100))
    );
    let found = success!(checks, DescribeStateMachineAlias, describe());
    checks.equal(
        "UpdateStateMachineAlias",
        "has taken effect",
        found.routing_configuration(),
        [route(first, 100)],
    );
    Ok(alias)
}

async fn not_aliased(states: &Client, checks: &Checks, arn: &str, first: &str) {
    let create = |name: &str| {
        states
            .create_state_machine_alias()
            .name(name)
            .routing_configuration(route(first, 100))
    };
    refused!(
        checks,
        CreateStateMachineAliasError::ConflictException,
        create("PROD").description("another")
    );
    refused!(
        checks,
        CreateStateMachineAliasError::ValidationException,
        create("TEST").routing_configuration(route(first, 100))
    );
    refused!(
        checks,
        CreateStateMachineAliasError::ValidationException,
        create("a b")
    );
    refused!(
        checks,
        CreateStateMachineAliasError::ResourceNotFound,
        states
            .create_state_machine_alias()
            .name("TEST")
            .routing_configuration(route(&format!("{arn}:99"), 100))
    );
    refused!(
        checks,
        CreateStateMachineAliasError::InvalidArn,
        states
            .create_state_machine_alias()
            .name("TEST")
            .routing_configuration(route("versioned", 100))
    );
    let update = |alias: &str| {
        states
            .update_state_machine_alias()
            .state_machine_alias_arn(alias)
    };
    refused!(
        checks,
        UpdateStateMachineAliasError::ResourceNotFound,
        update(&format!("{arn}:NONE")).description("none")
    );
    refused!(
        checks,
        UpdateStateMachineAliasError::InvalidArn,
        update("PROD").description("none")
    );
    refused!(
        checks,
        UpdateStateMachineAliasError::ValidationException,
        update(&format!("{arn}:PROD")).routing_configuration(route(first, 50))
    );
    let describe = |alias: &str| {
        states
            .describe_state_machine_alias()
            .state_machine_alias_arn(alias)
    };
    refused!(
        checks,
        DescribeStateMachineAliasError::ResourceNotFound,
        describe(&format!("{arn}:NONE"))
    );
    refused!(
        checks,
        DescribeStateMachineAliasError::InvalidArn,
        describe("PROD")
    );
    refused!(
        checks,
        DescribeStateMachineAliasError::ValidationException,
        describe(&"a".repeat(257))
    );
}

async fn listed(states: &Client, checks: &Checks, arn: &str, first: &str) -> Step {
    // The SDK has no paginators for these two.
    let mut versions = Vec::new();
    let mut token = None;
    loop {
        let list = states
            .list_state_machine_versions()
            .state_machine_arn(arn)
            .max_results(1)
            .set_next_token(token);
        let page = success!(checks, ListStateMachineVersions, list);
        versions.extend(page.state_machine_versions);
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    let versions: Vec<_> = versions
        .iter()
        .map(|version| version.state_machine_version_arn.as_str())
        .collect();
    checks.equal(
        "ListStateMachineVersions",
        "the newest first",
        versions,
        [format!("{arn}:2").as_str(), first],
    );
    let aliases = success!(
        checks,
        ListStateMachineAliases,
        states.list_state_machine_aliases().state_machine_arn(first)
    );
    checks.equal(
        "ListStateMachineAliases",
        "those that lead to a version",
        aliases.state_machine_aliases.len(),
        1,
    );
    let list = || states.list_state_machine_versions();
    refused!(
        checks,
        ListStateMachineVersionsError::InvalidArn,
        list().state_machine_arn("versioned")
    );
    refused!(
        checks,
        ListStateMachineVersionsError::InvalidToken,
        list().state_machine_arn(arn).next_token("nonsense")
    );
    refused!(
        checks,
        ListStateMachineVersionsError::ValidationException,
        list().state_machine_arn(arn).max_results(1001)
    );
    let list = || states.list_state_machine_aliases();
    refused!(
        checks,
        ListStateMachineAliasesError::InvalidArn,
        list().state_machine_arn("versioned")
    );
    refused!(
        checks,
        ListStateMachineAliasesError::InvalidToken,
        list().state_machine_arn(arn).next_token("nonsense")
    );
    refused!(
        checks,
        ListStateMachineAliasesError::StateMachineDoesNotExist,
        list().state_machine_arn(format!("{NOWHERE}:stateMachine:other"))
    );
    Ok(())
}

async fn deleted(states: &Client, checks: &Checks, first: &str, alias: &str) -> Step {
    let version = |arn: &str| {
        states
            .delete_state_machine_version()
            .state_machine_version_arn(arn)
    };
    refused!(
        checks,
        DeleteStateMachineVersionError::ConflictException,
        version(first)
    );
    refused!(
        checks,
        DeleteStateMachineVersionError::InvalidArn,
        version("1")
    );
    refused!(
        checks,
        DeleteStateMachineVersionError::ValidationException,
        version(&"a".repeat(2001))
    );
    let delete = |arn: &str| {
        states
            .delete_state_machine_alias()
            .state_machine_alias_arn(arn)
    };
    success!(checks, DeleteStateMachineAlias, delete(alias));
    // As AWS was recorded to answer, whatever its model says.
    success!(checks, DeleteStateMachineAlias, delete(alias));
    refused!(
        checks,
        DeleteStateMachineAliasError::InvalidArn,
        delete("PROD")
    );
    refused!(
        checks,
        DeleteStateMachineAliasError::ValidationException,
        delete(&"a".repeat(257))
    );
    success!(checks, DeleteStateMachineVersion, version(first));
    Ok(())
}

async fn to_the_limit(states: &Client, checks: &Checks) -> Step {
    let kind = StateMachineType::Standard;
    let arn = machine(states, checks, "many-aliases", PASS, kind).await?;
    let version = success!(
        checks,
        PublishStateMachineVersion,
        states
            .publish_state_machine_version()
            .state_machine_arn(&arn)
    );
    let create = |number: usize| {
        states
            .create_state_machine_alias()
            .name(format!("alias-{number}"))
            .routing_configuration(route(&version.state_machine_version_arn, 100))
    };
    for number in 0..ALIASES_MAX {
        let created = create(number).send().await;
        if let Err(error) = created {
            checks.done("CreateStateMachineAlias", "as many as allowed", Err(error))?;
        }
    }
    refused!(
        checks,
        CreateStateMachineAliasError::ServiceQuotaExceededException,
        create(ALIASES_MAX)
    );
    Ok(())
}
