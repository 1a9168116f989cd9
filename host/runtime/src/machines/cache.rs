//! Revisions that were used lately, parsed. Bounded by number and by length of text.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::model::Revision;
use crate::limits::{CACHED_DEFINITION_BYTES_MAX, CACHED_REVISIONS_MAX};
use crate::lock::locked;

#[derive(Default)]
pub(super) struct Cache(Mutex<Cached>);

#[derive(Default)]
struct Cached {
    revisions: HashMap<Arc<str>, Entry>,
    bytes: usize,
    uses: u64,
}

struct Entry {
    revision: Arc<Revision>,
    last_use: u64,
}

impl Cache {
    /// Ids of revisions are unique, so the ARN need not be part of the key.
    pub(super) fn get(&self, revision_id: &str) -> Option<Arc<Revision>> {
        let mut cached = locked(&self.0);
        cached.uses += 1;
        let uses = cached.uses;
        let entry = cached.revisions.get_mut(revision_id)?;
        entry.last_use = uses;
        Some(entry.revision.clone())
    }

    pub(super) fn put(&self, revision: Arc<Revision>) {
        let mut cached = locked(&self.0);
        cached.uses += 1;
        let last_use = cached.uses;
        cached.bytes += revision.definition.len();
        let id = revision.revision_id.clone();
        let entry = Entry { revision, last_use };
        if let Some(before) = cached.revisions.insert(id, entry) {
            cached.bytes -= before.revision.definition.len();
        }
        cached.shrink();
    }
}

impl Cached {
    fn shrink(&mut self) {
        while self.revisions.len() > 1
            && (self.revisions.len() > CACHED_REVISIONS_MAX
                || self.bytes > CACHED_DEFINITION_BYTES_MAX)
        {
            let oldest = self
                .revisions
                .iter()
                .min_by_key(|(_, entry)| entry.last_use);
            let Some(id) = oldest.map(|(id, _)| id.clone()) else {
                return;
            };
            if let Some(entry) = self.revisions.remove(&id) {
                self.bytes -= entry.revision.definition.len();
            }
        }
    }
}
