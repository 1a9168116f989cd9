use std::sync::Arc;

use stepwell_sandbox::{Call, Fault, Limits, limits};

use crate::guest::{GET_ARGUMENTS, GET_ENVIRONMENT, RANDOM_BYTES, guest};
use crate::run::{SANDBOX, call, fault, function, run};

#[tokio::test]
async fn environment_and_arguments_are_empty() {
    for (host, name) in [
        (&GET_ENVIRONMENT, "get-environment"),
        (&GET_ARGUMENTS, "get-arguments"),
    ] {
        // Traps unless the returned list has no element.
        let body = format!(
            "(i32.store (i32.const 516) (i32.const 7)) (call ${name} (i32.const 512))
             (if (i32.load (i32.const 516)) (then (unreachable)))
             (call $ok (local.get $ptr) (local.get $len))"
        );
        let guest = guest(&body).importing(host);
        assert_eq!(run(&guest, "{}").await.outcome.unwrap(), "{}", "{name}");
    }
}

#[tokio::test]
async fn a_guest_sees_the_variables_that_its_call_brings_and_no_others() {
    // Gives the value of the first variable; traps unless there is exactly one.
    let body = "(call $get-environment (i32.const 512))
        (if (i32.ne (i32.load (i32.const 516)) (i32.const 1)) (then (unreachable)))
        (call $ok (i32.load offset=8 (i32.load (i32.const 512)))
                  (i32.load offset=12 (i32.load (i32.const 512))))";
    let function = function(&guest(body).importing(&GET_ENVIRONMENT));
    let call = Call {
        environment: Arc::from([("TABLE".to_owned(), "\"orders\"".to_owned())]),
        ..call("{}", Limits::default())
    };
    let report = SANDBOX.invoke(&function, call).await;
    assert_eq!(report.outcome.unwrap(), "\"orders\"");
}

#[tokio::test]
async fn a_guest_with_inert_imports_is_sealed_and_its_imports_are_listed() {
    let function = function(&guest("(unreachable)").importing(&GET_ARGUMENTS));
    assert!(function.is_sealed());
    assert_eq!(
        function.imports(),
        ["stepwell:task/types@0.1.0", "wasi:cli/environment@0.2.6"]
    );
    assert_eq!(function.digest().len(), 64);
    assert_eq!(function.name(), "test");
}

#[tokio::test]
async fn random_bytes_work_and_are_bounded() {
    let ask = |bytes: u64| {
        guest(&format!(
            "(call $random-bytes (i64.const {bytes}) (i32.const 512))
             (if (i32.ne (i32.load (i32.const 516)) (i32.const {bytes})) (then (unreachable)))
             (call $ok (local.get $ptr) (local.get $len))"
        ))
        .importing(&RANDOM_BYTES)
    };
    assert!(run(&ask(limits::RANDOM_BYTES), "{}").await.outcome.is_ok());
    let fault = fault(&ask(limits::RANDOM_BYTES + 1), Limits::default()).await;
    assert!(
        matches!(&fault, Fault::Trapped { message } if message.contains("65537")),
        "{fault:?}"
    );
}
