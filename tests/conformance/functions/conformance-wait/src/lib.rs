//! `wait_60_seconds`: returns its event after a minute. The states that call it have less time.

use std::time::Duration;

use serde_json::Value;

/// How long it takes (s).
const SECONDS: u64 = 60;

#[stepwell_task::task]
#[expect(
    clippy::disallowed_methods,
    reason = "to take its time is what this function is for"
)]
fn wait_60_seconds(event: Value) -> Value {
    std::thread::sleep(Duration::from_secs(SECONDS));
    event
}
