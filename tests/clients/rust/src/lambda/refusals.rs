//! What is refused of functions and their versions.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::operation::create_function::CreateFunctionError;
use aws_sdk_lambda::operation::delete_function::DeleteFunctionError;
use aws_sdk_lambda::operation::get_function::GetFunctionError;
use aws_sdk_lambda::operation::get_function_code_signing_config::GetFunctionCodeSigningConfigError;
use aws_sdk_lambda::operation::get_function_configuration::GetFunctionConfigurationError;
use aws_sdk_lambda::operation::get_policy::GetPolicyError;
use aws_sdk_lambda::operation::list_functions::ListFunctionsError;
use aws_sdk_lambda::operation::list_versions_by_function::ListVersionsByFunctionError;
use aws_sdk_lambda::operation::publish_version::PublishVersionError;
use aws_sdk_lambda::operation::update_function_code::UpdateFunctionCodeError;
use aws_sdk_lambda::operation::update_function_configuration::UpdateFunctionConfigurationError;
use aws_sdk_lambda::primitives::Blob;

use super::{Components, ROLE, function, zip_file};
use crate::checks::{Checks, Step, refused};

pub(super) async fn run(lambda: &Client, checks: &Checks, components: &Components) -> Step {
    function(lambda, checks, "refusing", &components.echo).await?;
    not_created(lambda, checks, components).await;
    not_updated(lambda, checks, components).await;
    not_published(lambda, checks).await;
    not_shown(lambda, checks).await;
    not_deleted(lambda, checks).await;
    Ok(())
}

async fn not_created(lambda: &Client, checks: &Checks, components: &Components) {
    let create = |name: &str, code: &Blob| {
        lambda
            .create_function()
            .function_name(name)
            .role(ROLE)
            .code(zip_file(code))
    };
    refused!(
        checks,
        CreateFunctionError::ResourceConflictException,
        create("refusing", &components.echo)
    );
    refused!(
        checks,
        CreateFunctionError::InvalidParameterValueException,
        create("other", &Blob::new("no component"))
    );
    let refused = create("other", &components.wants_network).send().await;
    let names_the_import = refused
        .as_ref()
        .err()
        .and_then(aws_sdk_lambda::error::ProvideErrorMetadata::message)
        .is_some_and(|message| message.contains("wasi:sockets/"));
    checks.holds(
        "CreateFunction",
        "an import that is not granted is named",
        names_the_import,
    );
    checks.code(
        "CreateFunction",
        "ValidationException",
        create("other", &components.echo).timeout(901).send().await,
    );
}

async fn not_updated(lambda: &Client, checks: &Checks, components: &Components) {
    let code = |name: &str| {
        lambda
            .update_function_code()
            .function_name(name)
            .zip_file(components.flaky.clone())
    };
    refused!(
        checks,
        UpdateFunctionCodeError::ResourceNotFoundException,
        code("nobody")
    );
    refused!(
        checks,
        UpdateFunctionCodeError::PreconditionFailedException,
        code("refusing").revision_id("00000000-0000-4000-8000-000000000000")
    );
    refused!(
        checks,
        UpdateFunctionCodeError::InvalidParameterValueException,
        code("refusing").zip_file(Blob::new("no component"))
    );
    let configuration = |name: &str| lambda.update_function_configuration().function_name(name);
    refused!(
        checks,
        UpdateFunctionConfigurationError::ResourceNotFoundException,
        configuration("nobody").timeout(5)
    );
    refused!(
        checks,
        UpdateFunctionConfigurationError::PreconditionFailedException,
        configuration("refusing").revision_id("00000000-0000-4000-8000-000000000000")
    );
    refused!(
        checks,
        UpdateFunctionConfigurationError::InvalidParameterValueException,
        configuration("refusing").layers("arn:aws:lambda:us-east-1:123456789012:layer:a:1")
    );
}

async fn not_published(lambda: &Client, checks: &Checks) {
    let publish = |name: &str| lambda.publish_version().function_name(name);
    refused!(
        checks,
        PublishVersionError::ResourceNotFoundException,
        publish("nobody")
    );
    refused!(
        checks,
        PublishVersionError::PreconditionFailedException,
        publish("refusing").revision_id("00000000-0000-4000-8000-000000000000")
    );
    refused!(
        checks,
        PublishVersionError::InvalidParameterValueException,
        publish("refusing").code_sha256("another")
    );
}

async fn not_shown(lambda: &Client, checks: &Checks) {
    refused!(
        checks,
        GetFunctionError::ResourceNotFoundException,
        lambda.get_function().function_name("nobody")
    );
    refused!(
        checks,
        GetFunctionError::InvalidParameterValueException,
        lambda
            .get_function()
            .function_name("refusing:1")
            .qualifier("2")
    );
    let configuration = || lambda.get_function_configuration();
    refused!(
        checks,
        GetFunctionConfigurationError::ResourceNotFoundException,
        configuration().function_name("nobody")
    );
    refused!(
        checks,
        GetFunctionConfigurationError::InvalidParameterValueException,
        configuration().function_name("refusing:1").qualifier("2")
    );
    let signing = || lambda.get_function_code_signing_config();
    refused!(
        checks,
        GetFunctionCodeSigningConfigError::ResourceNotFoundException,
        signing().function_name("nobody")
    );
    refused!(
        checks,
        GetFunctionCodeSigningConfigError::InvalidParameterValueException,
        signing().function_name("refusing:1")
    );
    refused!(
        checks,
        GetPolicyError::ResourceNotFoundException,
        lambda.get_policy().function_name("refusing")
    );
    refused!(
        checks,
        GetPolicyError::InvalidParameterValueException,
        lambda
            .get_policy()
            .function_name("refusing:1")
            .qualifier("2")
    );
    refused!(
        checks,
        ListFunctionsError::InvalidParameterValueException,
        lambda.list_functions().marker("nonsense")
    );
    let versions = || lambda.list_versions_by_function();
    refused!(
        checks,
        ListVersionsByFunctionError::ResourceNotFoundException,
        versions().function_name("nobody")
    );
    refused!(
        checks,
        ListVersionsByFunctionError::InvalidParameterValueException,
        versions().function_name("refusing").marker("nonsense")
    );
}

async fn not_deleted(lambda: &Client, checks: &Checks) {
    let delete = |name: &str| lambda.delete_function().function_name(name);
    refused!(
        checks,
        DeleteFunctionError::ResourceNotFoundException,
        delete("nobody")
    );
    refused!(
        checks,
        DeleteFunctionError::InvalidParameterValueException,
        delete("refusing").qualifier("$LATEST")
    );
}
