//! What an execution is bound to from its start to its end (I7).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use asl::StateMachine;

/// The definition and the functions an execution was started with.
#[derive(Clone, Debug)]
pub struct Pinned {
    /// The definition.
    pub machine: Arc<StateMachine>,
    /// The functions by name. One that is not here does not exist.
    pub functions: Arc<BTreeMap<Arc<str>, FunctionFacts>>,
}

impl Pinned {
    /// The functions that must not be entered twice (D4).
    pub(crate) fn once_only(&self) -> BTreeSet<Arc<str>> {
        self.functions
            .iter()
            .filter(|(_, facts)| !facts.is_sealed && !facts.is_idempotent)
            .map(|(name, _)| name.clone())
            .collect()
    }
}

/// What the order of effects depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FunctionFacts {
    /// It holds no outward grant: nothing it does can be seen but its outcome (D3).
    pub is_sealed: bool,
    /// It may be entered again after a crash (D4).
    pub is_idempotent: bool,
}
