use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use stepwell_sandbox::{Call, Config, Fault, Grants, Limits, Monitor, Sandbox};

use crate::guest::{BEAT, Guest, guest};
use crate::run::{Recorder, call, function, info};

/// Fails if any byte above its own static part is not zero, then dirties all of
/// it; grows first if the input is longer than two bytes.
const SEE_AND_DIRTY: &str = "
    (if (i32.gt_u (local.get $len) (i32.const 2)) (then (drop (memory.grow (i32.const 20)))))
    (local.set $b (i32.mul (memory.size) (i32.const 65536)))
    (local.set $a (i32.const 4096))
    (loop $look
      (if (i64.ne (i64.load (local.get $a)) (i64.const 0)) (then (unreachable)))
      (local.set $a (i32.add (local.get $a) (i32.const 8)))
      (br_if $look (i32.lt_u (local.get $a) (local.get $b))))
    (memory.fill (i32.const 4096) (i32.const 0xa5) (i32.sub (local.get $b) (i32.const 4096)))
    (call $ok (local.get $ptr) (local.get $len))";

/// One slot, so that each instance is put where the one before it was, which
/// was of the same function or of another one.
async fn check_reset(profile: &str, guest: impl Fn() -> Guest) {
    let sandbox = Sandbox::new(Config {
        small_slots: 1,
        large_slots: 1,
        ..Config::default()
    })
    .unwrap();
    let compile = |guest: Guest| {
        let bytes = guest.build();
        sandbox
            .compile("dirty", &bytes, &Grants::default())
            .unwrap()
    };
    let (one, other) = (compile(guest()), compile(guest().data(900, "other")));
    assert_ne!(one.digest(), other.digest());
    assert!(format!("{one:?}").contains(profile));
    let grow = r#"{"grow":1}"#;
    for (function, input) in [
        (&one, "{}"),
        (&one, "{}"),
        (&other, grow),
        (&one, grow),
        (&one, "{}"),
        (&other, "{}"),
    ] {
        let report = sandbox
            .invoke(function, call(input, Limits::default()))
            .await;
        assert_eq!(report.outcome.unwrap(), input);
    }
}

#[tokio::test]
async fn the_next_instance_sees_zeroed_memory_in_the_small_profile() {
    check_reset("Small", || guest(SEE_AND_DIRTY).pages(2)).await;
}

#[tokio::test]
async fn the_next_instance_sees_zeroed_memory_in_the_large_profile() {
    check_reset("Large", || guest(SEE_AND_DIRTY).pages(17)).await;
}

#[tokio::test]
async fn globals_and_tables_do_not_survive_a_call() {
    check_reset("Small", || {
        guest(
            "(if (global.get $seen) (then (unreachable))) (global.set $seen (i32.const 1))
             (if (i32.eqz (ref.is_null (table.get $t (i32.const 5)))) (then (unreachable)))
             (table.set $t (i32.const 5) (ref.func $ok))
             (call $ok (local.get $ptr) (local.get $len))",
        )
        .with(
            "(global $seen (mut i32) (i32.const 0)) (table $t 10 funcref) (elem declare func $ok)",
        )
    })
    .await;
}

#[tokio::test]
async fn a_slot_is_free_again_after_a_trap_a_timeout_and_a_dropped_call() {
    let sandbox = Sandbox::new(Config {
        small_slots: 1,
        large_slots: 1,
        epoch_tick_ms: 1,
        ..Config::default()
    })
    .unwrap();
    let grants = Grants::default();
    let trap = sandbox
        .compile("trap", &guest("(unreachable)").build(), &grants)
        .unwrap();
    let spin = guest("(loop $l (br $l)) (unreachable)").build();
    let spin = sandbox.compile("spin", &spin, &grants).unwrap();
    let short = Limits {
        timeout_ms: 5,
        ..Limits::default()
    };
    for _ in 0..3 {
        let outcome = sandbox
            .invoke(&trap, call("{}", Limits::default()))
            .await
            .outcome;
        assert!(matches!(outcome, Err(Fault::Trapped { .. })), "{outcome:?}");
        let outcome = sandbox.invoke(&spin, call("{}", short)).await.outcome;
        assert!(
            matches!(outcome, Err(Fault::TimedOut { .. })),
            "{outcome:?}"
        );
        let long = sandbox.invoke(&spin, call("{}", Limits::default()));
        tokio::select! {
            biased;
            _ = long => panic!("it spins"),
            () = tokio::task::yield_now() => {}
        }
    }
}

#[tokio::test]
async fn a_full_pool_says_overloaded() {
    let sandbox = Sandbox::new(Config {
        small_slots: 1,
        large_slots: 1,
        epoch_tick_ms: 1,
        ..Config::default()
    })
    .unwrap();
    let spin = guest("(loop $l (br $l)) (unreachable)").build();
    let spin = sandbox.compile("spin", &spin, &Grants::default()).unwrap();
    let limits = Limits {
        timeout_ms: 50,
        ..Limits::default()
    };
    let (first, second) = tokio::join!(
        sandbox.invoke(&spin, call("{}", limits)),
        sandbox.invoke(&spin, call("{}", limits)),
    );
    assert_eq!(first.outcome, Err(Fault::TimedOut { limit_ms: 50 }));
    assert_eq!(second.outcome, Err(Fault::Overloaded));
    assert_eq!(
        Fault::Overloaded.error_name(),
        "Lambda.TooManyRequestsException"
    );
}

/// Says "stop" to its guest once the other guest has beaten too.
struct Meeting {
    mine: Arc<AtomicBool>,
    other: Arc<AtomicBool>,
}

impl Monitor for Meeting {
    fn heartbeat(&self, _details: Option<String>) -> bool {
        self.mine.store(true, Ordering::SeqCst);
        !self.other.load(Ordering::SeqCst)
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

#[tokio::test]
async fn two_guests_overlap_even_on_one_thread() {
    // Beats until told to stop, which happens only while both are inside.
    let body =
        "(loop $l (br_if $l (i32.eqz (call $beat (i32.const 0) (i32.const 0) (i32.const 0)))))
        (call $ok (local.get $ptr) (local.get $len))";
    let function = function(&guest(body).importing(&BEAT));
    let (left, right) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicBool::new(false)),
    );
    let meet = |mine: &Arc<AtomicBool>, other: &Arc<AtomicBool>| Call {
        monitor: Arc::new(Meeting {
            mine: mine.clone(),
            other: other.clone(),
        }),
        ..call("{}", Limits::default())
    };
    let (first, second) = tokio::join!(
        crate::run::SANDBOX.invoke(&function, meet(&left, &right)),
        crate::run::SANDBOX.invoke(&function, meet(&right, &left)),
    );
    assert_eq!(first.outcome.unwrap(), "{}");
    assert_eq!(second.outcome.unwrap(), "{}");
}

#[tokio::test]
async fn a_function_outlives_the_sandbox_that_compiled_it_and_is_still_stopped() {
    let sandbox = Sandbox::new(Config {
        small_slots: 1,
        large_slots: 1,
        epoch_tick_ms: 1,
        ..Config::default()
    })
    .unwrap();
    let spin = guest("(loop $l (br $l)) (unreachable)").build();
    let spin = sandbox.compile("spin", &spin, &Grants::default()).unwrap();
    drop(sandbox);
    let call = Call {
        input: "{}".into(),
        info: info(),
        environment: Arc::default(),
        limits: Limits {
            timeout_ms: 10,
            ..Limits::default()
        },
        monitor: Arc::new(Recorder::default()),
    };
    let outcome = crate::run::SANDBOX.invoke(&spin, call).await.outcome;
    assert_eq!(outcome, Err(Fault::TimedOut { limit_ms: 10 }));
}
