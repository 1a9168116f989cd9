//! Every number that bounds a guest, with its unit and where it comes from.
//!
//! [`Limits`] are per function and come from its template; the constants are
//! the same for all functions and are not configurable. Nothing else in this
//! crate holds a number that sizes something for a guest.

/// What one invocation may use. All limits are inclusive: using exactly the
/// limit is allowed, one more is a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of linear memory, summed over all memories of the component
    /// (`MemorySize`, which counts in MiB).
    pub memory_bytes: u64,
    /// Wall-clock milliseconds from entering [`crate::Sandbox::invoke`] (`Timeout`,
    /// which counts in seconds).
    pub timeout_ms: u64,
    /// Units of fuel; about one per executed instruction (`Metadata.Stepwell.Fuel`).
    /// Looked at where a loop or a function begins, so that the straight piece of
    /// code after the last look is free; the same piece each time.
    pub fuel: u64,
    /// Table elements, summed over all tables of the component.
    pub table_elements: u32,
    /// Bytes of output, of the JSON text that the handler returns.
    pub output_bytes: u64,
    /// Bytes of log kept: message and fields of all lines together.
    pub log_bytes: u64,
    /// Lines of log kept.
    pub log_lines: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory_bytes: MEMORY_BYTES,
            timeout_ms: TIMEOUT_MS,
            fuel: FUEL,
            table_elements: TABLE_ELEMENTS,
            output_bytes: OUTPUT_BYTES,
            log_bytes: LOG_BYTES,
            log_lines: LOG_LINES,
        }
    }
}

/// 128 MiB: the `MemorySize` of a Lambda function that names none.
pub const MEMORY_BYTES: u64 = 128 * MIB;
/// 3 seconds: the `Timeout` of a Lambda function that names none.
pub const TIMEOUT_MS: u64 = 3_000;
/// 10^11 units. Measured rates are 9 to 25 * 10^9 a second, so this is 4 to 11
/// seconds of pure computing: generous beside the default timeout, and still an
/// end to a task whose timeout is minutes.
pub const FUEL: u64 = 100_000_000_000;
/// 65,536 elements: an interpreter compiled to Wasm (CPython, SpiderMonkey) has
/// 10,000 to 30,000 functions in its table; a Rust task has a few hundred.
pub const TABLE_ELEMENTS: u32 = 65_536;
/// 6,291,556 bytes: the response payload limit of a synchronous Lambda
/// invocation. The tighter limit of state data (262,144) is the engine's.
pub const OUTPUT_BYTES: u64 = 6_291_556;
/// 256 KiB: one CloudWatch Logs event of the classic size.
pub const LOG_BYTES: u64 = 256 * KIB;
/// 1,000 lines, so that a line a loop does not fill a history.
pub const LOG_LINES: u32 = 1_000;

/// Bytes kept of one log line; the rest is cut off and counted.
pub const LOG_LINE_BYTES: usize = 16 * 1024;
/// Bytes kept of the end of stderr, whatever the log limits say: a Rust panic
/// message with its place fits, and it goes into the cause of the fault.
pub const STDERR_TAIL_BYTES: usize = 2 * 1024;
/// Bytes of an error's name (task WIT, `task-error`; as Step Functions).
pub const ERROR_NAME_BYTES: usize = 256;
/// Bytes of an error's cause (task WIT, `task-error`; as Step Functions).
pub const ERROR_CAUSE_BYTES: usize = 32_768;
/// Bytes kept of the details of one heartbeat.
pub const HEARTBEAT_DETAILS_BYTES: usize = 1024;
/// Bytes of the message that describes a trap, frames included.
pub const TRAP_MESSAGE_BYTES: usize = 4 * 1024;
/// Frames of the guest's stack in a trap message.
pub const TRAP_FRAMES: usize = 8;

/// Bytes that a guest may hand to the host in one call beside its output:
/// room for an error with its cause, or for a log line that will be cut.
pub const HOSTCALL_BYTES: u64 = MIB;
/// Bytes of randomness that a guest gets in one call.
pub const RANDOM_BYTES: u64 = 64 * KIB;
/// Bytes that a guest may write to stdout or stderr in one call.
pub const STDIO_WRITE_BYTES: usize = 64 * 1024;
/// Live handles (streams, pollables) of one instance; a std guest holds about five.
pub const HANDLES: usize = 256;
/// Core instances in one component: `wit-component` makes four, a Python
/// component with its dynamic libraries about fifteen.
pub const CORE_INSTANCES: u32 = 32;
/// Linear memories in one component. Each takes a slot of the pool.
pub const MEMORIES: u32 = 2;
/// Tables in one component.
pub const TABLES: u32 = 8;
/// Tables in one core module.
pub const TABLES_PER_MODULE: u32 = 4;
/// Table elements that a slot of the pool reserves (8 bytes each, address
/// space only); no function can have a higher limit.
pub const TABLE_ELEMENTS_MAX: u32 = 262_144;
/// Bytes of runtime metadata for one component instance.
pub const INSTANCE_METADATA_BYTES: usize = MIB_USIZE;

/// Bytes of component text accepted: half of Lambda's unzipped package limit
/// of 250 MB; the largest interpreter components are below 20 MB.
pub const COMPONENT_BYTES: u64 = 128 * MIB;

/// Bytes of linear memory that are reset by memset when a slot is reused. A
/// component whose initial memory fits runs on the small profile. Four pages:
/// the SDK's guests have two.
pub const RESIDENT_BYTES: usize = 256 * 1024;
/// Bytes of a table that are reset by memset.
pub const TABLE_RESIDENT_BYTES: usize = 64 * 1024;
/// Slots given back to the kernel in one go, on the large profile.
pub const DECOMMIT_BATCH: usize = 32;
/// Fuel for each page of 64 KiB that `memory.grow` asks for: the most that the
/// engine's cost table can say. Zeroing a page costs about as much as a few
/// thousand instructions, so this is low, but it is not free.
pub const FUEL_PER_PAGE: u8 = u8::MAX;
/// Fuel for each element that `table.grow` asks for.
pub const FUEL_PER_ELEMENT: u8 = 1;

/// Milliseconds between two looks at the deadline and at cancellation while a
/// guest waits in a host call (a spinning one is looked at each epoch tick).
pub const WAITING_CHECK_MS: u64 = 20;

const KIB: u64 = 1024;
const MIB: u64 = 1024 * KIB;
const MIB_USIZE: usize = 1024 * 1024;
