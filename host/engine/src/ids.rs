//! Identifiers and time as the engine knows them. All of them come in with the input; nothing here
//! reads a clock or a random source.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A moment: µs since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment and `seconds` more; stays at the end of time instead of wrapping.
    pub fn plus_seconds(self, seconds: u64) -> Timestamp {
        self.plus_micros(seconds.saturating_mul(1_000_000))
    }

    /// This moment and `micros` µs more; stays at the end of time instead of wrapping.
    pub fn plus_micros(self, micros: u64) -> Timestamp {
        Timestamp(
            self.0
                .saturating_add(i64::try_from(micros).unwrap_or(i64::MAX)),
        )
    }

    /// µs from `earlier` to this moment; 0 if the clock went backwards.
    pub fn micros_since(self, earlier: Timestamp) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }

    /// As the context object prints it: `2019-03-26T20:14:13.192Z`.
    pub fn to_iso_millis(self) -> String {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(moment) => format!("{moment:.3}"),
            Err(_) => String::from("9999-12-31T23:59:59.999Z"),
        }
    }
}

/// The ARN of an execution: its key everywhere.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExecutionArn(pub Arc<str>);

impl ExecutionArn {
    /// The ARN as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExecutionArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ExecutionArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One thread of control inside an execution: the top level, a branch or an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FrameId(pub u64);

impl FrameId {
    /// The frame of the top level.
    pub const ROOT: FrameId = FrameId(0);
}

/// One try of a Task, one Wait or one retry delay: whatever somebody outside may answer once.
/// Unique in its execution, never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AttemptId(pub u64);
