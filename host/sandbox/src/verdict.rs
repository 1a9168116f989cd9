//! From how a guest ended to the fault that the caller sees.

use std::fmt::Write;

use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use crate::bindings::stepwell::task::types::TaskError;
use crate::capture::cut;
use crate::limiter::Exceeded;
use crate::watch::Interrupt;
use crate::{Fault, Limits, limits};

/// How far a guest came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Instantiating,
    Calling,
}

/// What a guest that returned has to say.
pub(crate) fn returned(
    output: Result<Vec<u8>, TaskError>,
    limits: &Limits,
) -> Result<String, Fault> {
    let output = output.map_err(failed)?;
    let output_bytes = output.len() as u64;
    if output_bytes > limits.output_bytes {
        return Err(Fault::OutputTooLarge {
            limit_bytes: limits.output_bytes,
            output_bytes: Some(output_bytes),
        });
    }
    String::from_utf8(output).map_err(|error| Fault::OutputNotUtf8 {
        valid_bytes: error.utf8_error().valid_up_to() as u64,
    })
}

/// A guest's own error, within the bounds of the task WIT. Names of the
/// `States.` family are the engine's: a guest that uses one failed, no more.
fn failed(error: TaskError) -> Fault {
    let TaskError { name, cause } = error;
    let reserved = name.starts_with("States.");
    let short = cut(&name, limits::ERROR_NAME_BYTES);
    let cause = if reserved {
        format!("{short}: {cause}")
    } else {
        cause
    };
    let name = match short {
        _ if reserved => "States.TaskFailed",
        "" => "Error",
        name => name,
    };
    Fault::Failed {
        name: name.to_owned(),
        cause: cut(&cause, limits::ERROR_CAUSE_BYTES).to_owned(),
    }
}

/// What a guest that was stopped from outside gets.
pub(crate) fn interrupted(interrupt: Interrupt, limits: &Limits) -> Fault {
    match interrupt {
        Interrupt::TimedOut => Fault::TimedOut {
            limit_ms: limits.timeout_ms,
        },
        Interrupt::Cancelled => Fault::Cancelled,
    }
}

/// What a guest that ended in an error gets. `stderr` is the end of what it
/// printed there: a panic's message and place.
pub(crate) fn ended(
    error: &wasmtime::Error,
    stage: Stage,
    limits: &Limits,
    stderr: String,
) -> Fault {
    if let Some(interrupt) = error.downcast_ref::<Interrupt>() {
        return interrupted(*interrupt, limits);
    }
    if let Some(exceeded) = error.downcast_ref::<Exceeded>() {
        return over_limit(*exceeded);
    }
    if let Some(I32Exit(status)) = error.downcast_ref::<I32Exit>() {
        return Fault::Exited {
            status: *status,
            stderr,
        };
    }
    if error.is::<PoolConcurrencyLimitError>() {
        return Fault::Overloaded;
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => return Fault::FuelExhausted { limit: limits.fuel },
        Some(Trap::Interrupt) => return interrupted(Interrupt::TimedOut, limits),
        _ => {}
    }
    let inside = error.downcast_ref::<WasmBacktrace>();
    if inside.is_none() && stage == Stage::Instantiating {
        return Fault::Link {
            message: cut(&format!("{error:#}"), limits::TRAP_MESSAGE_BYTES).to_owned(),
        };
    }
    // The output is read after the guest returned, so no frame of it is left; a
    // host call that hands over too much has frames and is the guest's fault.
    if inside.is_none_or(|trace| trace.frames().is_empty()) && copied_too_much(error) {
        return Fault::OutputTooLarge {
            limit_bytes: limits.output_bytes,
            output_bytes: None,
        };
    }
    Fault::Trapped {
        message: describe(error, inside, &stderr),
    }
}

fn over_limit(exceeded: Exceeded) -> Fault {
    match exceeded {
        Exceeded::Memory {
            limit_bytes,
            wanted_bytes,
        } => Fault::MemoryExceeded {
            limit_bytes,
            wanted_bytes,
        },
        Exceeded::Table {
            limit_elements,
            wanted_elements,
        } => Fault::TableExceeded {
            limit_elements,
            wanted_elements,
        },
    }
}

/// The engine's error for this has no public type; a test holds its text.
fn copied_too_much(error: &wasmtime::Error) -> bool {
    error
        .root_cause()
        .to_string()
        .contains("fuel allocated for hostcalls has been exhausted")
}

/// What a person needs first comes first: the panic, else the reason; then what
/// was printed last; then the frames that have a name.
fn describe(error: &wasmtime::Error, trace: Option<&WasmBacktrace>, stderr: &str) -> String {
    let reason = error.root_cause().to_string();
    let mut text = match panic_in(stderr) {
        Some(panic) => format!("{panic}\n{reason}"),
        None if stderr.is_empty() => reason,
        None => format!("{reason}\nstderr: {stderr}"),
    };
    if matches!(error.downcast_ref(), Some(Trap::MemoryOutOfBounds)) {
        text.push_str(" (a full stack ends like this too)");
    }
    for frame in trace.map(WasmBacktrace::frames).unwrap_or_default() {
        if let Some(name) = frame.func_name() {
            // Writing to a string does not fail.
            let _ = write!(text, "\n  at {name}");
        }
    }
    cut(&text, limits::TRAP_MESSAGE_BYTES).to_owned()
}

/// The last panic message and all that follows it, as Rust prints it.
fn panic_in(stderr: &str) -> Option<&str> {
    let place = stderr.rfind("panicked at ")?;
    let before = stderr.get(..place)?;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    stderr.get(start..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed_as(name: &str, cause: &str) -> (String, String) {
        match failed(TaskError {
            name: name.to_owned(),
            cause: cause.to_owned(),
        }) {
            Fault::Failed { name, cause } => (name, cause),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_guest_error_keeps_its_name_and_cause() {
        assert_eq!(
            failed_as("CardDeclined", "no"),
            ("CardDeclined".into(), "no".into())
        );
        assert_eq!(failed_as("", "no"), ("Error".into(), "no".into()));
    }

    #[test]
    fn a_reserved_error_name_becomes_task_failed_and_stays_in_the_cause() {
        let expected = ("States.TaskFailed".into(), "States.Timeout: late".into());
        assert_eq!(failed_as("States.Timeout", "late"), expected);
        assert_eq!(failed_as("StatesX", "late").0, "StatesX");
    }

    #[test]
    fn a_panic_is_found_at_the_end_of_stderr() {
        let stderr = "debug\nthread 'main' panicked at src/lib.rs:7:5:\nstock is negative";
        let expected = "thread 'main' panicked at src/lib.rs:7:5:\nstock is negative";
        assert_eq!(panic_in(stderr), Some(expected));
        assert_eq!(panic_in(expected), Some(expected));
        assert_eq!(panic_in("all is well"), None);
    }

    #[test]
    fn error_name_and_cause_are_cut_at_their_bounds() {
        let (name, cause) = failed_as(&"n".repeat(256), &"c".repeat(32_768));
        assert_eq!((name.len(), cause.len()), (256, 32_768));
        let (name, cause) = failed_as(&"n".repeat(257), &"c".repeat(32_769));
        assert_eq!((name.len(), cause.len()), (256, 32_768));
        let (_, cause) = failed_as(
            &format!("States.{}", "n".repeat(9_000)),
            &"c".repeat(32_768),
        );
        assert_eq!(cause.len(), 32_768);
    }
}
