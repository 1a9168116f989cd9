//! Invoke, and how many invocations there may be.

use aws_sdk_lambda::Client;
use aws_sdk_lambda::operation::delete_function_concurrency::DeleteFunctionConcurrencyError;
use aws_sdk_lambda::operation::get_function_concurrency::GetFunctionConcurrencyError;
use aws_sdk_lambda::operation::invoke::InvokeError;
use aws_sdk_lambda::operation::put_function_concurrency::PutFunctionConcurrencyError;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::{InvocationType, LogType, ThrottleReason};

use super::{Components, function};
use crate::checks::{Checks, Step, refused, success};

/// The payload of an invocation, at the most.
const PAYLOAD_BYTES_MAX: usize = 6_291_456;

pub(super) async fn run(
    lambda: &Client,
    once: &Client,
    checks: &Checks,
    components: &Components,
) -> Step {
    invoked(lambda, checks, components).await?;
    failed(lambda, checks, components).await?;
    not_invoked(lambda, checks).await;
    reserved(lambda, once, checks).await
}

async fn invoked(lambda: &Client, checks: &Checks, components: &Components) -> Step {
    let arn = function(lambda, checks, "echo", &components.echo).await?;
    let invoke = || lambda.invoke().function_name("echo");
    let payload = r#"{"order":[7,"ä"]}"#;
    let answered = success!(checks, Invoke, invoke().payload(Blob::new(payload)));
    checks.equal(
        "Invoke",
        "gives the answer",
        (
            answered.status_code,
            answered.payload.as_ref().map(Blob::as_ref),
            answered.executed_version.as_deref(),
            answered.function_error,
        ),
        (200, Some(payload.as_bytes()), Some("$LATEST"), None),
    );
    let logged = success!(
        checks,
        Invoke,
        lambda
            .invoke()
            .function_name(arn)
            .log_type(LogType::Tail)
            .payload(Blob::new("1"))
    );
    checks.holds(
        "Invoke",
        "gives the log where it is asked for",
        logged.log_result.is_some_and(|log| !log.is_empty()),
    );
    let later = success!(
        checks,
        Invoke,
        invoke()
            .invocation_type(InvocationType::Event)
            .payload(Blob::new("{}"))
    );
    let dry = success!(
        checks,
        Invoke,
        invoke().invocation_type(InvocationType::DryRun)
    );
    checks.equal(
        "Invoke",
        "later, and not at all",
        (later.status_code, dry.status_code),
        (202, 204),
    );
    Ok(())
}

async fn failed(lambda: &Client, checks: &Checks, components: &Components) -> Step {
    function(lambda, checks, "flaky", &components.flaky).await?;
    let failed = success!(
        checks,
        Invoke,
        lambda
            .invoke()
            .function_name("flaky")
            .payload(Blob::new(r#"{"failures":9,"error":"Broken"}"#))
    );
    let payload = failed.payload.unwrap_or_else(|| Blob::new(""));
    let payload = String::from_utf8_lossy(payload.as_ref()).into_owned();
    checks.holds(
        "Invoke",
        "a failure of the function is an answer",
        failed.status_code == 200
            && failed.function_error.as_deref() == Some("Unhandled")
            && payload.contains(r#""errorType":"Broken""#),
    );
    function(lambda, checks, "spin", &components.spin).await?;
    success!(
        checks,
        UpdateFunctionConfiguration,
        lambda
            .update_function_configuration()
            .function_name("spin")
            .timeout(1)
    );
    let ended = success!(
        checks,
        Invoke,
        lambda
            .invoke()
            .function_name("spin")
            .payload(Blob::new("{}"))
    );
    checks.equal(
        "Invoke",
        "a function that does not end is ended",
        ended.function_error.as_deref(),
        Some("Unhandled"),
    );
    Ok(())
}

async fn not_invoked(lambda: &Client, checks: &Checks) {
    let invoke = |name: &str| lambda.invoke().function_name(name);
    refused!(
        checks,
        InvokeError::ResourceNotFoundException,
        invoke("nobody")
    );
    refused!(
        checks,
        InvokeError::InvalidParameterValueException,
        invoke("echo:1").qualifier("2")
    );
    refused!(
        checks,
        InvokeError::InvalidRequestContentException,
        invoke("echo").payload(Blob::new("{"))
    );
    let large = format!("\"{}\"", "a".repeat(PAYLOAD_BYTES_MAX));
    refused!(
        checks,
        InvokeError::RequestTooLargeException,
        invoke("echo").payload(Blob::new(large))
    );
}

async fn reserved(lambda: &Client, once: &Client, checks: &Checks) -> Step {
    let put = |name: &str, reserved: i32| {
        lambda
            .put_function_concurrency()
            .function_name(name)
            .reserved_concurrent_executions(reserved)
    };
    let get = |name: &str| lambda.get_function_concurrency().function_name(name);
    let delete = |name: &str| lambda.delete_function_concurrency().function_name(name);
    success!(checks, PutFunctionConcurrency, put("echo", 0));
    let found = success!(checks, GetFunctionConcurrency, get("echo"));
    checks.equal(
        "GetFunctionConcurrency",
        "shows it",
        found.reserved_concurrent_executions,
        Some(0),
    );
    // With retries this would take as long as they do.
    let throttled = once.invoke().function_name("echo").send().await;
    let reason = match throttled.as_ref().map_err(|error| error.as_service_error()) {
        Err(Some(InvokeError::TooManyRequestsException(error))) => error.reason.clone(),
        _ => None,
    };
    checks.equal(
        "Invoke",
        "is throttled, and why",
        reason,
        Some(ThrottleReason::ReservedFunctionConcurrentInvocationLimitExceeded),
    );
    checks.refused(
        "InvokeError",
        "TooManyRequestsException",
        throttled,
        InvokeError::is_too_many_requests_exception,
    );
    success!(checks, DeleteFunctionConcurrency, delete("echo"));
    let found = success!(checks, GetFunctionConcurrency, get("echo"));
    checks.equal(
        "DeleteFunctionConcurrency",
        "it is gone",
        found.reserved_concurrent_executions,
        None,
    );
    refused!(
        checks,
        PutFunctionConcurrencyError::ResourceNotFoundException,
        put("nobody", 1)
    );
    refused!(
        checks,
        PutFunctionConcurrencyError::InvalidParameterValueException,
        put("echo", 100_000)
    );
    refused!(
        checks,
        GetFunctionConcurrencyError::ResourceNotFoundException,
        get("nobody")
    );
    refused!(
        checks,
        GetFunctionConcurrencyError::InvalidParameterValueException,
        get("echo:1")
    );
    refused!(
        checks,
        DeleteFunctionConcurrencyError::ResourceNotFoundException,
        delete("nobody")
    );
    refused!(
        checks,
        DeleteFunctionConcurrencyError::InvalidParameterValueException,
        delete("echo:1")
    );
    Ok(())
}
