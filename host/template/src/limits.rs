//! The numbers a template must keep to, each with its unit and source.

use std::ops::RangeInclusive;

/// A number with a unit and bounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Smallest legal value.
    pub(crate) min: u64,
    /// Largest legal value.
    pub(crate) max: u64,
    /// The unit, for messages: `MB`, `s` …
    pub(crate) unit: &'static str,
}

impl Bounds {
    /// The legal values.
    pub(crate) fn range(self) -> RangeInclusive<u64> {
        self.min..=self.max
    }
}

/// `MemorySize` of a function (MB). Source: Lambda's quota (ASL.md §12).
pub(crate) const MEMORY_SIZE_MB: Bounds = Bounds {
    min: 128,
    max: 10_240,
    unit: "MB",
};
/// `MemorySize` when it is not written (MB). Source: SAM's default (ASL.md §12).
pub(crate) const MEMORY_SIZE_DEFAULT_MB: u32 = 128;
/// `MemoryMegabytes` of a function (MB): Lambda's floor does not hold for a component, which may
/// start in two pages; the ceiling is Lambda's.
pub(crate) const MEMORY_MEGABYTES_MB: Bounds = Bounds {
    min: 1,
    max: 10_240,
    unit: "MB",
};

/// `Timeout` of a function (s). Source: Lambda's quota (ASL.md §12).
pub(crate) const TIMEOUT_SECONDS: Bounds = Bounds {
    min: 1,
    max: 900,
    unit: "seconds",
};
/// `Timeout` when it is not written (ms). Source: SAM's default of 3 s (ASL.md §12).
pub(crate) const TIMEOUT_DEFAULT_MS: u32 = 3_000;
/// `TimeoutMillis` of a function (ms): from the resolution of the sandbox's clock to Lambda's quota.
pub(crate) const TIMEOUT_MILLIS: Bounds = Bounds {
    min: 1,
    max: 900_000,
    unit: "milliseconds",
};

/// `Fuel` of a function (instructions). Zero could run nothing; no ceiling but the number's own.
pub(crate) const FUEL: Bounds = Bounds {
    min: 1,
    max: u64::MAX,
    unit: "units of fuel",
};

/// Length of a `FunctionName` (characters). Source: Lambda's CreateFunction.
pub(crate) const FUNCTION_NAME_CHARS_MAX: usize = 64;
/// Length of a state machine's `Name` (characters). Source: CreateStateMachine.
pub(crate) const MACHINE_NAME_CHARS_MAX: usize = 80;
/// Length of a logical id (characters). Source: CloudFormation's quota for `Resources`.
pub(crate) const LOGICAL_ID_CHARS_MAX: usize = 255;
/// Resources in one template. Source: CloudFormation's quota.
pub(crate) const RESOURCES_MAX: usize = 500;
/// Grants of one function. Ours: far above the number of grants that exist.
pub(crate) const GRANTS_MAX: usize = 64;
