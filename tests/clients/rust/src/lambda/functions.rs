//! Functions, their configuration and their versions.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::client::Waiters as _;
use aws_sdk_lambda::types::{
    Architecture, Environment, FunctionVersion, LastUpdateStatus, PackageType, Runtime, State,
};

use super::{Components, PATIENCE, ROLE, function, zip_file};
use crate::checks::{Checks, Step, success};

pub(super) async fn run(lambda: &Client, checks: &Checks, components: &Components) -> Step {
    created(lambda, checks, components).await?;
    updated(lambda, checks, components).await?;
    published(lambda, checks).await?;
    listed(lambda, checks, components).await?;
    shown(lambda, checks).await?;
    deleted(lambda, checks).await
}

async fn created(lambda: &Client, checks: &Checks, components: &Components) -> Step {
    let environment = Environment::builder().variables("TABLE", "orders").build();
    let created = success!(
        checks,
        CreateFunction,
        lambda
            .create_function()
            .function_name("pay")
            .role(ROLE)
            .runtime(Runtime::Providedal2023)
            .handler("task")
            .description("pays")
            .timeout(30)
            .memory_size(256)
            .architectures(Architecture::X8664)
            .package_type(PackageType::Zip)
            .environment(environment)
            .tags("team", "a")
            .code(zip_file(&components.echo))
    );
    checks.holds(
        "CreateFunction",
        "shows it",
        created.function_name.as_deref() == Some("pay")
            && created.version.as_deref() == Some("$LATEST")
            && created.timeout == Some(30)
            && created.memory_size == Some(256)
            && created.runtime == Some(Runtime::Providedal2023)
            && created.handler.as_deref() == Some("task")
            && created.code_sha256.is_some()
            && created.code_size > 0
            && created.revision_id.is_some()
            && created.last_modified.is_some()
            && created.environment.is_some_and(|it| {
                let variables = it.variables.unwrap_or_default();
                variables.get("TABLE").map(String::as_str) == Some("orders")
            }),
    );
    let exists = lambda.wait_until_function_exists().function_name("pay");
    let exists = exists.wait(PATIENCE).await;
    checks.done("GetFunction", "waited for until it exists", exists)?;
    let active = lambda.wait_until_function_active().function_name("pay");
    let active = active.wait(PATIENCE).await;
    checks.done(
        "GetFunctionConfiguration",
        "waited for until active",
        active,
    )?;
    Ok(())
}

async fn updated(lambda: &Client, checks: &Checks, components: &Components) -> Step {
    let changed = success!(
        checks,
        UpdateFunctionConfiguration,
        lambda
            .update_function_configuration()
            .function_name("pay")
            .timeout(60)
    );
    checks.equal(
        "UpdateFunctionConfiguration",
        "changes what is given",
        (changed.timeout, changed.memory_size),
        (Some(60), Some(256)),
    );
    let coded = success!(
        checks,
        UpdateFunctionCode,
        lambda
            .update_function_code()
            .function_name("pay")
            .zip_file(components.flaky.clone())
    );
    checks.holds(
        "UpdateFunctionCode",
        "changes the code and the revision",
        coded.code_sha256 != changed.code_sha256 && coded.revision_id != changed.revision_id,
    );
    let updated = lambda.wait_until_function_updated_v2().function_name("pay");
    let updated = updated.wait(PATIENCE).await;
    checks.done("GetFunction", "waited for until it is updated", updated)?;
    let updated = lambda.wait_until_function_updated().function_name("pay");
    let updated = updated.wait(PATIENCE).await;
    checks.done(
        "GetFunctionConfiguration",
        "waited for until updated",
        updated,
    )?;
    Ok(())
}

async fn published(lambda: &Client, checks: &Checks) -> Step {
    let publish = || lambda.publish_version().function_name("pay");
    let first = success!(checks, PublishVersion, publish().description("first"));
    let again = success!(checks, PublishVersion, publish());
    checks.equal(
        "PublishVersion",
        "what has not changed is the same version",
        (first.version.as_deref(), again.version.as_deref()),
        (Some("1"), Some("1")),
    );
    let active = lambda
        .wait_until_published_version_active()
        .function_name("pay")
        .qualifier("1")
        .wait(PATIENCE)
        .await;
    checks.done("GetFunctionConfiguration", "waited for a version", active)?;
    success!(
        checks,
        UpdateFunctionConfiguration,
        lambda
            .update_function_configuration()
            .function_name("pay")
            .description("pays at once")
    );
    success!(checks, PublishVersion, publish());
    success!(
        checks,
        ListVersionsByFunction,
        lambda.list_versions_by_function().function_name("pay")
    );
    let pages = lambda
        .list_versions_by_function()
        .function_name("pay")
        .into_paginator()
        .page_size(1);
    let versions: Result<Vec<_>, _> = pages.items().send().collect().await;
    let versions = checks.done("ListVersionsByFunction", "all pages", versions)?;
    let versions: Vec<_> = versions
        .iter()
        .map(|it| it.version.as_deref().unwrap_or_default())
        .collect();
    checks.equal(
        "ListVersionsByFunction",
        "each once",
        versions,
        ["$LATEST", "1", "2"],
    );
    Ok(())
}

async fn listed(lambda: &Client, checks: &Checks, components: &Components) -> Step {
    for name in ["listed-1", "listed-2"] {
        function(lambda, checks, name, &components.echo).await?;
    }
    success!(checks, ListFunctions, lambda.list_functions().max_items(1));
    let pages = lambda
        .list_functions()
        .function_version(FunctionVersion::All)
        .into_paginator()
        .page_size(1);
    let listed: Result<Vec<_>, _> = pages.items().send().collect().await;
    let listed = checks.done("ListFunctions", "all pages", listed)?;
    let name_and_version = |it: &aws_sdk_lambda::types::FunctionConfiguration| {
        let name = it.function_name.clone().unwrap_or_default();
        format!("{name} {}", it.version.clone().unwrap_or_default())
    };
    let mut names: Vec<_> = listed.iter().map(name_and_version).collect();
    names.retain(|name| name.starts_with("listed-") || name.starts_with("pay "));
    names.sort();
    checks.equal(
        "ListFunctions",
        "each version once",
        names,
        [
            "listed-1 $LATEST",
            "listed-2 $LATEST",
            "pay $LATEST",
            "pay 1",
            "pay 2",
        ],
    );
    Ok(())
}

async fn shown(lambda: &Client, checks: &Checks) -> Step {
    let found = success!(
        checks,
        GetFunction,
        lambda.get_function().function_name("pay").qualifier("1")
    );
    checks.holds(
        "GetFunction",
        "shows a version",
        found.tags().is_some_and(|tags| tags.contains_key("team"))
            && found.configuration.is_some_and(|it| {
                it.version.as_deref() == Some("1")
                    && it.state == Some(State::Active)
                    && it.last_update_status == Some(LastUpdateStatus::Successful)
            }),
    );
    let found = success!(
        checks,
        GetFunctionConfiguration,
        lambda.get_function_configuration().function_name("pay")
    );
    checks.equal(
        "GetFunctionConfiguration",
        "shows it",
        found.description.as_deref(),
        Some("pays at once"),
    );
    let signing = success!(
        checks,
        GetFunctionCodeSigningConfig,
        lambda
            .get_function_code_signing_config()
            .function_name("pay")
    );
    checks.equal(
        "GetFunctionCodeSigningConfig",
        "names the function",
        signing.function_name.as_str(),
        "pay",
    );
    let account = success!(checks, GetAccountSettings, lambda.get_account_settings());
    checks.holds(
        "GetAccountSettings",
        "counts",
        account
            .account_usage
            .is_some_and(|it| it.function_count > 0)
            && account
                .account_limit
                .is_some_and(|it| it.concurrent_executions > 0),
    );
    Ok(())
}

async fn deleted(lambda: &Client, checks: &Checks) -> Step {
    let delete = || lambda.delete_function().function_name("pay");
    success!(checks, DeleteFunction, delete().qualifier("1"));
    success!(checks, DeleteFunction, delete());
    let left = lambda.get_function().function_name("pay").send().await;
    checks.holds(
        "DeleteFunction",
        "it is gone",
        left.is_err_and(|it| {
            it.as_service_error()
                .is_some_and(|it| it.is_resource_not_found_exception())
        }),
    );
    Ok(())
}
