//! What a run leaves in its log group, in the lines that Lambda writes around a function's own.

use engine::Timestamp;
use sandbox::{Fault, Report};
use sha2::{Digest, Sha256};

use super::resolve::Entry;
use crate::hex::hex;
use crate::limits::LOG_TAIL_BYTES;
use crate::logs::LogEvent;

/// All lines of a run, first to last. `started_at` is when it began.
pub(super) fn lines(
    entry: &Entry,
    request_id: &str,
    report: &Report,
    started_at: Timestamp,
) -> Vec<LogEvent> {
    let started_ms = started_at.0 / 1_000;
    let run_ms = i64::try_from(report.usage.duration_us / 1_000).unwrap_or(i64::MAX);
    let ended_ms = started_ms.saturating_add(run_ms);
    let at = |timestamp_ms: i64, message: String| LogEvent {
        timestamp_ms,
        message,
    };
    let version = &entry.version;
    let mut events = Vec::with_capacity(report.log.lines.len() + 4);
    events.push(at(
        started_ms,
        format!("START RequestId: {request_id} Version: {version}"),
    ));
    for line in &report.log.lines {
        let timestamp_ms = i64::try_from(line.at_ms).unwrap_or(i64::MAX);
        let time = Timestamp(timestamp_ms.saturating_mul(1_000)).to_iso_millis();
        let level = line.level.name().to_uppercase();
        let mut message = format!("[{level}]\t{time}\t{request_id}\t{}", line.message);
        if !line.fields.is_empty() {
            message.push('\t');
            message.push_str(&line.fields);
        }
        events.push(at(timestamp_ms, message));
    }
    let (dropped, bytes) = (report.log.dropped_lines, report.log.dropped_bytes);
    if bytes > 0 {
        let message = format!("{dropped} lines and {bytes} bytes of log were over the limits");
        events.push(at(ended_ms, message));
    }
    if let Err(fault) = &report.outcome
        && !matches!(fault, Fault::Failed { .. })
    {
        events.push(at(ended_ms, format!("{request_id} {}", fault.message())));
    }
    events.push(at(ended_ms, format!("END RequestId: {request_id}")));
    events.push(at(ended_ms, summary(entry, request_id, report)));
    events
}

/// The REPORT line.
fn summary(entry: &Entry, request_id: &str, report: &Report) -> String {
    let duration_us = report.usage.duration_us;
    let status = match &report.outcome {
        Ok(_) | Err(Fault::Failed { .. }) => String::new(),
        Err(Fault::TimedOut { .. } | Fault::FuelExhausted { .. }) => "Status: timeout\t".to_owned(),
        Err(fault) => format!("Status: error\tError Type: {}\t", fault.error_name()),
    };
    format!(
        "REPORT RequestId: {request_id}\tDuration: {}.{:02} ms\tBilled Duration: {} ms\tMemory Size: {} MB\tMax Memory Used: {} MB\t{status}",
        duration_us / 1_000,
        duration_us % 1_000 / 10,
        duration_us.div_ceil(1_000),
        entry.memory_megabytes,
        report.usage.memory_peak_bytes.div_ceil(1024 * 1024),
    )
}

/// `2026/11/27/[$LATEST]0123…`: one for each day, version and start of this process.
pub(super) fn stream(entry: &Entry, instance: &str, at: Timestamp) -> String {
    let digest = Sha256::digest(format!("{instance}:{}:{}", entry.name, entry.version));
    let id: String = hex(&digest).chars().take(32).collect();
    let day: String = at.to_iso_millis().chars().take(10).collect();
    format!("{}/[{}]{id}", day.replace('-', "/"), entry.version)
}

/// The end of the log as `LogType` `Tail` gives it.
pub(super) fn tail(events: &[LogEvent]) -> String {
    let mut text = String::new();
    for event in events {
        text.push_str(&event.message);
        text.push('\n');
    }
    let start = text.ceil_char_boundary(text.len().saturating_sub(LOG_TAIL_BYTES));
    text.split_off(start)
}

#[cfg(test)]
mod tests {
    use sandbox::{CapturedLog, Level, Limits, LogLine, Usage};

    use super::*;

    fn entry() -> Entry {
        Entry {
            name: "pay".into(),
            version: "7".into(),
            digest: "d".into(),
            limits: Limits::default(),
            memory_megabytes: 128,
            environment: [].into(),
            log_group: "/aws/lambda/pay".into(),
            reserved: None,
        }
    }

    fn report(outcome: Result<String, Fault>) -> Report {
        Report {
            outcome,
            usage: Usage {
                fuel: 1,
                memory_peak_bytes: 1024 * 1024 + 1,
                duration_us: 12_345,
            },
            log: CapturedLog {
                lines: vec![LogLine {
                    level: Level::Info,
                    message: "charging".to_owned(),
                    fields: r#"{"n":1}"#.to_owned(),
                    at_ms: 1_500,
                }],
                dropped_lines: 0,
                dropped_bytes: 0,
            },
        }
    }

    fn texts(report: &Report) -> Vec<String> {
        let events = lines(&entry(), "r-1", report, Timestamp(1_000_000));
        events.into_iter().map(|event| event.message).collect()
    }

    #[test]
    fn a_run_is_logged_as_lambda_logs_it() {
        assert_eq!(
            texts(&report(Ok("{}".to_owned()))),
            [
                "START RequestId: r-1 Version: 7",
                "[INFO]\t1970-01-01T00:00:01.500Z\tr-1\tcharging\t{\"n\":1}",
                "END RequestId: r-1",
                "REPORT RequestId: r-1\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 2 MB\t",
            ]
        );
    }

    #[test]
    fn a_run_that_the_host_ended_says_why() {
        let logged = texts(&report(Err(Fault::TimedOut { limit_ms: 3_000 })));
        assert!(
            logged[2].starts_with("r-1 Task timed out after 3.00 seconds"),
            "{logged:?}"
        );
        assert!(logged[4].ends_with("\tStatus: timeout\t"), "{logged:?}");
    }

    #[test]
    fn the_stream_is_of_a_day_and_a_version() {
        let stream = stream(&entry(), "i", Timestamp(0));
        assert!(stream.starts_with("1970/01/01/[7]"), "{stream}");
        assert_eq!(stream.len(), "1970/01/01/[7]".len() + 32);
    }

    #[test]
    fn the_tail_has_at_most_its_limit() {
        let event = LogEvent {
            timestamp_ms: 0,
            message: "é".repeat(LOG_TAIL_BYTES),
        };
        let tail = tail(&[event]);
        assert!(tail.len() <= LOG_TAIL_BYTES && tail.len() > LOG_TAIL_BYTES - 2);
        assert!(tail.ends_with("é\n"));
    }
}
