//! Aliases of functions.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::operation::create_alias::CreateAliasError;
use aws_sdk_lambda::operation::delete_alias::DeleteAliasError;
use aws_sdk_lambda::operation::delete_function::DeleteFunctionError;
use aws_sdk_lambda::operation::get_alias::GetAliasError;
use aws_sdk_lambda::operation::list_aliases::ListAliasesError;
use aws_sdk_lambda::operation::update_alias::UpdateAliasError;
use aws_sdk_lambda::types::AliasRoutingConfiguration;

use super::{Components, function};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(lambda: &Client, checks: &Checks, components: &Components) -> Step {
    function(lambda, checks, "aliased", &components.echo).await?;
    success!(
        checks,
        PublishVersion,
        lambda.publish_version().function_name("aliased")
    );
    success!(
        checks,
        UpdateFunctionCode,
        lambda
            .update_function_code()
            .function_name("aliased")
            .zip_file(components.flaky.clone())
            .publish(true)
    );
    created(lambda, checks).await?;
    listed(lambda, checks).await?;
    not_created(lambda, checks).await;
    deleted(lambda, checks).await
}

fn also(version: &str, weight: f64) -> AliasRoutingConfiguration {
    AliasRoutingConfiguration::builder()
        .additional_version_weights(version, weight)
        .build()
}

async fn created(lambda: &Client, checks: &Checks) -> Step {
    let created = success!(
        checks,
        CreateAlias,
        lambda
            .create_alias()
            .function_name("aliased")
            .name("PROD")
            .function_version("1")
            .description("what customers get")
            .routing_config(also("2", 0.25))
    );
    checks.equal(
        "CreateAlias",
        "shows it",
        (created.function_version.as_deref(), created.routing_config),
        (Some("1"), Some(also("2", 0.25))),
    );
    let get = || lambda.get_alias().function_name("aliased").name("PROD");
    let found = success!(checks, GetAlias, get());
    checks.equal(
        "GetAlias",
        "shows the same",
        (found.alias_arn, found.revision_id.clone()),
        (created.alias_arn, created.revision_id),
    );
    let updated = success!(
        checks,
        UpdateAlias,
        lambda
            .update_alias()
            .function_name("aliased")
            .name("PROD")
            .function_version("2")
            .routing_config(AliasRoutingConfiguration::builder().build())
            .set_revision_id(found.revision_id)
    );
    checks.equal(
        "UpdateAlias",
        "changes what is given",
        (
            updated.function_version.as_deref(),
            updated.description.as_deref(),
        ),
        (Some("2"), Some("what customers get")),
    );
    let invoked = success!(
        checks,
        Invoke,
        lambda
            .invoke()
            .function_name("aliased")
            .qualifier("PROD")
            .payload(aws_sdk_lambda::primitives::Blob::new("{}"))
    );
    checks.equal(
        "Invoke",
        "of an alias tells the version",
        invoked.executed_version.as_deref(),
        Some("2"),
    );
    Ok(())
}

async fn listed(lambda: &Client, checks: &Checks) -> Step {
    success!(
        checks,
        CreateAlias,
        lambda
            .create_alias()
            .function_name("aliased")
            .name("TEST")
            .function_version("$LATEST")
    );
    let list = || lambda.list_aliases().function_name("aliased");
    success!(checks, ListAliases, list());
    let pages = list().into_paginator().page_size(1).items().send();
    let aliases: Result<Vec<_>, _> = pages.collect().await;
    let aliases = checks.done("ListAliases", "all pages", aliases)?;
    let names: Vec<_> = aliases
        .iter()
        .map(|it| it.name.as_deref().unwrap_or_default())
        .collect();
    checks.equal("ListAliases", "each once", names, ["PROD", "TEST"]);
    let of_version = success!(checks, ListAliases, list().function_version("2"));
    checks.equal(
        "ListAliases",
        "those of a version",
        of_version.aliases().len(),
        1,
    );
    Ok(())
}

async fn not_created(lambda: &Client, checks: &Checks) {
    let create = |function: &str, name: &str| {
        lambda
            .create_alias()
            .function_name(function)
            .name(name)
            .function_version("1")
    };
    refused!(
        checks,
        CreateAliasError::ResourceConflictException,
        create("aliased", "PROD")
    );
    refused!(
        checks,
        CreateAliasError::ResourceNotFoundException,
        create("nobody", "PROD")
    );
    refused!(
        checks,
        CreateAliasError::InvalidParameterValueException,
        create("aliased", "OTHER").routing_config(also("1", 0.5))
    );
    let update = |name: &str| lambda.update_alias().function_name("aliased").name(name);
    refused!(
        checks,
        UpdateAliasError::ResourceNotFoundException,
        update("NONE").description("none")
    );
    refused!(
        checks,
        UpdateAliasError::PreconditionFailedException,
        update("PROD").revision_id("00000000-0000-4000-8000-000000000000")
    );
    refused!(
        checks,
        UpdateAliasError::InvalidParameterValueException,
        update("PROD").routing_config(also("2", 0.5))
    );
    let get = |function: &str| lambda.get_alias().function_name(function).name("NONE");
    refused!(
        checks,
        GetAliasError::ResourceNotFoundException,
        get("aliased")
    );
    refused!(
        checks,
        GetAliasError::InvalidParameterValueException,
        get("aliased:1")
    );
    let list = |function: &str| lambda.list_aliases().function_name(function);
    refused!(
        checks,
        ListAliasesError::ResourceNotFoundException,
        list("nobody")
    );
    refused!(
        checks,
        ListAliasesError::InvalidParameterValueException,
        list("aliased").marker("%")
    );
}

async fn deleted(lambda: &Client, checks: &Checks) -> Step {
    refused!(
        checks,
        DeleteFunctionError::ResourceConflictException,
        lambda
            .delete_function()
            .function_name("aliased")
            .qualifier("2")
    );
    let delete = |function: &str| lambda.delete_alias().function_name(function).name("PROD");
    success!(checks, DeleteAlias, delete("aliased"));
    refused!(
        checks,
        DeleteAliasError::ResourceNotFoundException,
        delete("nobody")
    );
    refused!(
        checks,
        DeleteAliasError::InvalidParameterValueException,
        delete("aliased:1")
    );
    Ok(())
}
