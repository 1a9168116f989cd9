//! Everything that operations work on, over a store in memory: for tests of operations.

use std::sync::Arc;

use runtime::{Clock, Place, Services, Settings};
use sandbox::{Config, Sandbox};
use store::MemoryStore;

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
