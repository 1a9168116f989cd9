//! Lambda.

mod aliases;
mod functions;
mod invocations;
mod refusals;
mod tags;

use std::path::Path;
use std::time::Duration;

use aws_sdk_lambda::Client;
use aws_sdk_lambda::client::Waiters as _;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::FunctionCode;

use crate::checks::{Checks, Step, Stopped, success};
use crate::connect::Server;

/// A role: there is no IAM, but it has to look like one.
const ROLE: &str = "arn:aws:iam::123456789012:role/stepwell";

/// How long a waiter waits.
const PATIENCE: Duration = Duration::from_secs(30);

/// The components that functions are made of.
struct Components {
    echo: Blob,
    flaky: Blob,
    spin: Blob,
    wants_network: Blob,
}

impl Components {
    fn read(folder: &Path, checks: &Checks) -> Step<Components> {
        let component = |name: &str| {
            let bytes = std::fs::read(folder.join(name));
            Ok(Blob::new(checks.done("CreateFunction", name, bytes)?))
        };
        Ok(Components {
            echo: component("echo.wasm")?,
            flaky: component("flaky.wasm")?,
            spin: component("spin.wasm")?,
            wants_network: component("wants-network.wasm")?,
        })
    }
}

/// All stories of the service.
pub async fn run(server: &Server, checks: &Checks, folder: &Path) {
    let Ok(components) = Components::read(folder, checks) else {
        return;
    };
    let lambda = &server.lambda();
    let once = &server.without_retries().lambda();
    // A story that has to stop has said why.
    let _ = tokio::join!(
        functions::run(lambda, checks, &components),
        refusals::run(lambda, checks, &components),
        aliases::run(lambda, checks, &components),
        invocations::run(lambda, once, checks, &components),
        tags::run(lambda, checks, &components),
    );
}

fn zip_file(component: &Blob) -> FunctionCode {
    FunctionCode::builder().zip_file(component.clone()).build()
}

/// A function of this name, when it can be invoked. Gives its ARN.
async fn function(lambda: &Client, checks: &Checks, name: &str, component: &Blob) -> Step<String> {
    let created = success!(
        checks,
        CreateFunction,
        lambda
            .create_function()
            .function_name(name)
            .role(ROLE)
            .code(zip_file(component))
    );
    let active = lambda
        .wait_until_function_active_v2()
        .function_name(name)
        .wait(PATIENCE)
        .await;
    checks.done("GetFunction", "waited for until it is active", active)?;
    created.function_arn.ok_or(Stopped)
}
