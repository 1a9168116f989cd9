use stepwell_sandbox::Limits;

use crate::guest::{INFO, REMAINING_MS, guest};
use crate::run::{SANDBOX, call, function};

#[tokio::test]
async fn a_guest_reads_what_the_caller_said() {
    // Layout of the record: five strings, attempt at 40, key at 44, token at 52.
    for (offset, expected) in [
        (0, "arn:execution"),
        (8, "name"),
        (16, "arn:machine"),
        (24, "Charge"),
        (32, "arn:task"),
        (44, "key-1"),
        (56, "token"),
    ] {
        let body = format!(
            "(call $info (i32.const 512))
             (if (i32.ne (i32.load (i32.const 552)) (i32.const 3)) (then (unreachable)))
             (if (i64.ne (i64.load (i32.const 584)) (i64.const 1060000)) (then (unreachable)))
             (call $ok (i32.load (i32.const {})) (i32.load (i32.const {})))",
            512 + offset,
            516 + offset
        );
        let function = function(&guest(&body).importing(&INFO));
        let report = SANDBOX
            .invoke(&function, call("{}", Limits::default()))
            .await;
        assert_eq!(report.outcome.unwrap(), expected);
    }
}

#[tokio::test]
async fn remaining_time_is_that_of_the_nearer_deadline() {
    // Traps unless what remains is within 1,000 ms below the input's length in seconds.
    let body = "(local.set $n (i64.mul (i64.extend_i32_u (local.get $len)) (i64.const 1000)))
        (if (i64.gt_u (call $remaining-ms) (local.get $n)) (then (unreachable)))
        (if (i64.lt_u (call $remaining-ms) (i64.sub (local.get $n) (i64.const 1000))) (then (unreachable)))
        (call $ok (local.get $ptr) (local.get $len))";
    let function = function(&guest(body).importing(&REMAINING_MS));
    let sixty = "6".repeat(60);
    for (timeout_ms, input) in [(3_000, "333"), (u64::MAX, sixty.as_str())] {
        let limits = Limits {
            timeout_ms,
            ..Limits::default()
        };
        let report = SANDBOX.invoke(&function, call(input, limits)).await;
        assert_eq!(report.outcome.unwrap(), input);
    }
}
