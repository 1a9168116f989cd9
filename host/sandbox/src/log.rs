//! The log of one invocation: bounded in lines and bytes, what does not fit is
//! counted and not kept.

/// How serious a line is, as the task said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Finest.
    Trace,
    /// For whoever debugs the task.
    Debug,
    /// Normal; also what is printed to stdout.
    Info,
    /// Something is off.
    Warn,
    /// Something failed; also what is printed to stderr.
    Error,
}

impl Level {
    /// Lower case, as in the task WIT.
    pub fn name(self) -> &'static str {
        match self {
            Level::Trace => "trace",
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        }
    }
}

/// One line that was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// How serious.
    pub level: Level,
    /// The text, without a line break at its end.
    pub message: String,
    /// A JSON object as text, or empty. As the guest wrote it: not parsed.
    pub fields: String,
    /// Wall clock in milliseconds since the epoch.
    pub at_ms: u64,
}

/// All lines that were kept, and how much was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CapturedLog {
    /// In the order in which the guest wrote them.
    pub lines: Vec<LogLine>,
    /// Lines that did not fit and are gone.
    pub dropped_lines: u64,
    /// Bytes that are gone: of dropped lines and of lines that were cut.
    pub dropped_bytes: u64,
}
