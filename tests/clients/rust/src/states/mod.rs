//! Step Functions.

mod activities;
mod aliases;
mod callbacks;
mod definitions;
mod deletions;
mod executions;
mod machines;
mod map_runs;
mod redrives;
mod sync;
mod tags;

use std::time::Duration;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::types::{ExecutionStatus, StateMachineType};

use crate::checks::{Checks, Step, Stopped, success};
use crate::connect::Server;

/// A role: there is no IAM, but it has to look like one.
const ROLE: &str = "arn:aws:iam::123456789012:role/stepwell";

/// What is under a name that nothing has.
const NOWHERE: &str = "arn:aws:states:us-east-1:123456789012";

const PASS: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#;
const FAIL: &str =
    r#"{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"Broken","Cause":"by design"}}}"#;
const WAIT: &str = r#"{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":3600,"End":true}}}"#;

/// How long anything may take that happens by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// All stories of the service.
pub async fn run(server: &Server, checks: &Checks, whole_poll: bool) {
    let states = &server.states();
    let queues = &server.queues();
    // A story that has to stop has said why.
    let _ = tokio::join!(
        machines::run(states, checks),
        aliases::run(states, checks),
        deletions::run(states, checks),
        executions::run(states, checks),
        redrives::run(states, checks),
        sync::run(states, checks),
        callbacks::run(states, queues, checks),
        activities::run(states, checks, whole_poll),
        map_runs::run(states, checks),
        tags::run(states, checks),
        definitions::run(states, checks),
    );
}

/// A machine of this name.
async fn machine(
    states: &Client,
    checks: &Checks,
    name: &str,
    definition: &str,
    kind: StateMachineType,
) -> Step<String> {
    let created = success!(
        checks,
        CreateStateMachine,
        states
            .create_state_machine()
            .name(name)
            .definition(definition)
            .role_arn(ROLE)
            .r#type(kind)
    );
    Ok(created.state_machine_arn)
}

/// An execution of this name.
async fn start(states: &Client, checks: &Checks, machine_arn: &str, name: &str) -> Step<String> {
    let started = success!(
        checks,
        StartExecution,
        states
            .start_execution()
            .state_machine_arn(machine_arn)
            .name(name)
            .input("{}")
    );
    Ok(started.execution_arn)
}

/// The execution, when it has this status.
async fn reaches(
    states: &Client,
    checks: &Checks,
    execution_arn: &str,
    status: ExecutionStatus,
) -> Step<DescribeExecutionOutput> {
    let what = format!("reaches {status}");
    let reached = tokio::time::timeout(PATIENCE, async {
        loop {
            let described = states
                .describe_execution()
                .execution_arn(execution_arn)
                .send()
                .await;
            match described {
                Ok(execution) if execution.status != status => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                other => return other,
            }
        }
    });
    match reached.await {
        Ok(described) => checks.success("DescribeExecution", described),
        Err(_) => {
            checks.holds("DescribeExecution", &what, false);
            Err(Stopped)
        }
    }
}
