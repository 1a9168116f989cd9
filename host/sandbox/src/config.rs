//! How a sandbox is sized. What a function may use is [`crate::Limits`].

/// Sizes of one [`crate::Sandbox`], fixed when it is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Instances alive at once whose initial memory is small (256 KiB at most).
    /// Each reserves 4 GiB of address space, and touched slots stay mapped.
    pub small_slots: u32,
    /// Instances alive at once whose initial memory is larger.
    pub large_slots: u32,
    /// Milliseconds between two epoch ticks: how late a spinning guest is
    /// stopped, and how long it runs before it gives way to others.
    pub epoch_tick_ms: u64,
    /// Bytes of machine code that the compile cache may hold; code of functions
    /// that are still in use is held by them and does not go away.
    pub compiled_bytes: u64,
    /// Bytes of a component that [`crate::Sandbox::compile`] accepts.
    pub component_bytes: u64,
}

impl Default for Config {
    /// 1,000 small and 128 large slots (measured: the kernel's default of
    /// 65,530 maps allows about 10,900 touched slots), a tick of 5 ms, 512 MiB
    /// of machine code.
    fn default() -> Config {
        Config {
            small_slots: 1_000,
            large_slots: 128,
            epoch_tick_ms: 5,
            compiled_bytes: 512 * 1024 * 1024,
            component_bytes: crate::limits::COMPONENT_BYTES,
        }
    }
}
