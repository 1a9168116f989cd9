//! Step Functions: its table of operations.

mod activity_wire;
mod alias_wire;
mod callback;
mod create_activity;
mod create_state_machine;
mod create_state_machine_alias;
mod definition;
mod delete_activity;
mod delete_state_machine;
mod delete_state_machine_alias;
mod delete_state_machine_version;
mod describe_activity;
mod describe_execution;
mod describe_map_run;
mod describe_state_machine;
mod describe_state_machine_alias;
mod describe_state_machine_for_execution;
mod execution_wire;
mod get_activity_task;
mod get_execution_history;
mod history_page;
mod list_activities;
mod list_executions;
mod list_map_runs;
mod list_state_machine_aliases;
mod list_state_machine_versions;
mod list_state_machines;
mod list_tags_for_resource;
mod machine_arn;
mod machine_error;
#[cfg(test)]
mod machine_tests;
mod machine_wire;
mod map_run;
mod page;
mod page_token;
mod publish_state_machine_version;
mod redrive_execution;
mod send_task_failure;
mod send_task_heartbeat;
mod send_task_success;
mod start;
mod start_execution;
mod start_sync_execution;
mod stop_execution;
mod tag_resource;
mod tagged;
mod test_state;
mod untag_resource;
mod update_map_run;
mod update_state_machine;
mod update_state_machine_alias;
mod validate_state_machine_definition;

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
    create_state_machine::OPERATION,
    create_state_machine_alias::OPERATION,
    delete_activity::OPERATION,
    delete_state_machine::OPERATION,
    delete_state_machine_alias::OPERATION,
    delete_state_machine_version::OPERATION,
    describe_activity::OPERATION,
    describe_execution::OPERATION,
    describe_map_run::OPERATION,
    describe_state_machine::OPERATION,
    describe_state_machine_alias::OPERATION,
    describe_state_machine_for_execution::OPERATION,
    get_activity_task::OPERATION,
    get_execution_history::OPERATION,
    list_activities::OPERATION,
    list_executions::OPERATION,
    list_map_runs::OPERATION,
    list_state_machine_aliases::OPERATION,
    list_state_machine_versions::OPERATION,
    list_state_machines::OPERATION,
    list_tags_for_resource::OPERATION,
    publish_state_machine_version::OPERATION,
    redrive_execution::OPERATION,
    send_task_failure::OPERATION,
    send_task_heartbeat::OPERATION,
    send_task_success::OPERATION,
    start_execution::OPERATION,
    start_sync_execution::OPERATION,
    stop_execution::OPERATION,
    tag_resource::OPERATION,
    test_state::OPERATION,
    untag_resource::OPERATION,
    update_map_run::OPERATION,
    update_state_machine::OPERATION,
    update_state_machine_alias::OPERATION,
    validate_state_machine_definition::OPERATION,
];

#[cfg(test)]
mod tests;
