use stepwell_sandbox::{Fault, Limits, floor};

use crate::guest::guest;
use crate::run::{fault, function, run, run_with};

const ECHO: &str = "(call $ok (local.get $ptr) (local.get $len))";

fn output_limit(output_bytes: u64) -> Limits {
    Limits {
        output_bytes,
        ..Limits::default()
    }
}

#[tokio::test]
async fn echo_returns_its_input() {
    let report = run(&guest(ECHO), r#"{"order":"ß"}"#).await;
    assert_eq!(report.outcome.unwrap(), r#"{"order":"ß"}"#);
    assert!(report.usage.fuel > 0);
    assert_eq!(report.usage.memory_peak_bytes, 65_536);
    assert!(report.log.lines.is_empty());
}

#[tokio::test]
async fn the_floor_returns_the_same_output() {
    let function = function(&guest(ECHO));
    let output = floor::call(&function, b"[1]", &Limits::default()).await;
    assert_eq!(output.unwrap(), b"[1]");
}

#[tokio::test]
async fn output_at_the_limit_passes() {
    let report = run_with(&guest(ECHO), "12345678", output_limit(8)).await;
    assert_eq!(report.outcome.unwrap(), "12345678");
}

#[tokio::test]
async fn output_one_byte_over_the_limit_is_a_fault_that_says_both() {
    let fault = run_with(&guest(ECHO), "123456789", output_limit(8))
        .await
        .outcome
        .unwrap_err();
    let expected = Fault::OutputTooLarge {
        limit_bytes: 8,
        output_bytes: Some(9),
    };
    assert_eq!(fault, expected);
    assert_eq!(fault.error_name(), "Function.ResponseSizeTooLarge");
    assert!(fault.message().contains("(9 bytes)") && fault.message().contains("(8 bytes)"));
}

#[tokio::test]
async fn output_far_over_the_limit_is_not_copied_out_of_the_guest() {
    // 32 MiB of zeroes: more than one call may hand over.
    let body =
        "(drop (memory.grow (i32.const 600))) (call $ok (i32.const 2048) (i32.const 33554432))";
    let fault = fault(&guest(body), output_limit(8)).await;
    let expected = Fault::OutputTooLarge {
        limit_bytes: 8,
        output_bytes: None,
    };
    assert_eq!(fault, expected);
}

#[tokio::test]
async fn an_output_that_lies_outside_of_memory_is_a_trap() {
    let fault = fault(
        &guest("(call $ok (i32.const 65000) (i32.const 70000))"),
        Limits::default(),
    )
    .await;
    assert!(
        matches!(&fault, Fault::Trapped { message } if message.contains("out of bounds")),
        "{fault:?}"
    );
}

#[tokio::test]
async fn output_that_is_not_utf8_is_a_fault() {
    let body =
        "(i32.store (i32.const 512) (i32.const 0xff3031)) (call $ok (i32.const 512) (i32.const 3))";
    let fault = fault(&guest(body), Limits::default()).await;
    assert_eq!(fault, Fault::OutputNotUtf8 { valid_bytes: 2 });
}
