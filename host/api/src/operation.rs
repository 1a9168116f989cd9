//! What every service is made of: a table of operations. An operation takes a [`Call`], whoever made
//! it and however it came in, and gives a [`Reply`]; protocols and signatures are in `wire`.
//!
//! One folder for each service, one file for each operation. A further service is a new folder with a
//! [`Service`] and one line in `services.rs`.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use runtime::Services;
use serde_json::Value;

use crate::error::ApiError;

/// A service of AWS's.
#[derive(Debug)]
pub struct Service {
    /// As in credential scopes, ARNs and permissions: `states`, `lambda`, `sqs`, `logs`.
    pub name: &'static str,
    /// How its requests look.
    pub protocol: Protocol,
    /// What it can do.
    pub operations: &'static [Operation],
}

/// How requests and answers look on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `POST /` with `X-Amz-Target: PREFIX.Operation`, JSON both ways.
    AwsJson {
        /// `AWSStepFunctions`, `AmazonSQS`, `Logs_20140328`.
        target_prefix: &'static str,
        /// `1.0` or `1.1`.
        version: &'static str,
    },
    /// Method and path say what is meant, as [`Operation::route`] has it; JSON bodies.
    RestJson,
}

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// AWS's name: `StartExecution`. With the service it is what a permission names:
    /// `states:StartExecution`.
    pub name: &'static str,
    /// For REST-JSON: method and path, `POST /2015-03-31/functions/{FunctionName}/versions`. The parts
    /// in braces, the members of the query string and those of the body are the input.
    pub route: Option<&'static str>,
    /// What a permission has to name: an ARN made from the input, or `*`. Called before the input is
    /// validated: it must bear anything.
    pub resource: fn(&Value, &Services) -> String,
    /// Does it.
    pub run: fn(Call) -> CallFuture,
}

/// The answer to come.
pub type CallFuture = Pin<Box<dyn Future<Output = Result<Reply, ApiError>> + Send>>;

/// A request whose sender is known and may make it.
#[derive(Clone)]
pub struct Call {
    /// Everything that the server is made of.
    pub services: Arc<Services>,
    /// The input: an object.
    pub input: Value,
    /// The body as it came; for operations whose payload is not JSON members (Lambda's Invoke).
    pub body: Bytes,
    /// Headers by lower-case name, the last of each.
    pub headers: BTreeMap<String, String>,
    /// Names this request in answers and logs: a UUID.
    pub request_id: Arc<str>,
    /// `http://HOST` as the client addressed it: for the URLs of queues.
    pub endpoint: String,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// 200 with these members; an object.
    Json(Value),
    /// Something of an operation's own: status, headers, body.
    Raw {
        /// HTTP status.
        status: u16,
        /// Further headers.
        headers: Vec<(&'static str, String)>,
        /// The body.
        body: Bytes,
    },
}

impl Reply {
    /// `{}`, as operations without output answer.
    pub fn empty() -> Reply {
        Reply::Json(Value::Object(serde_json::Map::new()))
    }
}

impl From<Value> for Reply {
    fn from(value: Value) -> Reply {
        Reply::Json(value)
    }
}

/// The `run` of an operation: boxes an async function. `run!(create_activity)` in a table of operations.
#[macro_export]
macro_rules! run {
    ($function:path) => {
        |call| Box::pin($function(call))
    };
}
