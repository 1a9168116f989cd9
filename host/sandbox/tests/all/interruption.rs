use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use stepwell_sandbox::{Call, Fault, Limits, Monitor};

use crate::guest::{BEAT, BLOCK, Guest, SUBSCRIBE, guest};
use crate::run::{Recorder, SANDBOX, call, fault, function, run, run_with};

const SPIN: &str = "(loop $l (br $l)) (unreachable)";

fn sleep_an_hour() -> Guest {
    guest("(call $block (call $subscribe (i64.const 3600000000000))) (unreachable)")
        .importing(&SUBSCRIBE)
        .importing(&BLOCK)
}

fn timeout(timeout_ms: u64) -> Limits {
    Limits {
        timeout_ms,
        fuel: u64::MAX,
        ..Limits::default()
    }
}

#[tokio::test]
async fn spinning_with_endless_fuel_ends_at_the_timeout() {
    let fault = fault(&guest(SPIN), timeout(30)).await;
    assert_eq!(fault, Fault::TimedOut { limit_ms: 30 });
    assert_eq!(fault.error_name(), "Sandbox.Timedout");
    assert!(fault.message().contains("0.03 seconds") && fault.message().contains("Timeout"));
}

#[tokio::test]
async fn spinning_while_starting_ends_at_the_timeout_too() {
    let guest = guest("(unreachable)").with("(func $s (loop $l (br $l))) (start $s)");
    assert_eq!(
        fault(&guest, timeout(30)).await,
        Fault::TimedOut { limit_ms: 30 }
    );
}

#[tokio::test]
async fn waiting_for_an_hour_ends_at_the_timeout() {
    let report = SANDBOX
        .invoke(&function(&sleep_an_hour()), call("{}", timeout(30)))
        .await;
    assert_eq!(report.outcome, Err(Fault::TimedOut { limit_ms: 30 }));
    assert!(report.usage.duration_us >= 30_000);
}

#[tokio::test]
async fn a_short_wait_ends_by_itself() {
    let guest = guest(
        "(call $block (call $subscribe (i64.const 1000000)))
         (call $ok (local.get $ptr) (local.get $len))",
    )
    .importing(&SUBSCRIBE)
    .importing(&BLOCK);
    assert_eq!(run(&guest, "{}").await.outcome.unwrap(), "{}");
}

/// Is cancelled after it was asked a few times.
#[derive(Default)]
struct Impatient(AtomicU32);

impl Monitor for Impatient {
    fn heartbeat(&self, _details: Option<String>) -> bool {
        true
    }

    fn is_cancelled(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed) >= 3
    }
}

async fn cancelled(guest: &Guest) -> Fault {
    let call = Call {
        monitor: Arc::new(Impatient::default()),
        ..call("{}", timeout(60_000))
    };
    SANDBOX
        .invoke(&function(guest), call)
        .await
        .outcome
        .unwrap_err()
}

#[tokio::test]
async fn a_cancelled_guest_is_stopped_while_it_spins_and_while_it_waits() {
    assert_eq!(cancelled(&guest(SPIN)).await, Fault::Cancelled);
    assert_eq!(cancelled(&sleep_an_hour()).await, Fault::Cancelled);
}

#[tokio::test]
async fn beats_reach_the_monitor_and_say_whether_to_go_on() {
    // Returns "0" if told to proceed, "1" if told that it is cancelled.
    let body = "(drop (call $beat (i32.const 0) (i32.const 0) (i32.const 0)))
        (i32.store8 (i32.const 512) (i32.add (i32.const 48)
          (call $beat (i32.const 1) (i32.const 16) (i32.const 9))))
        (call $ok (i32.const 512) (i32.const 1))";
    let function = function(&guest(body).importing(&BEAT).data(16, "half done"));
    for (cancelled, signal) in [(false, "0"), (true, "1")] {
        let recorder = Arc::new(Recorder::default());
        recorder.cancelled.store(cancelled, Ordering::Relaxed);
        let call = Call {
            monitor: recorder.clone(),
            ..call("{}", Limits::default())
        };
        // A cancelled guest that returns before the next tick has returned.
        let outcome = SANDBOX.invoke(&function, call).await.outcome;
        assert!(
            outcome == Ok(signal.to_owned()) || (cancelled && outcome == Err(Fault::Cancelled))
        );
        let beats = recorder.beats.lock().unwrap();
        assert_eq!(beats[0], None);
        assert!(
            beats
                .get(1)
                .is_none_or(|beat| beat.as_deref() == Some("half done"))
        );
    }
}

#[tokio::test]
async fn spinning_guests_leave_their_thread_responsive() {
    let spin = function(&guest(SPIN));
    let recorder = Arc::new(Recorder::default());
    let mut spinning = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let spin = spin.clone();
        let call = Call {
            monitor: recorder.clone(),
            ..call("{}", timeout(600_000))
        };
        spinning.spawn(async move { SANDBOX.invoke(&spin, call).await });
    }
    // On this one thread, an echo among twenty spinning guests comes back.
    let echo = guest("(call $ok (local.get $ptr) (local.get $len))");
    for _ in 0..3 {
        tokio::task::yield_now().await;
        let report = run_with(&echo, "[]", timeout(600_000)).await;
        assert_eq!(report.outcome.unwrap(), "[]");
    }
    assert!(spinning.try_join_next().is_none());
    recorder.cancelled.store(true, Ordering::Relaxed);
    while let Some(report) = spinning.join_next().await {
        assert_eq!(report.unwrap().outcome, Err(Fault::Cancelled));
    }
}
