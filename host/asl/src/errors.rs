//! Error names and how `ErrorEquals` matches them (ASL.md §4.3).
//!
//! Matching is exact and case-sensitive but for three names that stand for more than themselves:
//! `States.ALL`, `States.TaskFailed` and, for what came out of a branch, `States.BranchFailed`.

use std::sync::Arc;

/// Matches everything that can be matched at all.
pub const ALL: &str = "States.ALL";
/// A Task failed; as a matcher, any error of a Task but a timeout.
pub const TASK_FAILED: &str = "States.TaskFailed";
/// A Task took longer than `TimeoutSeconds`, or missed a heartbeat.
pub const TIMEOUT: &str = "States.Timeout";
/// As a matcher only: a missed heartbeat, whose error is [`TIMEOUT`].
pub const HEARTBEAT_TIMEOUT: &str = "States.HeartbeatTimeout";
/// The interpreter could not go on; never retried and never caught.
pub const RUNTIME: &str = "States.Runtime";
/// A payload is over the limit.
pub const DATA_LIMIT_EXCEEDED: &str = "States.DataLimitExceeded";
/// As a matcher only: a branch of a Parallel failed.
pub const BRANCH_FAILED: &str = "States.BranchFailed";
/// No rule of a Choice matched and it has no `Default`.
pub const NO_CHOICE_MATCHED: &str = "States.NoChoiceMatched";
/// `ResultPath` cannot be applied to the state's input.
pub const RESULT_PATH_MATCH_FAILURE: &str = "States.ResultPathMatchFailure";
/// A path of `Parameters` found nothing.
pub const PARAMETER_PATH_FAILURE: &str = "States.ParameterPathFailure";
/// An intrinsic function could not be applied.
pub const INTRINSIC_FAILURE: &str = "States.IntrinsicFailure";
/// The task's role may not do what it tried to do.
pub const PERMISSIONS: &str = "States.Permissions";
/// More items of a distributed Map failed than are tolerated.
pub const EXCEED_TOLERATED_FAILURE_THRESHOLD: &str = "States.ExceedToleratedFailureThreshold";
/// A distributed Map could not read its items.
pub const ITEM_READER_FAILED: &str = "States.ItemReaderFailed";
/// A distributed Map could not write its results.
pub const RESULT_WRITER_FAILED: &str = "States.ResultWriterFailed";
/// A JSONata expression failed.
pub const QUERY_EVALUATION_ERROR: &str = "States.QueryEvaluationError";

/// Every reserved name, for suggestions.
pub const RESERVED: [&str; 17] = [
    ALL,
    TASK_FAILED,
    TIMEOUT,
    HEARTBEAT_TIMEOUT,
    RUNTIME,
    DATA_LIMIT_EXCEEDED,
    BRANCH_FAILED,
    NO_CHOICE_MATCHED,
    RESULT_PATH_MATCH_FAILURE,
    PARAMETER_PATH_FAILURE,
    INTRINSIC_FAILURE,
    PERMISSIONS,
    EXCEED_TOLERATED_FAILURE_THRESHOLD,
    ITEM_READER_FAILED,
    RESULT_WRITER_FAILED,
    QUERY_EVALUATION_ERROR,
    "States.Http.Socket",
];

/// A failure as Retry and Catch see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure<'a> {
    /// The error's name.
    pub error: &'a str,
    /// A heartbeat was missed; `error` is then [`TIMEOUT`].
    pub is_heartbeat: bool,
    /// It comes out of a branch of the Parallel that is asked.
    pub from_branch: bool,
    /// It is the outcome of a task: what was called failed, or gave too large a result. `false` for
    /// what the interpreter itself found wrong.
    pub from_task: bool,
}

/// Whether one of the names in `error_equals` takes this failure.
pub fn matches(error_equals: &[Arc<str>], failure: &Failure<'_>) -> bool {
    !is_terminal(failure) && error_equals.iter().any(|name| name_matches(name, failure))
}

/// Whether nothing takes this failure: `States.Runtime`, and a payload over the limit anywhere but in
/// the result of a task.
pub fn is_terminal(failure: &Failure<'_>) -> bool {
    failure.error == RUNTIME || (failure.error == DATA_LIMIT_EXCEEDED && !failure.from_task)
}

fn name_matches(name: &str, failure: &Failure<'_>) -> bool {
    let is_timeout =
        failure.error == TIMEOUT || failure.error == HEARTBEAT_TIMEOUT || failure.is_heartbeat;
    match name {
        ALL => true,
        TASK_FAILED => {
            failure.error == TASK_FAILED || (!is_timeout && !is_no_task_failure(failure.error))
        }
        TIMEOUT => is_timeout,
        HEARTBEAT_TIMEOUT => failure.is_heartbeat || failure.error == HEARTBEAT_TIMEOUT,
        BRANCH_FAILED => failure.from_branch || failure.error == BRANCH_FAILED,
        _ => name == failure.error,
    }
}

/// Reserved names that `States.TaskFailed` does not stand for.
fn is_no_task_failure(error: &str) -> bool {
    matches!(
        error,
        DATA_LIMIT_EXCEEDED
            | NO_CHOICE_MATCHED
            | PARAMETER_PATH_FAILURE
            | INTRINSIC_FAILURE
            | BRANCH_FAILED
            | EXCEED_TOLERATED_FAILURE_THRESHOLD
            | ITEM_READER_FAILED
            | RESULT_WRITER_FAILED
            | QUERY_EVALUATION_ERROR
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(error: &str) -> Failure<'_> {
        Failure {
            error,
            is_heartbeat: false,
            from_branch: false,
            from_task: true,
        }
    }

    fn takes(name: &str, failure: Failure<'_>) -> bool {
        matches(&[Arc::from(name)], &failure)
    }

    #[test]
    fn names_match_exactly_and_case_sensitively() {
        assert!(takes("OutOfStock", failure("OutOfStock")));
        assert!(!takes("outofstock", failure("OutOfStock")));
        assert!(!takes("OutOfStock*", failure("OutOfStockError")));
        assert!(!matches(&[], &failure("OutOfStock")));
    }

    #[test]
    fn states_all_takes_everything_but_runtime() {
        for error in [
            "X",
            TIMEOUT,
            TASK_FAILED,
            INTRINSIC_FAILURE,
            NO_CHOICE_MATCHED,
            PERMISSIONS,
        ] {
            assert!(takes(ALL, failure(error)), "{error}");
        }
        assert!(!takes(ALL, failure(RUNTIME)));
        assert!(!takes(RUNTIME, failure(RUNTIME)));
    }

    #[test]
    fn task_failed_takes_any_task_error_but_timeouts() {
        for error in [
            "X",
            "Lambda.ServiceException",
            TASK_FAILED,
            PERMISSIONS,
            RESULT_PATH_MATCH_FAILURE,
        ] {
            assert!(takes(TASK_FAILED, failure(error)), "{error}");
        }
        for error in [
            TIMEOUT,
            HEARTBEAT_TIMEOUT,
            RUNTIME,
            INTRINSIC_FAILURE,
            DATA_LIMIT_EXCEEDED,
        ] {
            assert!(!takes(TASK_FAILED, failure(error)), "{error}");
        }
    }

    #[test]
    fn a_missed_heartbeat_is_taken_by_both_timeout_names() {
        let missed = Failure {
            is_heartbeat: true,
            ..failure(TIMEOUT)
        };
        assert!(takes(HEARTBEAT_TIMEOUT, missed));
        assert!(takes(TIMEOUT, missed));
        assert!(!takes(HEARTBEAT_TIMEOUT, failure(TIMEOUT)));
        assert!(!takes(TASK_FAILED, missed));
    }

    #[test]
    fn a_branch_failure_is_taken_by_its_own_name_and_by_branch_failed() {
        let branch = Failure {
            from_branch: true,
            ..failure("OutOfStock")
        };
        assert!(takes(BRANCH_FAILED, branch));
        assert!(takes("OutOfStock", branch));
        assert!(!takes(BRANCH_FAILED, failure("OutOfStock")));
        assert!(!takes(
            BRANCH_FAILED,
            Failure {
                from_branch: true,
                ..failure(RUNTIME)
            }
        ));
    }

    #[test]
    fn data_limit_is_taken_for_a_task_result_only() {
        let result = failure(DATA_LIMIT_EXCEEDED);
        assert!(takes(ALL, result));
        assert!(takes(DATA_LIMIT_EXCEEDED, result));
        let output = Failure {
            from_task: false,
            ..result
        };
        assert!(!takes(ALL, output));
        assert!(!takes(DATA_LIMIT_EXCEEDED, output));
    }
}
