use stepwell_sandbox::{Fault, Limits};

use crate::guest::guest;
use crate::run::{fault, run_with};

const PAGE: u64 = 65_536;

fn grow(pages: u64) -> String {
    format!("(drop (memory.grow (i32.const {pages}))) (call $ok (local.get $ptr) (local.get $len))")
}

fn memory_limit(memory_bytes: u64) -> Limits {
    Limits {
        memory_bytes,
        ..Limits::default()
    }
}

#[tokio::test]
async fn growing_to_the_memory_limit_passes() {
    let report = run_with(&guest(&grow(9)), "{}", memory_limit(10 * PAGE)).await;
    assert!(report.outcome.is_ok());
    assert_eq!(report.usage.memory_peak_bytes, 10 * PAGE);
}

#[tokio::test]
async fn growing_one_page_over_the_memory_limit_ends_the_guest() {
    let report = run_with(&guest(&grow(10)), "{}", memory_limit(10 * PAGE)).await;
    let fault = report.outcome.unwrap_err();
    let expected = Fault::MemoryExceeded {
        limit_bytes: 10 * PAGE,
        wanted_bytes: 11 * PAGE,
    };
    assert_eq!(fault, expected);
    assert_eq!(fault.error_name(), "Runtime.ExitError");
    assert!(fault.message().contains("MemorySize"));
    assert_eq!(report.usage.memory_peak_bytes, PAGE);
}

#[tokio::test]
async fn initial_memory_counts_too() {
    let fault = fault(&guest(&grow(0)).pages(3), memory_limit(2 * PAGE)).await;
    let expected = Fault::MemoryExceeded {
        limit_bytes: 2 * PAGE,
        wanted_bytes: 3 * PAGE,
    };
    assert_eq!(fault, expected);
}

#[tokio::test]
async fn two_memories_share_one_limit() {
    let guest = guest(&grow(0)).with(r#"(memory $second 2)"#);
    assert!(
        run_with(&guest, "{}", memory_limit(3 * PAGE))
            .await
            .outcome
            .is_ok()
    );
    let fault = fault(&guest, memory_limit(3 * PAGE - 1)).await;
    assert!(
        matches!(fault, Fault::MemoryExceeded { wanted_bytes, .. } if wanted_bytes == 3 * PAGE)
    );
}

#[tokio::test]
async fn tables_are_limited_on_both_sides() {
    let grow = |elements: u32| {
        guest(&format!(
            "(drop (table.grow $t (ref.null func) (i32.const {elements})))
             (call $ok (local.get $ptr) (local.get $len))"
        ))
        .with("(table $t 10 funcref)")
    };
    let limits = Limits {
        table_elements: 100,
        ..Limits::default()
    };
    assert!(run_with(&grow(90), "{}", limits).await.outcome.is_ok());
    let fault = fault(&grow(91), limits).await;
    let expected = Fault::TableExceeded {
        limit_elements: 100,
        wanted_elements: 101,
    };
    assert_eq!(fault, expected);
}
