//! Bounds memories and tables of one instance, over all of them together.
//!
//! Growing over the limit ends the guest at once instead of failing its
//! `memory.grow`: an allocator that is refused memory aborts anyway, and so the
//! report can say what was wanted.

use thiserror::Error;
use wasmtime::ResourceLimiter;

use crate::{Limits, limits};

/// The error that ends a guest which grew too far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum Exceeded {
    #[error("memory limit of {limit_bytes} bytes exceeded: {wanted_bytes} bytes wanted")]
    Memory { limit_bytes: u64, wanted_bytes: u64 },
    #[error("table limit of {limit_elements} elements exceeded: {wanted_elements} wanted")]
    Table {
        limit_elements: u32,
        wanted_elements: u64,
    },
}

/// The account of one instance.
#[derive(Debug)]
pub(crate) struct Limiter {
    memory_limit_bytes: u64,
    memory_bytes: u64,
    /// What the last growth added, to take back when it fails after all.
    memory_added_bytes: u64,
    table_limit_elements: u32,
    table_elements: u64,
    table_added_elements: u64,
}

impl Limiter {
    pub(crate) fn new(limits: &Limits) -> Limiter {
        Limiter {
            memory_limit_bytes: limits.memory_bytes,
            memory_bytes: 0,
            memory_added_bytes: 0,
            table_limit_elements: limits.table_elements,
            table_elements: 0,
            table_added_elements: 0,
        }
    }

    /// Bytes of memory now, which is also the most there ever was.
    pub(crate) fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.memory_added_bytes = 0;
        let (current, desired) = (current as u64, desired as u64);
        // A guest that declares a maximum below its limit asked for the failure.
        if maximum.is_some_and(|max| desired > max as u64 && max as u64 <= self.memory_limit_bytes)
        {
            return Ok(false);
        }
        let added = desired.saturating_sub(current);
        let wanted = self.memory_bytes.saturating_add(added);
        if wanted > self.memory_limit_bytes {
            return Err(wasmtime::Error::new(Exceeded::Memory {
                limit_bytes: self.memory_limit_bytes,
                wanted_bytes: wanted,
            }));
        }
        self.memory_bytes = wanted;
        self.memory_added_bytes = added;
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.memory_bytes = self.memory_bytes.saturating_sub(self.memory_added_bytes);
        self.memory_added_bytes = 0;
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.table_added_elements = 0;
        let (current, desired) = (current as u64, desired as u64);
        let limit = u64::from(self.table_limit_elements);
        if maximum.is_some_and(|max| desired > max as u64 && max as u64 <= limit) {
            return Ok(false);
        }
        let added = desired.saturating_sub(current);
        let wanted = self.table_elements.saturating_add(added);
        if wanted > limit {
            return Err(wasmtime::Error::new(Exceeded::Table {
                limit_elements: self.table_limit_elements,
                wanted_elements: wanted,
            }));
        }
        self.table_elements = wanted;
        self.table_added_elements = added;
        Ok(true)
    }

    fn table_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.table_elements = self
            .table_elements
            .saturating_sub(self.table_added_elements);
        self.table_added_elements = 0;
        Ok(())
    }

    fn instances(&self) -> usize {
        limits::CORE_INSTANCES as usize
    }

    fn tables(&self) -> usize {
        limits::TABLES as usize
    }

    fn memories(&self) -> usize {
        limits::MEMORIES as usize
    }
}
