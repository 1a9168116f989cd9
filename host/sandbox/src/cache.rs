//! Keeps compiled components by the digest of their bytes.
//!
//! The one idea: compiled code is only ever produced by this process, so
//! whatever is in here may be run. A cache on disk would stand behind the same
//! two calls, and would have to prove by a MAC that this host wrote the file.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use wasmtime::component::Component;

/// SHA-256 of a component's bytes.
pub(crate) type Digest = [u8; 32];

/// A bounded cache. What it evicts lives on in the functions that use it.
pub(crate) struct Cache {
    limit_bytes: u64,
    shelf: Mutex<Shelf>,
}

#[derive(Default)]
struct Shelf {
    entries: HashMap<Digest, Entry>,
    bytes: u64,
    clock: u64,
}

struct Entry {
    component: Component,
    bytes: u64,
    used: u64,
}

impl Cache {
    pub(crate) fn new(limit_bytes: u64) -> Cache {
        Cache {
            limit_bytes,
            shelf: Mutex::default(),
        }
    }

    /// The compiled form of the bytes with this digest.
    pub(crate) fn get(&self, digest: &Digest) -> Option<Component> {
        let mut shelf = self.shelf();
        shelf.clock += 1;
        let now = shelf.clock;
        let entry = shelf.entries.get_mut(digest)?;
        entry.used = now;
        Some(entry.component.clone())
    }

    /// Keeps a compiled form, and lets the least recently used ones go until
    /// all fit. One that is larger than the whole cache is not kept.
    pub(crate) fn put(&self, digest: Digest, component: Component) {
        let bytes = machine_code_bytes(&component);
        if bytes > self.limit_bytes {
            return;
        }
        let mut shelf = self.shelf();
        shelf.clock += 1;
        let used = shelf.clock;
        let entry = Entry {
            component,
            bytes,
            used,
        };
        if let Some(old) = shelf.entries.insert(digest, entry) {
            shelf.bytes = shelf.bytes.saturating_sub(old.bytes);
        }
        shelf.bytes = shelf.bytes.saturating_add(bytes);
        while shelf.bytes > self.limit_bytes && shelf.evict() {}
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    /// Lets one entry go; false when there is none.
    fn evict(&mut self) -> bool {
        let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used);
        let Some(digest) = oldest.map(|(digest, _)| *digest) else {
            return false;
        };
        if let Some(entry) = self.entries.remove(&digest) {
            self.bytes = self.bytes.saturating_sub(entry.bytes);
        }
        true
    }
}

pub(crate) fn machine_code_bytes(component: &Component) -> u64 {
    let range = component.image_range();
    (range.end as usize).saturating_sub(range.start as usize) as u64
}

#[cfg(test)]
mod tests {
    use wasmtime::Engine;

    use super::*;

    fn component() -> Component {
        let bytes = wat::parse_str("(component (core module (func)))").unwrap();
        Component::from_binary(&Engine::default(), &bytes).unwrap()
    }

    #[test]
    fn the_least_recently_used_component_goes_first() {
        let component = component();
        let cache = Cache::new(2 * machine_code_bytes(&component));
        cache.put([1; 32], component.clone());
        cache.put([2; 32], component.clone());
        assert!(cache.get(&[1; 32]).is_some());
        cache.put([3; 32], component);
        let kept = [1, 2, 3].map(|digest| cache.get(&[digest; 32]).is_some());
        assert_eq!(kept, [true, false, true]);
    }

    #[test]
    fn a_component_larger_than_the_cache_is_not_kept() {
        let component = component();
        let cache = Cache::new(machine_code_bytes(&component) - 1);
        cache.put([1; 32], component);
        assert!(cache.get(&[1; 32]).is_none());
    }

    #[test]
    fn the_same_component_twice_counts_once() {
        let component = component();
        let cache = Cache::new(machine_code_bytes(&component));
        cache.put([1; 32], component.clone());
        cache.put([1; 32], component);
        assert!(cache.get(&[1; 32]).is_some());
    }
}
