use std::sync::Arc;

use stepwell_sandbox::{Call, Fault, Level, Limits};

use crate::guest::{BEAT, GET_STDERR, Guest, LOG, WRITE, guest};
use crate::run::{Recorder, SANDBOX, call, fault, function, run_with};

/// Logs "abcd" with fields "{}" so many times.
fn chatty(lines: u32) -> Guest {
    guest(&format!(
        "(local.set $a (i32.const {lines}))
         (loop $l
           (call $log (i32.const 3) (i32.const 16) (i32.const 4) (i32.const 32) (i32.const 2))
           (local.set $a (i32.sub (local.get $a) (i32.const 1)))
           (br_if $l (local.get $a)))
         (call $ok (local.get $ptr) (local.get $len))"
    ))
    .importing(&LOG)
    .data(16, "abcd")
    .data(32, "{}")
}

#[tokio::test]
async fn log_lines_are_kept_with_level_fields_and_time_and_shown_live() {
    let recorder = Arc::new(Recorder::default());
    let call = Call {
        monitor: recorder.clone(),
        ..call("{}", Limits::default())
    };
    let report = SANDBOX.invoke(&function(&chatty(2)), call).await;
    assert_eq!(report.log.lines.len(), 2);
    let line = &report.log.lines[0];
    assert_eq!(
        (line.level, line.message.as_str(), line.fields.as_str()),
        (Level::Warn, "abcd", "{}")
    );
    assert!((1_000_000..1_060_000).contains(&line.at_ms));
    assert_eq!(*recorder.lines.lock().unwrap(), report.log.lines);
}

#[tokio::test]
async fn lines_over_the_line_limit_are_counted_and_not_kept() {
    let limits = Limits {
        log_lines: 3,
        ..Limits::default()
    };
    let log = run_with(&chatty(3), "{}", limits).await.log;
    assert_eq!(
        (log.lines.len(), log.dropped_lines, log.dropped_bytes),
        (3, 0, 0)
    );
    let log = run_with(&chatty(5), "{}", limits).await.log;
    assert_eq!(
        (log.lines.len(), log.dropped_lines, log.dropped_bytes),
        (3, 2, 12)
    );
}

#[tokio::test]
async fn bytes_over_the_byte_limit_are_counted_and_not_kept() {
    let limits = Limits {
        log_bytes: 18,
        ..Limits::default()
    };
    let log = run_with(&chatty(3), "{}", limits).await.log;
    assert_eq!((log.lines.len(), log.dropped_lines), (3, 0));
    let log = run_with(&chatty(4), "{}", limits).await.log;
    assert_eq!(
        (log.lines.len(), log.dropped_lines, log.dropped_bytes),
        (3, 1, 6)
    );
}

#[tokio::test]
async fn stderr_is_captured_as_lines() {
    let guest = guest(
        "(local.set $a (call $get-stderr))
         (call $write (local.get $a) (i32.const 16) (i32.const 7) (i32.const 512))
         (call $write (local.get $a) (i32.const 16) (i32.const 3) (i32.const 512))
         (call $ok (local.get $ptr) (local.get $len))",
    )
    .importing(&GET_STDERR)
    .importing(&WRITE)
    .data(16, "one\ntwo");
    let log = run_with(&guest, "{}", Limits::default()).await.log;
    let lines: Vec<_> = log
        .lines
        .iter()
        .map(|line| (line.level, line.message.as_str()))
        .collect();
    assert_eq!(lines, [(Level::Error, "one"), (Level::Error, "twoone")]);
}

#[tokio::test]
async fn a_line_too_large_to_hand_over_is_the_guests_fault() {
    let guest = guest(
        "(drop (memory.grow (i32.const 600)))
         (call $log (i32.const 2) (i32.const 1024) (i32.const 33554432) (i32.const 0) (i32.const 0))
         (unreachable)",
    )
    .importing(&LOG);
    let fault = fault(&guest, Limits::default()).await;
    assert!(
        matches!(&fault, Fault::Trapped { message } if message.contains("too much data")),
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_line_that_is_not_utf8_is_the_guests_fault() {
    let guest = guest(
        "(i32.store8 (i32.const 512) (i32.const 0xff))
         (call $log (i32.const 2) (i32.const 512) (i32.const 1) (i32.const 0) (i32.const 0))
         (unreachable)",
    )
    .importing(&LOG);
    let fault = fault(&guest, Limits::default()).await;
    assert!(
        matches!(&fault, Fault::Trapped { message } if message.contains("utf-8")),
        "{fault:?}"
    );
}

#[tokio::test]
async fn details_of_a_beat_are_cut() {
    let guest = guest(
        "(memory.fill (i32.const 2048) (i32.const 97) (i32.const 5000))
         (drop (call $beat (i32.const 1) (i32.const 2048) (i32.const 5000)))
         (call $ok (local.get $ptr) (local.get $len))",
    )
    .importing(&BEAT);
    let recorder = Arc::new(Recorder::default());
    let call = Call {
        monitor: recorder.clone(),
        ..call("{}", Limits::default())
    };
    SANDBOX
        .invoke(&function(&guest), call)
        .await
        .outcome
        .unwrap();
    let beats = recorder.beats.lock().unwrap();
    assert_eq!(
        beats[0].as_ref().unwrap().len(),
        stepwell_sandbox::limits::HEARTBEAT_DETAILS_BYTES
    );
}
