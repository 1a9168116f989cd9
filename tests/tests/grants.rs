//! A guest gets exactly what is granted (I8), with real components: each import that reaches outside is
//! refused before anything runs, and what is not refused reaches nothing.

use std::sync::Arc;

use engine::Status;
use runtime::{Clock, FunctionSpec, SandboxHost};
use sandbox::{CompileError, Grant, Grants, Limits, Sandbox};
use serde_json::json;
use stepwell_tests::{components, machine, request, runtime, told};

fn sandbox() -> Sandbox {
    Sandbox::new(sandbox::Config {
        small_slots: 8,
        large_slots: 4,
        ..Default::default()
    })
    .unwrap()
}

fn refusal(task: &str) -> String {
    let component = components(&[task]).remove(0);
    let refused = sandbox().compile(task, &component, &Grants::default());
    let error = refused.map(|_| ()).expect_err("it must be refused");
    assert!(
        matches!(error, CompileError::ImportNotGranted { .. }),
        "{error:?}"
    );
    error.to_string()
}

#[test]
fn a_task_that_imports_the_filesystem_is_refused_and_the_import_named() {
    let message = refusal("wants-filesystem");
    assert!(message.contains("wasi:filesystem/"), "{message}");
    assert!(message.contains("Filesystem"), "{message}");
}

#[test]
fn a_task_that_imports_sockets_is_refused_and_the_import_named() {
    let message = refusal("wants-network");
    assert!(message.contains("wasi:sockets/"), "{message}");
    assert!(message.contains("Sockets"), "{message}");
}

#[test]
fn a_grant_that_does_not_exist_yet_is_refused_by_its_name() {
    let component = components(&["wants-filesystem"]).remove(0);
    let grants = Grants {
        outward: [Grant::Filesystem].into(),
    };
    let refused = sandbox().compile("wants-filesystem", &component, &grants);
    let error = refused.map(|_| ()).expect_err("it must be refused");
    assert!(error.to_string().contains("Filesystem"), "{error}");
}

#[tokio::test]
async fn a_task_that_reads_the_environment_and_the_arguments_finds_none() {
    let spec = FunctionSpec {
        name: String::from("reads-environment"),
        wasm: components(&["reads-environment"]).remove(0),
        limits: Limits::default(),
        grants: Grants::default(),
        is_idempotent: false,
    };
    let host = SandboxHost::new(sandbox(), vec![spec]).unwrap();
    let runtime = runtime(Arc::new(host), Clock::real(), Arc::default());
    let machine = machine(&json!({
        "StartAt": "Look",
        "States": { "Look": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:us-east-1:123456789012:function:reads-environment",
            "End": true,
        } },
    }));
    let mut started = runtime
        .start(request(&machine, "one", json!({})))
        .await
        .unwrap();
    let ended = told(started.watch.ended().await);
    assert_eq!(
        ended,
        (
            Status::Succeeded,
            json!({ "environment": {}, "arguments": [] })
        )
    );
}
