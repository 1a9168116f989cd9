//! CloudWatch Logs: its table of operations, and how executions are logged.
//!
//! `input.rs` reads, `fault.rs` and `answer.rs` write the wire's shapes; [`executions`] makes log lines of
//! the history of an execution, and [`ExecutionLog`] follows executions with it.

mod answer;
mod create_log_group;
mod create_log_stream;
mod delete_log_group;
mod delete_log_stream;
mod delete_retention_policy;
mod describe_log_groups;
mod describe_log_streams;
pub mod executions;
mod fault;
mod filter_log_events;
mod follower;
mod get_log_events;
mod input;
mod list_tags_for_resource;
mod list_tags_log_group;
mod put_log_events;
mod put_retention_policy;
mod tag_log_group;
mod tag_resource;
mod token;
mod untag_log_group;
mod untag_resource;

use std::sync::Arc;

pub use follower::ExecutionLog;
use runtime::logs::LogsError;
use runtime::{Logs, Services};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::error::ApiError;
use crate::limits::LOG_READS_MAX;
use crate::operation::{Call, CallFuture, Operation, Protocol, Service};

/// The service.
pub const SERVICE: Service = Service {
    name: "logs",
    protocol: Protocol::AwsJson {
        target_prefix: "Logs_20140328",
        version: "1.1",
    },
    operations: OPERATIONS,
};

const OPERATIONS: &[Operation] = &[
    operation("CreateLogGroup", crate::run!(create_log_group::run)),
    operation("CreateLogStream", crate::run!(create_log_stream::run)),
    operation("DeleteLogGroup", crate::run!(delete_log_group::run)),
    operation("DeleteLogStream", crate::run!(delete_log_stream::run)),
    operation(
        "DeleteRetentionPolicy",
        crate::run!(delete_retention_policy::run),
    ),
    Operation {
        resource: |_, _| "*".to_owned(),
        ..operation("DescribeLogGroups", crate::run!(describe_log_groups::run))
    },
    operation("DescribeLogStreams", crate::run!(describe_log_streams::run)),
    operation("FilterLogEvents", crate::run!(filter_log_events::run)),
    operation("GetLogEvents", crate::run!(get_log_events::run)),
    by_arn(
        "ListTagsForResource",
        crate::run!(list_tags_for_resource::run),
    ),
    operation("ListTagsLogGroup", crate::run!(list_tags_log_group::run)),
    operation("PutLogEvents", crate::run!(put_log_events::run)),
    operation("PutRetentionPolicy", crate::run!(put_retention_policy::run)),
    operation("TagLogGroup", crate::run!(tag_log_group::run)),
    by_arn("TagResource", crate::run!(tag_resource::run)),
    operation("UntagLogGroup", crate::run!(untag_log_group::run)),
    by_arn("UntagResource", crate::run!(untag_resource::run)),
];

const fn operation(name: &'static str, run: fn(Call) -> CallFuture) -> Operation {
    Operation {
        name,
        route: None,
        resource,
        run,
    }
}

/// An operation that takes an ARN.
const fn by_arn(name: &'static str, run: fn(Call) -> CallFuture) -> Operation {
    Operation {
        resource: |input, services| named(input, &["resourceArn"], services),
        ..operation(name, run)
    }
}

/// The group of an operation that takes a name or an identifier.
fn resource(input: &Value, services: &Services) -> String {
    named(input, &["logGroupName", "logGroupIdentifier"], services)
}

/// The group that one of these members names; `*` where none does. Only members that the operation itself goes
/// by: what another says must not open a group.
fn named(input: &Value, members: &[&str], services: &Services) -> String {
    let mut named = members
        .iter()
        .filter_map(|member| input.get(member)?.as_str());
    named.next().map_or_else(
        || "*".to_owned(),
        |named| services.logs.group_arn(input::name_in_identifier(named)),
    )
}

/// The reads of logs that are under way.
static READS: Semaphore = Semaphore::const_new(LOG_READS_MAX);

/// Reads what may take long beside the threads that answer requests, which others need, and few at a time.
async fn aside<T: Send + 'static>(
    logs: &Arc<Logs>,
    read: impl FnOnce(&Logs) -> Result<T, LogsError> + Send + 'static,
) -> Result<T, ApiError> {
    let stopped = |_| ApiError::internal("The logs could not be read.");
    let permit = READS
        .acquire()
        .await
        .map_err(|_| ApiError::internal("The logs could not be read."))?;
    let logs = logs.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        read(&logs)
    });
    reading.await.map_err(stopped)?.map_err(fault::fault)
}

#[cfg(test)]
mod tests;
