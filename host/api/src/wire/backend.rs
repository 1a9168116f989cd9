//! What the wire needs of the rest: the tables of operations, and somebody who runs them. A trait of its
//! own, so that the wire can be tested with operations that do nothing else than being tested.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use runtime::{Clock, Keys, Place, Services};
use serde_json::Value;

use crate::operation::{Call, CallFuture, Operation, Service};
use crate::services::SERVICES;

/// Who runs the operations.
pub trait Backend: Send + Sync + 'static {
    /// The services that are served.
    fn services(&self) -> &'static [Service];

    /// Tells the time, against which signatures expire.
    fn clock(&self) -> &Clock;

    /// Whether requests can be answered at all.
    fn is_alive(&self) -> bool {
        true
    }

    /// The access keys.
    fn keys(&self) -> &Keys;

    /// The account of the users that keys stand for.
    fn place(&self) -> &Place;

    /// What a permission for this operation has to name.
    fn resource(&self, operation: &'static Operation, input: &Value) -> String;

    /// Runs an operation.
    fn run(self: Arc<Self>, operation: &'static Operation, request: Admitted) -> CallFuture;
}

/// A request that may be run: a [`Call`] but for the services it works on.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// See [`Call::input`].
    pub input: Value,
    /// See [`Call::body`].
    pub body: Bytes,
    /// See [`Call::headers`].
    pub headers: BTreeMap<String, String>,
    /// See [`Call::request_id`].
    pub request_id: Arc<str>,
    /// See [`Call::endpoint`].
    pub endpoint: String,
}

impl Backend for Services {
    fn services(&self) -> &'static [Service] {
        SERVICES
    }

    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn is_alive(&self) -> bool {
        Services::is_alive(self)
    }

    fn keys(&self) -> &Keys {
        &self.keys
    }

    fn place(&self) -> &Place {
        &self.place
    }

    fn resource(&self, operation: &'static Operation, input: &Value) -> String {
        (operation.resource)(input, self)
    }

    fn run(self: Arc<Self>, operation: &'static Operation, request: Admitted) -> CallFuture {
        (operation.run)(Call {
            services: self,
            input: request.input,
            body: request.body,
            headers: request.headers,
            request_id: request.request_id,
            endpoint: request.endpoint,
        })
    }
}
