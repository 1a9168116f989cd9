//! Everything that operations work on, over a store in memory, and how they are called: for tests of
//! operations.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use runtime::{Clock, Place, Services, Settings};
use sandbox::{Config, Sandbox};
use serde_json::Value;
use store::MemoryStore;

use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// A server without a network, a disk or a key, whose clock jumps over waiting.
pub(crate) fn test_services() -> Arc<Services> {
    let settings = Settings {
        place: Place::default(),
        clock: Clock::skipping(),
        keys_folder: "/nonexistent".into(),
        guest_threads: Some(1),
        run_ahead: true,
    };
    let config = Config {
        small_slots: 2,
        large_slots: 1,
        ..Config::default()
    };
    let sandbox = Sandbox::new(config).unwrap();
    Services::open(settings, Arc::new(MemoryStore::new()), sandbox).unwrap()
}

/// Calls an operation that gives JSON, as the wire does once a request is let through.
pub(crate) async fn call(
    services: &Arc<Services>,
    operations: &[Operation],
    name: &str,
    input: Value,
) -> Result<Value, ApiError> {
    let found = operations.iter().find(|operation| operation.name == name);
    let operation = found.unwrap_or_else(|| panic!("no operation {name}"));
    // Called before the input is looked at.
    (operation.resource)(&input, services);
    let call = Call {
        services: services.clone(),
        input,
        body: Bytes::new(),
        headers: BTreeMap::new(),
        request_id: "r".into(),
        endpoint: "http://h".into(),
    };
    match (operation.run)(call).await? {
        Reply::Json(value) => Ok(value),
        other => panic!("{name} gives JSON, not {other:?}"),
    }
}
