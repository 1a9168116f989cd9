//! The catalogue over a memory store, with real components.

mod catalogue;
mod guest;
mod running;

use std::sync::{Arc, LazyLock};

use sandbox::{Config, Sandbox};
use store::{MemoryStore, Store};

use super::*;
use crate::committer::Queue;

/// One for all tests: its pools take address space.
static SANDBOX: LazyLock<Sandbox> = LazyLock::new(|| {
    Sandbox::new(Config {
        small_slots: 20,
        large_slots: 4,
        ..Config::default()
    })
    .unwrap()
});

/// The catalogue in this store, as after a start of the host.
fn open(store: &Arc<dyn Store>) -> Functions {
    let records = Records::new(store.clone(), Arc::new(Queue::default()));
    let (place, clock) = (Place::default(), Clock::real());
    let logs = Arc::new(Logs::open(records.clone(), place.clone(), clock.clone()).unwrap());
    Functions::open(records, place, clock, SANDBOX.clone(), logs).unwrap()
}

fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

fn new(name: &str, upload: Vec<u8>) -> NewFunction {
    NewFunction {
        name: name.to_owned(),
        settings: Settings::default(),
        upload,
        publish: false,
        tags: std::collections::BTreeMap::new(),
    }
}

fn code(upload: Vec<u8>) -> CodeChange {
    CodeChange {
        upload,
        ..CodeChange::default()
    }
}

fn invoke(name: &str, qualifier: Option<&str>, payload: &str) -> Invoke {
    Invoke {
        name: name.to_owned(),
        qualifier: qualifier.map(str::to_owned),
        payload: payload.as_bytes().to_vec(),
        request_id: "request-1".into(),
    }
}

async fn payload_of(functions: &Functions, qualifier: Option<&str>) -> (String, String) {
    let invoked = functions
        .invoke(invoke("f", qualifier, "{}"))
        .await
        .unwrap();
    (invoked.payload, invoked.version.to_string())
}
