//! The operations, called as the wire layer calls them, on a whole server over a store in memory.

mod activities;
mod definitions;
mod executions;
mod express;
mod lists;
mod redrive;

use std::sync::Arc;

use runtime::{Clock, Place, Services, Settings};
use sandbox::Sandbox;
use serde_json::{Value, json};
use store::MemoryStore;

use super::OPERATIONS;
use crate::error::ApiError;
use crate::test_services::call;

/// A server.
struct World {
    services: Arc<Services>,
    _keys: tempfile::TempDir,
}

impl World {
    fn new() -> World {
        World::at(Clock::real())
    }

    fn at(clock: Clock) -> World {
        let keys = tempfile::tempdir().unwrap();
        let settings = Settings {
            place: Place::default(),
            clock,
            keys_folder: keys.path().to_owned(),
            guest_threads: Some(1),
            run_ahead: true,
        };
        let sandbox = Sandbox::new(sandbox::Config {
            small_slots: 1,
            large_slots: 1,
            ..sandbox::Config::default()
        });
        let store = Arc::new(MemoryStore::new());
        World {
            services: Services::open(settings, store, sandbox.unwrap()).unwrap(),
            _keys: keys,
        }
    }

    async fn call(&self, name: &str, input: Value) -> Result<Value, ApiError> {
        call(&self.services, OPERATIONS, name, input).await
    }

    async fn ok(&self, name: &str, input: Value) -> Value {
        let answer = self.call(name, input).await;
        answer.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Code and message.
    async fn refused(&self, name: &str, input: Value) -> (&'static str, String) {
        let error = self.call(name, input).await.unwrap_err();
        (error.code, error.message)
    }

    async fn machine(&self, name: &str, kind: &str, definition: &Value) -> String {
        let created = self
            .ok(
                "CreateStateMachine",
                json!({
                    "name": name,
                    "type": kind,
                    "definition": definition.to_string(),
                    "roleArn": "arn:aws:iam::123456789012:role/r",
                }),
            )
            .await;
        text(&created, "stateMachineArn")
    }

    /// Starts an execution; gives its ARN.
    async fn start(&self, machine: &str, input: &str) -> String {
        let input = json!({ "stateMachineArn": machine, "input": input });
        text(&self.ok("StartExecution", input).await, "executionArn")
    }

    /// Waits until an execution is over.
    async fn ended(&self, arn: &str) {
        let arn = engine::ExecutionArn(arn.into());
        self.services.runtime.ended(&arn).await.unwrap().unwrap();
    }

    async fn history(&self, arn: &str) -> Vec<Value> {
        let input = json!({ "executionArn": arn });
        let answer = self.ok("GetExecutionHistory", input).await;
        answer["events"].as_array().unwrap().clone()
    }
}

fn text(answer: &Value, member: &str) -> String {
    answer[member].as_str().unwrap().to_owned()
}

fn types(events: &[Value]) -> Vec<&str> {
    let types = events.iter().map(|event| event["type"].as_str());
    types.map(Option::unwrap).collect()
}

fn pass() -> Value {
    json!({ "StartAt": "P", "States": { "P": { "Type": "Pass", "Result": { "a": 1 }, "End": true } } })
}

fn wait() -> Value {
    json!({ "StartAt": "W", "States": { "W": { "Type": "Wait", "Seconds": 3_600, "End": true } } })
}

fn fail() -> Value {
    json!({ "StartAt": "F", "States": { "F": { "Type": "Fail", "Error": "E", "Cause": "C" } } })
}
