//! Who may ask: the same for all services, but each has its own form of saying so.

use std::fmt::Debug;

use aws_sdk_sfn::config::Credentials;
use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};

use crate::checks::{Checks, Step, success};
use crate::connect::Server;

/// More than a key may ask at once to be validated: a bucket of 500, and what runs in meanwhile.
const REQUESTS_MAX: usize = 5_000;

pub async fn run(server: &Server, reader: Credentials, [states, lambda, sqs]: [&Checks; 3]) {
    let wrong = |id: &str| server.asked_by(Credentials::new(id, "wrong", None, None, "wrong"));
    for (asks, code) in [
        (wrong(server.key_id()), "InvalidSignatureException"),
        (wrong("AKIDOFNOBODYATALL000"), "UnrecognizedClientException"),
    ] {
        let listed = asks.states().list_state_machines().send().await;
        states.code("ListStateMachines", code, listed);
        let listed = asks.lambda().list_functions().send().await;
        lambda.code("ListFunctions", code, listed);
        let listed = asks.queues().list_queues().send().await;
        sqs.code("ListQueues", code, listed);
    }
    let reader = server.asked_by(reader);
    // A step that failed has said why.
    let _ = read(&reader, [states, lambda, sqs]).await;
    hurry(&reader.without_retries(), states).await;
}

/// The same key asks for more than it is given: each key has a bucket of its own.
async fn hurry(reader: &Server, states: &Checks) {
    let client = reader.states();
    let mut answer = None;
    for _ in 0..REQUESTS_MAX {
        let validate = client.validate_state_machine_definition().definition("{}");
        let validated = validate.send().await;
        let is_served = validated.is_ok();
        answer = Some(validated);
        if !is_served {
            break;
        }
    }
    if let Some(refused) = answer {
        let operation = "ValidateStateMachineDefinition";
        states.code(operation, "ThrottlingException", refused);
    }
}

/// A key that may list and validate.
async fn read(reader: &Server, [states, lambda, sqs]: [&Checks; 3]) -> Step {
    let client = reader.states();
    success!(states, ListStateMachines, client.list_state_machines());
    let created = client.create_activity().name("denied").send().await;
    denied(states, "CreateActivity", created);
    // Whoever may not is not told what there is.
    let found = client.describe_activity().activity_arn("denied");
    denied(states, "DescribeActivity", found.send().await);

    let client = reader.lambda();
    success!(lambda, ListFunctions, client.list_functions());
    let invoked = client.invoke().function_name("denied").send().await;
    denied(lambda, "Invoke", invoked);

    let client = reader.queues();
    success!(sqs, ListQueues, client.list_queues());
    let created = client.create_queue().queue_name("denied").send().await;
    denied(sqs, "CreateQueue", created);
    Ok(())
}

fn denied<T: Debug, E>(checks: &Checks, operation: &str, result: Result<T, SdkError<E>>)
where
    E: ProvideErrorMetadata + Debug,
{
    checks.code(operation, "AccessDeniedException", result);
}
