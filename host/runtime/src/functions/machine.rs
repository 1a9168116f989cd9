//! How much memory guests may have together: a part of what the machine, or the container around this
//! process, has.

use crate::limits::{GUEST_MEMORY_MEGABYTES, GUEST_MEMORY_MEGABYTES_MIN};

/// Three quarters of the memory, within the limits.
pub(super) fn guest_memory_megabytes() -> u32 {
    let machine = std::fs::read_to_string("/proc/meminfo").ok();
    let container = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    share(machine.as_deref(), container.as_deref())
}

fn share(machine: Option<&str>, container: Option<&str>) -> u32 {
    let machine_bytes = machine.and_then(total_bytes);
    // `max` where there is no limit.
    let container_bytes = container.and_then(|text| text.trim().parse::<u64>().ok());
    let bytes = match (machine_bytes, container_bytes) {
        (Some(machine), Some(container)) => Some(machine.min(container)),
        (machine, container) => machine.or(container),
    };
    let megabytes = bytes.map(|bytes| bytes / 4 * 3 / (1024 * 1024));
    megabytes
        .and_then(|megabytes| u32::try_from(megabytes).ok())
        .unwrap_or(GUEST_MEMORY_MEGABYTES)
        .max(GUEST_MEMORY_MEGABYTES_MIN)
}

/// `MemTotal:       24612345 kB`
fn total_bytes(text: &str) -> Option<u64> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_have_three_quarters_of_the_smaller_one() {
        let machine = Some("MemTotal:       16777216 kB\nMemFree: 1 kB\n");
        assert_eq!(share(machine, None), 12 * 1024);
        assert_eq!(share(machine, Some("max\n")), 12 * 1024);
        assert_eq!(share(machine, Some("4294967296\n")), 3 * 1024);
    }

    #[test]
    fn a_small_or_unknown_machine_still_runs_functions() {
        assert_eq!(share(None, None), GUEST_MEMORY_MEGABYTES);
        assert_eq!(share(None, Some("1048576")), GUEST_MEMORY_MEGABYTES_MIN);
    }
}
