//! Step Functions: its table of operations.

mod activity_wire;
mod callback;
mod create_activity;
mod delete_activity;
mod describe_activity;
mod describe_execution;
mod describe_map_run;
mod execution_wire;
mod get_activity_task;
mod get_execution_history;
mod history_page;
mod list_activities;
mod list_executions;
mod list_map_runs;
mod machine_arn;
mod machine_error;
mod machine_wire;
mod map_run;
mod page;
mod page_token;
mod redrivable;
mod send_task_failure;
mod send_task_heartbeat;
mod send_task_success;
mod start;
mod start_execution;
mod start_sync_execution;
mod stop_execution;
mod update_map_run;

use crate::operation::{Operation, Protocol, Service};

/// The service.
pub const SERVICE: Service = Service {
    name: "states",
    protocol: Protocol::AwsJson {
        target_prefix: "AWSStepFunctions",
        version: "1.0",
    },
    operations: OPERATIONS,
};

const OPERATIONS: &[Operation] = &[
    create_activity::OPERATION,
    delete_activity::OPERATION,
    describe_activity::OPERATION,
    describe_execution::OPERATION,
    describe_map_run::OPERATION,
    get_activity_task::OPERATION,
    get_execution_history::OPERATION,
    list_activities::OPERATION,
    list_executions::OPERATION,
    list_map_runs::OPERATION,
    send_task_failure::OPERATION,
    send_task_heartbeat::OPERATION,
    send_task_success::OPERATION,
    start_execution::OPERATION,
    start_sync_execution::OPERATION,
    stop_execution::OPERATION,
    update_map_run::OPERATION,
];
