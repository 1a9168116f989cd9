//! Why an invocation has no output, in Lambda's words.
//!
//! The one idea: a fault says the limit, what was used, and which knob raises
//! it; [`Fault::error_name`] is what Retry and Catch match.

/// Why an invocation has no output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The guest returned an error; the cause is free text.
    Failed {
        /// At most 256 bytes, never of the `States.` family but `States.TaskFailed`.
        name: String,
        /// At most 32,768 bytes.
        cause: String,
    },
    /// The fuel is used up.
    FuelExhausted {
        /// Units it had.
        limit: u64,
    },
    /// The function's own time is used up.
    TimedOut {
        /// Milliseconds it had.
        limit_ms: u64,
    },
    /// A memory grew over the limit.
    MemoryExceeded {
        /// Bytes it had.
        limit_bytes: u64,
        /// Bytes it would have had after growing.
        wanted_bytes: u64,
    },
    /// A table grew over the limit.
    TableExceeded {
        /// Elements it had.
        limit_elements: u32,
        /// Elements it would have had after growing.
        wanted_elements: u64,
    },
    /// The output is larger than the limit.
    OutputTooLarge {
        /// Bytes it may have.
        limit_bytes: u64,
        /// Bytes it has; none when it is so large that it was not read.
        output_bytes: Option<u64>,
    },
    /// The output is not UTF-8, so it cannot be JSON.
    OutputNotUtf8 {
        /// Bytes that are valid.
        valid_bytes: u64,
    },
    /// The guest trapped: a panic, an out-of-bounds access, a division by zero.
    Trapped {
        /// The panic if there is one, what happened, the guest's named frames.
        message: String,
    },
    /// The guest left through `exit`.
    Exited {
        /// 0 or 1, which is all that WASI 0.2 tells; 0 is a fault too, because
        /// there is no output.
        status: i32,
        /// The end of its stderr.
        stderr: String,
    },
    /// The caller cancelled the attempt.
    Cancelled,
    /// The component could not be instantiated.
    Link {
        /// What did not fit.
        message: String,
    },
    /// All slots are taken.
    Overloaded,
}

impl Fault {
    /// The error name in the history: what `ErrorEquals` matches.
    pub fn error_name(&self) -> &str {
        match self {
            Fault::Failed { name, .. } => name,
            Fault::FuelExhausted { .. } | Fault::TimedOut { .. } => "Sandbox.Timedout",
            Fault::MemoryExceeded { .. }
            | Fault::TableExceeded { .. }
            | Fault::Trapped { .. }
            | Fault::Exited { .. } => "Runtime.ExitError",
            Fault::OutputTooLarge { .. } => "Function.ResponseSizeTooLarge",
            Fault::OutputNotUtf8 { .. } => "Runtime.MarshalError",
            Fault::Cancelled => "States.TaskFailed",
            Fault::Link { .. } => "Runtime.ImportModuleError",
            Fault::Overloaded => "Lambda.TooManyRequestsException",
        }
    }

    /// For people: the limit, what was used, and which knob raises it.
    pub fn message(&self) -> String {
        match self {
            Fault::Failed { cause, .. } => cause.clone(),
            Fault::FuelExhausted { limit } => format!(
                "Task used up its fuel of {limit} units. Raise Metadata.Stepwell.Fuel of the function, or make the task do less."
            ),
            Fault::TimedOut { limit_ms } => format!(
                "Task timed out after {} seconds. Raise Timeout of the function, or make the task do less.",
                seconds(*limit_ms)
            ),
            Fault::MemoryExceeded {
                limit_bytes,
                wanted_bytes,
            } => format!(
                "Task wanted {wanted_bytes} bytes of memory, the limit is {limit_bytes} ({} MiB). Raise MemorySize of the function.",
                limit_bytes / (1024 * 1024)
            ),
            Fault::TableExceeded {
                limit_elements,
                wanted_elements,
            } => format!(
                "Task wanted {wanted_elements} table elements, the limit is {limit_elements}. Tables hold function references; build the task with optimisation."
            ),
            Fault::OutputTooLarge {
                limit_bytes,
                output_bytes,
            } => match output_bytes {
                Some(bytes) => format!(
                    "Response payload size ({bytes} bytes) exceeded maximum allowed payload size ({limit_bytes} bytes)."
                ),
                None => format!(
                    "Response payload size exceeded maximum allowed payload size ({limit_bytes} bytes) by far."
                ),
            },
            Fault::OutputNotUtf8 { valid_bytes } => format!(
                "The output is not JSON: it stops being UTF-8 after {valid_bytes} bytes."
            ),
            Fault::Trapped { message } => format!("Runtime exited with error: {message}"),
            Fault::Exited { status, stderr } => {
                let mut text = format!(
                    "Runtime exited without providing a reason: exit status {status}. A task returns its output or an error and does not exit."
                );
                if !stderr.is_empty() {
                    text.push_str("\nstderr: ");
                    text.push_str(stderr);
                }
                text
            }
            Fault::Cancelled => "The attempt was cancelled and the task was stopped.".to_owned(),
            Fault::Link { message } => format!("The component could not be instantiated: {message}"),
            Fault::Overloaded => {
                "Rate Exceeded. All slots of the sandbox are taken; retry, or raise the number of slots.".to_owned()
            }
        }
    }
}

/// Milliseconds as Lambda prints a timeout: `3.00`.
fn seconds(ms: u64) -> String {
    format!("{}.{:02}", ms / 1_000, ms % 1_000 / 10)
}
