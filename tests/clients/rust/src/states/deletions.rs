//! State machines that are being deleted, while an execution still runs.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::create_state_machine::CreateStateMachineError;
use aws_sdk_sfn::operation::create_state_machine_alias::CreateStateMachineAliasError;
use aws_sdk_sfn::operation::delete_state_machine::DeleteStateMachineError;
use aws_sdk_sfn::operation::list_state_machine_aliases::ListStateMachineAliasesError;
use aws_sdk_sfn::operation::publish_state_machine_version::PublishStateMachineVersionError;
use aws_sdk_sfn::operation::start_execution::StartExecutionError;
use aws_sdk_sfn::operation::update_state_machine::UpdateStateMachineError;
use aws_sdk_sfn::operation::update_state_machine_alias::UpdateStateMachineAliasError;
use aws_sdk_sfn::types::{ExecutionStatus, StateMachineStatus, StateMachineType};

use super::aliases::route;
use super::machines::plain;
use super::{PASS, WAIT, machine, reaches, start};
use crate::checks::{Checks, Step, refused, success};

pub(super) async fn run(states: &Client, checks: &Checks) -> Step {
    let arn = machine(states, checks, "deleted", WAIT, StateMachineType::Standard).await?;
    let (version, alias) = of_doomed(states, checks, &arn).await?;
    let execution = start(states, checks, &arn, "last").await?;
    let delete = |arn: &str| states.delete_state_machine().state_machine_arn(arn);
    success!(checks, DeleteStateMachine, delete(&arn));
    let deleting = success!(
        checks,
        DescribeStateMachine,
        states.describe_state_machine().state_machine_arn(&arn)
    );
    checks.equal(
        "DeleteStateMachine",
        "it is being deleted while an execution runs",
        deleting.status,
        Some(StateMachineStatus::Deleting),
    );
    refused!(
        checks,
        StartExecutionError::StateMachineDeleting,
        states.start_execution().state_machine_arn(&arn)
    );
    refused!(
        checks,
        UpdateStateMachineError::StateMachineDeleting,
        states
            .update_state_machine()
            .state_machine_arn(&arn)
            .definition(PASS)
    );
    refused!(
        checks,
        CreateStateMachineError::StateMachineDeleting,
        plain(states, "deleted")
    );
    of_deleting(states, checks, &arn, &version, &alias).await;
    success!(
        checks,
        StopExecution,
        states.stop_execution().execution_arn(&execution)
    );
    reaches(states, checks, &execution, ExecutionStatus::Aborted).await?;
    success!(checks, DeleteStateMachine, delete(&arn));
    refused!(
        checks,
        DeleteStateMachineError::ValidationException,
        delete(&format!("{arn}:1"))
    );
    refused!(
        checks,
        DeleteStateMachineError::InvalidArn,
        delete("deleted")
    );
    Ok(())
}

/// A version and an alias of a machine that will be deleted.
async fn of_doomed(states: &Client, checks: &Checks, arn: &str) -> Step<(String, String)> {
    let version = success!(
        checks,
        PublishStateMachineVersion,
        states
            .publish_state_machine_version()
            .state_machine_arn(arn)
    );
    let version = version.state_machine_version_arn;
    let alias = success!(
        checks,
        CreateStateMachineAlias,
        states
            .create_state_machine_alias()
            .name("PROD")
            .routing_configuration(route(&version, 100))
    );
    Ok((version, alias.state_machine_alias_arn))
}

/// What cannot be done with a machine that is being deleted.
async fn of_deleting(states: &Client, checks: &Checks, arn: &str, version: &str, alias: &str) {
    refused!(
        checks,
        PublishStateMachineVersionError::StateMachineDeleting,
        states
            .publish_state_machine_version()
            .state_machine_arn(arn)
    );
    refused!(
        checks,
        ListStateMachineAliasesError::StateMachineDeleting,
        states.list_state_machine_aliases().state_machine_arn(arn)
    );
    refused!(
        checks,
        CreateStateMachineAliasError::StateMachineDeleting,
        states
            .create_state_machine_alias()
            .name("TEST")
            .routing_configuration(route(version, 100))
    );
    refused!(
        checks,
        UpdateStateMachineAliasError::StateMachineDeleting,
        states
            .update_state_machine_alias()
            .state_machine_alias_arn(alias)
            .description("too late")
    );
}
