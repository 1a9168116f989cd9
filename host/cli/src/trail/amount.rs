//! Numbers as people read them: three digits that matter, and the unit.

/// A duration: `950 µs`, `12.3 ms`, `2.01 s`, `2 min 05 s`, `1 h 02 min`, `3 d 04 h`. `us`: µs.
pub fn duration(us: u64) -> String {
    let seconds = us / 1_000_000;
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..999_500 => format!("{} ms", three_digits(us as f64 / 1e3)),
        999_500..59_950_000 => format!("{} s", three_digits(us as f64 / 1e6)),
        _ if seconds < 3_600 => pair(seconds.max(60), 60, "min", 1, "s"),
        _ if seconds < 86_400 => pair(seconds, 3_600, "h", 60, "min"),
        _ => pair(seconds, 86_400, "d", 3_600, "h"),
    }
}

fn pair(seconds: u64, large: u64, large_unit: &str, small: u64, small_unit: &str) -> String {
    let (whole, rest) = (seconds / large, seconds % large / small);
    format!("{whole} {large_unit} {rest:02} {small_unit}")
}

/// Time since the start: `+0.012s`. `us`: µs.
pub fn offset(us: u64) -> String {
    format!("+{}.{:03}s", us / 1_000_000, us / 1_000 % 1_000)
}

/// A count: `950`, `12.3k`, `2.01M`, `4.00G`.
pub fn count(count: u64) -> String {
    match count {
        0..1_000 => count.to_string(),
        1_000..999_500 => format!("{}k", three_digits(count as f64 / 1e3)),
        999_500..999_500_000 => format!("{}M", three_digits(count as f64 / 1e6)),
        _ => format!("{}G", three_digits(count as f64 / 1e9)),
    }
}

/// Memory: `512 B`, `128 KiB`, `1.06 MiB`, `2.00 GiB`.
pub fn bytes(bytes: u64) -> String {
    const KIB: u64 = 1 << 10;
    const MIB: u64 = 1 << 20;
    const GIB: u64 = 1 << 30;
    match bytes {
        0..KIB => format!("{bytes} B"),
        KIB..MIB => format!("{} KiB", bytes / KIB),
        MIB..GIB => format!("{} MiB", three_digits(bytes as f64 / MIB as f64)),
        _ => format!("{} GiB", three_digits(bytes as f64 / GIB as f64)),
    }
}

/// US dollars, with three digits that matter however small: `$0.000225`, `$0.0000011`, `$1.25`. At
/// least cents; `usd` is not negative.
pub fn dollars(usd: f64) -> String {
    let mut decimals = 2;
    let mut limit = 1.0;
    // 18 digits are enough for any price; below, it is nothing.
    while usd > 0.0 && usd < limit && decimals < 18 {
        decimals += 1;
        limit /= 10.0;
    }
    let text = format!("{usd:.decimals$}");
    let (whole, digits) = text.split_once('.').unwrap_or((&text, ""));
    let digits = digits.trim_end_matches('0');
    format!("${whole}.{digits:0<2}")
}

/// `1 branch`, `2 branches`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn three_digits(value: f64) -> String {
    match value {
        ..9.995 => format!("{value:.2}"),
        9.995..99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_show_three_digits_and_no_step_is_skipped() {
        let cases = [
            (0, "0 µs"),
            (999, "999 µs"),
            (1_000, "1.00 ms"),
            (9_994, "9.99 ms"),
            (9_996, "10.0 ms"),
            (123_456, "123 ms"),
            (999_499, "999 ms"),
            (999_500, "1.00 s"),
            (12_345_678, "12.3 s"),
            (59_949_999, "59.9 s"),
            (59_950_000, "1 min 00 s"),
            (125_000_000, "2 min 05 s"),
            (3_599_999_999, "59 min 59 s"),
            (3_600_000_000, "1 h 00 min"),
            (86_400_000_000, "1 d 00 h"),
            (31_536_000_000_000, "365 d 00 h"),
        ];
        for (us, text) in cases {
            assert_eq!(duration(us), text);
        }
        assert!(!duration(u64::MAX).is_empty());
    }

    #[test]
    fn offsets_are_cut_to_milliseconds() {
        assert_eq!(offset(0), "+0.000s");
        assert_eq!(offset(12_999), "+0.012s");
        assert_eq!(offset(86_400_000_001), "+86400.000s");
    }

    #[test]
    fn counts_and_bytes_carry_their_unit() {
        assert_eq!(count(950), "950");
        assert_eq!(count(12_345), "12.3k");
        assert_eq!(count(2_010_000), "2.01M");
        assert_eq!(count(4_000_000_000), "4.00G");
        assert_eq!(bytes(131_072), "128 KiB");
        assert_eq!(bytes(1_114_112), "1.06 MiB");
        assert_eq!(bytes(64 << 20), "64.0 MiB");
        assert_eq!(bytes(2 << 30), "2.00 GiB");
    }

    #[test]
    fn tiny_prices_can_be_read() {
        let cases = [
            (0.0, "$0.00"),
            (0.000_025, "$0.000025"),
            (0.000_225, "$0.000225"),
            (0.000_001_104_187_5, "$0.0000011"),
            (0.000_032_1, "$0.0000321"),
            (0.25, "$0.25"),
            (1.25, "$1.25"),
            (31.257, "$31.26"),
            (1e-30, "$0.00"),
        ];
        for (usd, text) in cases {
            assert_eq!(dollars(usd), text, "{usd}");
        }
    }
}
