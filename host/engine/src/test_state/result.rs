//! What a test found.

use std::collections::BTreeMap;
use std::sync::Arc;

use expr::Data;

use crate::decide::Stage;
use crate::event::ErrorOutput;

/// How the state ended, in AWS's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestStatus {
    /// SUCCEEDED
    Succeeded,
    /// FAILED
    Failed,
    /// RETRIABLE: a retrier would try it again.
    Retriable,
    /// CAUGHT_ERROR: a catcher took the error.
    CaughtError,
}

impl TestStatus {
    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            TestStatus::Succeeded => "SUCCEEDED",
            TestStatus::Failed => "FAILED",
            TestStatus::Retriable => "RETRIABLE",
            TestStatus::CaughtError => "CAUGHT_ERROR",
        }
    }
}

/// The answer, with everything that any inspection level shows.
#[derive(Clone, Debug)]
pub struct TestResult {
    /// How the state ended.
    pub status: TestStatus,
    /// Its output, when it was left.
    pub output: Option<Data>,
    /// Its error, also when it was caught or would be retried.
    pub error: Option<ErrorOutput>,
    /// Where it went.
    pub next_state: Option<Arc<str>>,
    /// The data on its way.
    pub stages: BTreeMap<Stage, Data>,
    /// The variables after it; `None`: there are none.
    pub variables: Option<Data>,
    /// `MaxConcurrency` of a Map that began.
    pub max_concurrency: Option<u64>,
    /// Who looked at the error; `None` without one, or if nobody took it.
    pub error_details: Option<ErrorDetails>,
}

/// `errorDetails`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorDetails {
    /// Which catcher took the error.
    pub catch_index: Option<u64>,
    /// Which retrier the error belongs to, used up or not.
    pub retry_index: Option<u64>,
    /// How long the retrier waits (s); `None`: it is used up.
    pub retry_backoff_interval_seconds: Option<u64>,
}
