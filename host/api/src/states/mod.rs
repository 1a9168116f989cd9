//! Step Functions: its table of operations.

mod alias_wire;
mod create_state_machine;
mod create_state_machine_alias;
mod definition;
mod delete_state_machine;
mod delete_state_machine_alias;
mod delete_state_machine_version;
mod describe_state_machine;
mod describe_state_machine_alias;
mod list_state_machine_aliases;
mod list_state_machine_versions;
mod list_state_machines;
mod list_tags_for_resource;
mod machine_arn;
mod machine_error;
mod machine_wire;
mod page;
mod page_token;
mod publish_state_machine_version;
mod tag_resource;
mod tagged;
mod untag_resource;
mod update_state_machine;
mod update_state_machine_alias;

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
    create_state_machine::OPERATION,
    create_state_machine_alias::OPERATION,
    delete_state_machine::OPERATION,
    delete_state_machine_alias::OPERATION,
    delete_state_machine_version::OPERATION,
    describe_state_machine::OPERATION,
    describe_state_machine_alias::OPERATION,
    list_state_machine_aliases::OPERATION,
    list_state_machine_versions::OPERATION,
    list_state_machines::OPERATION,
    list_tags_for_resource::OPERATION,
    publish_state_machine_version::OPERATION,
    tag_resource::OPERATION,
    untag_resource::OPERATION,
    update_state_machine::OPERATION,
    update_state_machine_alias::OPERATION,
];
