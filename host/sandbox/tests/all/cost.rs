use stepwell_sandbox::{Fault, Limits};

use crate::guest::{INSECURE_SEED, REMAINING_FUEL, guest};
use crate::run::{SANDBOX, call, fault, function, run, run_with};

const SPIN: &str = "(loop $l (br $l)) (unreachable)";
/// Counts down from a seed-dependent number, so that fuel depends on the seed.
const SEEDED: &str = "(call $insecure-seed (i32.const 512))
    (local.set $a (i32.load16_u (i32.const 512)))
    (loop $l (local.set $a (i32.sub (local.get $a) (i32.const 1))) (br_if $l (i32.gt_s (local.get $a) (i32.const 0))))
    (call $ok (local.get $ptr) (local.get $len))";

fn fuel_limit(fuel: u64) -> Limits {
    Limits {
        fuel,
        ..Limits::default()
    }
}

#[tokio::test]
async fn spinning_uses_up_the_fuel() {
    let report = run_with(&guest(SPIN), "{}", fuel_limit(100_000)).await;
    let fault = report.outcome.unwrap_err();
    assert_eq!(fault, Fault::FuelExhausted { limit: 100_000 });
    assert_eq!(fault.error_name(), "Sandbox.Timedout");
    assert!(
        fault.message().contains("100000") && fault.message().contains("Metadata.Stepwell.Fuel")
    );
    assert_eq!(report.usage.fuel, 100_000);
}

#[tokio::test]
async fn enough_fuel_is_enough_and_too_little_is_not() {
    let count = guest(
        "(local.set $a (i32.const 1000))
         (loop $l (br_if $l (local.tee $a (i32.sub (local.get $a) (i32.const 1)))))
         (call $ok (local.get $ptr) (local.get $len))",
    );
    let used = run(&count, "{}").await.usage.fuel;
    let enough = run_with(&count, "{}", fuel_limit(used)).await;
    assert_eq!(enough.outcome.unwrap(), "{}");
    assert_eq!(enough.usage.fuel, used);
    // Looked at where a loop or a function begins, so the last few may be free.
    let short = fault(&count, fuel_limit(used - 50)).await;
    assert_eq!(short, Fault::FuelExhausted { limit: used - 50 });
}

#[tokio::test]
async fn same_input_uses_same_fuel_also_with_a_random_seed() {
    let function = function(&guest(SEEDED).importing(&INSECURE_SEED));
    let mut fuel = Vec::new();
    for _ in 0..3 {
        let report = SANDBOX
            .invoke(&function, call("{}", Limits::default()))
            .await;
        report.outcome.unwrap();
        fuel.push(report.usage.fuel);
    }
    assert!(fuel.iter().all(|used| *used == fuel[0]), "{fuel:?}");

    let mut other = call("{}", Limits::default());
    other.info.idempotency_key = "key-2".into();
    assert_ne!(SANDBOX.invoke(&function, other).await.usage.fuel, fuel[0]);
}

#[tokio::test]
async fn a_guest_sees_the_fuel_it_has_left() {
    let body = "(i64.store (i32.const 512) (call $remaining-fuel))
        (if (i64.gt_u (i64.load (i32.const 512)) (i64.const 5000)) (then (unreachable)))
        (if (i64.lt_u (i64.load (i32.const 512)) (i64.const 4000)) (then (unreachable)))
        (call $ok (local.get $ptr) (local.get $len))";
    let guest = guest(body).importing(&REMAINING_FUEL);
    assert_eq!(
        run_with(&guest, "{}", fuel_limit(5_000))
            .await
            .outcome
            .unwrap(),
        "{}"
    );
}

#[tokio::test]
async fn growing_memory_costs_fuel() {
    let grow = |pages: u32| {
        guest(&format!(
            "(drop (memory.grow (i32.const {pages}))) (call $ok (local.get $ptr) (local.get $len))"
        ))
    };
    let few = run(&grow(1), "{}").await.usage.fuel;
    let many = run(&grow(101), "{}").await.usage.fuel;
    assert_eq!(
        many - few,
        100 * u64::from(stepwell_sandbox::limits::FUEL_PER_PAGE)
    );
}
