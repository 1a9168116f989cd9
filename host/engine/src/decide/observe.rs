//! Looking on while a state is decided: what a test of one state shows of its data (ASL.md §8.6,
//! `inspectionData`). Nobody looks on in a real execution, and nothing here changes a decision.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use asl::Map;
use expr::Data;
use serde_json::Value;

use super::flow::Broken;
use super::{Decider, Here};
use crate::limits;

/// A point on the way of the data through a state; AWS's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// `input`
    Input,
    /// `afterInputPath`
    AfterInputPath,
    /// `afterArguments`
    AfterArguments,
    /// `afterParameters`
    AfterParameters,
    /// `afterItemsPath`
    AfterItemsPath,
    /// `afterItemSelector`
    AfterItemSelector,
    /// `result`
    Result,
    /// `afterResultSelector`
    AfterResultSelector,
    /// `afterResultPath`
    AfterResultPath,
}

impl Stage {
    /// The member of `inspectionData`.
    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Input => "input",
            Stage::AfterInputPath => "afterInputPath",
            Stage::AfterArguments => "afterArguments",
            Stage::AfterParameters => "afterParameters",
            Stage::AfterItemsPath => "afterItemsPath",
            Stage::AfterItemSelector => "afterItemSelector",
            Stage::Result => "result",
            Stage::AfterResultSelector => "afterResultSelector",
            Stage::AfterResultPath => "afterResultPath",
        }
    }
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) stages: BTreeMap<Stage, Data>,
    pub(crate) max_concurrency: Option<u64>,
}

/// Who looks on.
#[derive(Debug)]
pub(crate) struct Observer {
    /// What stands in the place of the context object.
    pub(crate) context: Value,
    stages: RefCell<BTreeMap<Stage, Data>>,
    max_concurrency: Cell<Option<u64>>,
}

impl Observer {
    pub(crate) fn new(context: Value) -> Observer {
        Observer {
            context,
            stages: RefCell::default(),
            max_concurrency: Cell::new(None),
        }
    }

    pub(crate) fn note(&self, stage: Stage, data: &Data) {
        // The borrow ends here; nobody else can hold one.
        if let Ok(mut stages) = self.stages.try_borrow_mut() {
            stages.insert(stage, data.clone());
        }
    }

    pub(crate) fn seen(self) -> Seen {
        Seen {
            stages: self.stages.into_inner(),
            max_concurrency: self.max_concurrency.get(),
        }
    }
}

impl Decider<'_> {
    pub(super) fn observe(&self, stage: Stage, data: &Data) {
        if let Some(observer) = self.observer {
            observer.note(stage, data);
        }
    }

    /// `MaxConcurrency` as it was asked for.
    pub(super) fn observe_concurrency(&self, wanted: u64) {
        if let Some(observer) = self.observer {
            observer.max_concurrency.set(Some(wanted));
        }
    }

    /// The items of a Map, and what `ItemSelector` makes of them. The iterations themselves do not run in
    /// a test, so that this is where a selector that fails is found.
    pub(super) fn observe_items(
        &mut self,
        here: &Here<'_>,
        map: &Map,
        items: &Data,
    ) -> Result<(), Broken> {
        let Some(observer) = self.observer else {
            return Ok(());
        };
        if !here.is_jsonata() {
            observer.note(Stage::AfterItemsPath, items);
        }
        if map.item_selector.is_none() {
            return Ok(());
        }
        let count = items.value().as_array().map_or(0, Vec::len) as u64;
        let (mut selected, mut bytes) = (Vec::new(), 0_usize);
        for index in 0..count {
            let input = self.iteration_input(here, map, index, items)?;
            bytes = bytes.saturating_add(input.len_bytes());
            if bytes > limits::RESULTS_BYTES_MAX {
                return Ok(());
            }
            selected.push(input.value().clone());
        }
        observer.note(Stage::AfterItemSelector, &Value::Array(selected).into());
        Ok(())
    }
}
