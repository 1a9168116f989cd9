use stepwell_sandbox::{Fault, Limits};

use crate::guest::{EXIT, GET_STDERR, WRITE, guest};
use crate::run::{fault, run};

const PANIC: &str = "thread 'main' panicked at src/lib.rs:7:5: stock is negative";

fn failed(name: &str, cause: &str) -> Fault {
    Fault::Failed {
        name: name.to_owned(),
        cause: cause.to_owned(),
    }
}

#[tokio::test]
async fn a_guest_error_becomes_error_and_cause() {
    let guest = guest("(call $err (i32.const 16) (i32.const 12) (i32.const 32) (i32.const 7))")
        .data(16, "CardDeclined")
        .data(32, "no luck");
    let fault = fault(&guest, Limits::default()).await;
    assert_eq!(fault, failed("CardDeclined", "no luck"));
    assert_eq!(fault.error_name(), "CardDeclined");
    assert_eq!(fault.message(), "no luck");
}

#[tokio::test]
async fn a_guest_may_not_use_a_reserved_error_name() {
    let guest = guest("(call $err (i32.const 16) (i32.const 14) (i32.const 32) (i32.const 7))")
        .data(16, "States.Timeout")
        .data(32, "no luck");
    let fault = fault(&guest, Limits::default()).await;
    assert_eq!(
        fault,
        failed("States.TaskFailed", "States.Timeout: no luck")
    );
}

#[tokio::test]
async fn a_trap_says_what_and_where() {
    let guest = guest("(call $boom) (unreachable)").with("(func $boom (unreachable))");
    let fault = fault(&guest, Limits::default()).await;
    assert_eq!(fault.error_name(), "Runtime.ExitError");
    let message = fault.message();
    assert!(message.contains("unreachable"), "{message}");
    assert!(message.contains("at boom"), "{message}");
}

#[tokio::test]
async fn division_by_zero_and_stray_access_are_traps() {
    for (body, word) in [
        ("(i32.div_u (i32.const 1) (i32.const 0))", "divide by zero"),
        ("(i32.load (i32.const -4))", "out of bounds"),
    ] {
        let fault = fault(&guest(body), Limits::default()).await;
        assert!(
            matches!(&fault, Fault::Trapped { message } if message.contains(word)),
            "{fault:?}"
        );
    }
}

#[tokio::test]
async fn endless_recursion_is_a_trap() {
    let guest = guest("(call $down) (unreachable)").with("(func $down (call $down))");
    let fault = fault(&guest, Limits::default()).await;
    assert!(
        matches!(&fault, Fault::Trapped { message } if message.contains("stack")),
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_panic_on_stderr_ends_up_in_the_cause_of_the_trap() {
    let body = format!(
        "(call $write (call $get-stderr) (i32.const 16) (i32.const {}) (i32.const 512)) (unreachable)",
        PANIC.len()
    );
    let guest = guest(&body)
        .importing(&GET_STDERR)
        .importing(&WRITE)
        .data(16, PANIC);
    let report = run(&guest, "{}").await;
    let fault = report.outcome.unwrap_err();
    assert!(
        matches!(&fault, Fault::Trapped { message } if message.contains(PANIC)),
        "{fault:?}"
    );
    assert_eq!(report.log.lines[0].message, PANIC);
}

#[tokio::test]
async fn exit_is_a_fault_whatever_the_status_and_says_what_was_printed() {
    for (argument, expected) in [(0, 0), (1, 1)] {
        let body = format!(
            "(call $write (call $get-stderr) (i32.const 16) (i32.const {}) (i32.const 512))
             (call $exit (i32.const {argument})) (unreachable)",
            PANIC.len()
        );
        let guest = guest(&body)
            .importing(&GET_STDERR)
            .importing(&WRITE)
            .importing(&EXIT)
            .data(16, PANIC);
        let fault = fault(&guest, Limits::default()).await;
        assert!(matches!(fault, Fault::Exited { status, .. } if status == expected));
        assert_eq!(fault.error_name(), "Runtime.ExitError");
        assert!(fault.message().contains(PANIC));
    }
}
