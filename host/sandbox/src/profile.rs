//! The two engine profiles and their settings.
//!
//! The one idea: resetting memory is what an invocation costs. A guest whose
//! initial memory fits the resident bound is reset by memset, with no system
//! call; that is the small profile. For a larger one memset costs more than
//! giving the pages back, in batches; that is the large profile. Both have the
//! same limits and compile the same code.

use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, OperatorCost, OptLevel,
    PoolingAllocationConfig,
};

use crate::{Error, limits};

/// Which engine a function runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    Small,
    Large,
}

impl Profile {
    /// The profile for a component whose largest memory starts with so many bytes.
    pub(crate) fn of(initial_memory_bytes: u64) -> Profile {
        match usize::try_from(initial_memory_bytes) {
            Ok(bytes) if bytes <= limits::RESIDENT_BYTES => Profile::Small,
            _ => Profile::Large,
        }
    }

    /// An engine with a pool of `slots` instances.
    pub(crate) fn engine(self, slots: u32) -> Result<Engine, Error> {
        let mut config = settings();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(self.pool(slots.max(1))));
        Engine::new(&config).map_err(|error| Error::Engine {
            message: format!("{error:#}"),
        })
    }

    fn pool(self, slots: u32) -> PoolingAllocationConfig {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_component_instances(slots)
            .total_memories(slots)
            .total_stacks(slots)
            .total_tables(slots.saturating_mul(limits::TABLES_PER_MODULE))
            .total_core_instances(slots.saturating_mul(limits::CORE_INSTANCES))
            .max_core_instances_per_component(limits::CORE_INSTANCES)
            .max_memories_per_component(limits::MEMORIES)
            .max_tables_per_component(limits::TABLES)
            .max_tables_per_module(limits::TABLES_PER_MODULE)
            .max_memories_per_module(limits::MEMORIES)
            .max_component_instance_size(limits::INSTANCE_METADATA_BYTES)
            .max_core_instance_size(limits::INSTANCE_METADATA_BYTES)
            .table_elements(limits::TABLE_ELEMENTS_MAX as usize)
            // It skips pages that are swapped out: the next guest would read them.
            .pagemap_scan(Enabled::No);
        match self {
            Profile::Small => pool
                .linear_memory_keep_resident(limits::RESIDENT_BYTES)
                .table_keep_resident(limits::TABLE_RESIDENT_BYTES),
            Profile::Large => pool
                .linear_memory_keep_resident(0)
                .table_keep_resident(0)
                .decommit_batch_size(limits::DECOMMIT_BATCH),
        };
        pool
    }
}

/// What is the same in both profiles.
fn settings() -> Config {
    let mut config = Config::new();
    config
        .concurrency_support(false)
        .consume_fuel(true)
        .operator_cost(fuel_costs())
        .epoch_interruption(true)
        .memory_init_cow(true)
        .cranelift_opt_level(OptLevel::Speed)
        .wasm_memory64(false)
        // Same input, same output, on every kind of processor.
        .relaxed_simd_deterministic(true)
        .wasm_backtrace_max_frames(std::num::NonZeroUsize::new(limits::TRAP_FRAMES));
    config
}

/// The engine's default costs, and a price for growing, which it gives away.
fn fuel_costs() -> OperatorCost {
    let mut costs = OperatorCost::new();
    costs.variable.memory_grow_per_page = limits::FUEL_PER_PAGE;
    costs.variable.table_grow_per_element = limits::FUEL_PER_ELEMENT;
    costs
}
