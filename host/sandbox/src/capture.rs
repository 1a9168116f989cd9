//! Collects the log of one invocation under its limits.
//!
//! Three sources write into it: the task's `log` calls, stdout and stderr. A
//! line that does not fit is dropped whole and counted; a single line that is
//! too long is cut and the cut counted. The end of stderr is kept beside the
//! log whatever its limits, because a panic's message is the last thing written.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::log::{CapturedLog, Level, LogLine};
use crate::watch::Watch;
use crate::{Limits, limits};

/// The shared end: the host functions and the two output streams hold it.
#[derive(Clone)]
pub(crate) struct Capture(Arc<Mutex<Buffer>>);

/// Which of the two output streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

struct Buffer {
    watch: Watch,
    started_at_ms: u64,
    lines_left: u32,
    bytes_left: u64,
    log: CapturedLog,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    stderr_tail: VecDeque<u8>,
}

impl Capture {
    pub(crate) fn new(limits: &Limits, watch: Watch, started_at_ms: u64) -> Capture {
        Capture(Arc::new(Mutex::new(Buffer {
            watch,
            started_at_ms,
            lines_left: limits.log_lines,
            bytes_left: limits.log_bytes,
            log: CapturedLog::default(),
            stdout: Vec::new(),
            stderr: Vec::new(),
            stderr_tail: VecDeque::new(),
        })))
    }

    /// A line from the task's own logger.
    pub(crate) fn line(&self, level: Level, message: &str, fields: &str) {
        self.buffer().line(level, message, fields);
    }

    /// Bytes printed; lines are made of them at each line break.
    pub(crate) fn print(&self, stream: Stream, bytes: &[u8]) {
        self.buffer().print(stream, bytes);
    }

    /// Ends unfinished lines and takes the log out, with the end of stderr.
    pub(crate) fn finish(&self) -> (CapturedLog, String) {
        let mut buffer = self.buffer();
        buffer.end_line(Stream::Stdout);
        buffer.end_line(Stream::Stderr);
        let log = std::mem::take(&mut buffer.log);
        let tail = std::mem::take(&mut buffer.stderr_tail);
        let tail = String::from_utf8_lossy(&Vec::from(tail)).trim().to_owned();
        (log, tail)
    }

    /// A monitor that panicked while it was shown a line leaves the buffer whole.
    fn buffer(&self) -> MutexGuard<'_, Buffer> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Buffer {
    fn line(&mut self, level: Level, message: &str, fields: &str) {
        let kept_fields = if fields.len() > limits::LOG_LINE_BYTES {
            // Half an object is no JSON, so it is all or nothing.
            ""
        } else {
            fields
        };
        let kept_message = cut(message, limits::LOG_LINE_BYTES - kept_fields.len());
        let whole = message.len() as u64 + fields.len() as u64;
        let kept = kept_message.len() as u64 + kept_fields.len() as u64;
        if self.lines_left == 0 || kept > self.bytes_left {
            self.log.dropped_lines = self.log.dropped_lines.saturating_add(1);
            self.log.dropped_bytes = self.log.dropped_bytes.saturating_add(whole);
            return;
        }
        self.lines_left -= 1;
        self.bytes_left -= kept;
        self.log.dropped_bytes = self.log.dropped_bytes.saturating_add(whole - kept);
        let elapsed_ms = self.watch.stopwatch().elapsed_ms();
        let line = LogLine {
            level,
            message: kept_message.to_owned(),
            fields: kept_fields.to_owned(),
            at_ms: self.started_at_ms.saturating_add(elapsed_ms),
        };
        self.watch.monitor().log(&line);
        self.log.lines.push(line);
    }

    fn print(&mut self, stream: Stream, bytes: &[u8]) {
        if stream == Stream::Stderr {
            self.keep_tail(bytes);
        }
        let mut pieces = bytes.split(|byte| *byte == b'\n');
        if let Some(first) = pieces.next() {
            self.append(stream, first);
        }
        for piece in pieces {
            self.end_line(stream);
            self.append(stream, piece);
        }
    }

    /// Adds to the unfinished line, which never grows over the line limit.
    fn append(&mut self, stream: Stream, bytes: &[u8]) {
        let pending = self.pending(stream);
        let room = limits::LOG_LINE_BYTES.saturating_sub(pending.len());
        let (kept, rest) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
        pending.extend_from_slice(kept);
        self.log.dropped_bytes = self.log.dropped_bytes.saturating_add(rest.len() as u64);
    }

    /// Makes a line of what was printed so far; an empty line makes none.
    fn end_line(&mut self, stream: Stream) {
        let pending = std::mem::take(self.pending(stream));
        if pending.is_empty() {
            return;
        }
        let level = match stream {
            Stream::Stdout => Level::Info,
            Stream::Stderr => Level::Error,
        };
        let text = String::from_utf8_lossy(&pending);
        self.line(level, text.trim_end_matches('\r'), "");
    }

    fn pending(&mut self, stream: Stream) -> &mut Vec<u8> {
        match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        }
    }

    fn keep_tail(&mut self, bytes: &[u8]) {
        let start = bytes.len().saturating_sub(limits::STDERR_TAIL_BYTES);
        let bytes = bytes.get(start..).unwrap_or(bytes);
        let over = (self.stderr_tail.len() + bytes.len()).saturating_sub(limits::STDERR_TAIL_BYTES);
        self.stderr_tail.drain(..over);
        self.stderr_tail.extend(bytes);
    }
}

/// The longest beginning of `text` that has at most `bytes` bytes.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Monitor;

    struct Quiet;

    impl Monitor for Quiet {
        fn heartbeat(&self, _details: Option<String>) -> bool {
            true
        }
        fn is_cancelled(&self) -> bool {
            false
        }
    }

    fn capture(log_lines: u32, log_bytes: u64) -> Capture {
        let limits = Limits {
            log_lines,
            log_bytes,
            ..Limits::default()
        };
        Capture::new(&limits, Watch::start(1_000, Arc::new(Quiet)), 7)
    }

    fn messages(log: &CapturedLog) -> Vec<&str> {
        log.lines.iter().map(|line| line.message.as_str()).collect()
    }

    #[test]
    fn printed_bytes_become_lines_at_line_breaks() {
        let capture = capture(10, 1_000);
        capture.print(Stream::Stdout, b"a\r\n\nb");
        capture.print(Stream::Stderr, b"oops\n");
        capture.print(Stream::Stdout, b"c");
        let (log, tail) = capture.finish();
        assert_eq!(messages(&log), ["a", "oops", "bc"]);
        assert_eq!(tail, "oops");
        assert!(log.lines.iter().all(|line| line.at_ms >= 7));
    }

    #[test]
    fn a_line_at_the_byte_limit_is_kept_and_one_byte_more_is_dropped() {
        let capture = capture(10, 6);
        capture.line(Level::Warn, "abc", "{}");
        capture.line(Level::Warn, "de", "");
        capture.line(Level::Warn, "f", "");
        let (log, _) = capture.finish();
        assert_eq!(messages(&log), ["abc", "f"]);
        assert_eq!((log.dropped_lines, log.dropped_bytes), (1, 2));
    }

    #[test]
    fn a_long_line_is_cut_at_a_character_and_long_fields_go_whole() {
        let capture = capture(10, 1_000_000);
        let message = format!("x{}", "ß".repeat(limits::LOG_LINE_BYTES / 2));
        capture.line(
            Level::Info,
            &message,
            &"f".repeat(limits::LOG_LINE_BYTES + 1),
        );
        capture.print(Stream::Stdout, &vec![b'y'; limits::LOG_LINE_BYTES + 5]);
        let (log, _) = capture.finish();
        assert_eq!(log.lines[0].message.len(), limits::LOG_LINE_BYTES - 1);
        assert_eq!(log.lines[0].fields, "");
        assert_eq!(log.lines[1].message.len(), limits::LOG_LINE_BYTES);
        let cut = 2 + limits::LOG_LINE_BYTES as u64 + 1 + 5;
        assert_eq!((log.dropped_lines, log.dropped_bytes), (0, cut));
    }

    #[test]
    fn the_end_of_stderr_is_kept_when_the_log_is_full() {
        let capture = capture(0, 0);
        capture.print(Stream::Stderr, &vec![b'.'; 10_000]);
        capture.print(Stream::Stderr, b"panicked at src/lib.rs:1:1");
        let (log, tail) = capture.finish();
        assert!(log.lines.is_empty());
        assert_eq!(tail.len(), limits::STDERR_TAIL_BYTES);
        assert!(tail.ends_with("panicked at src/lib.rs:1:1"));
    }
}
