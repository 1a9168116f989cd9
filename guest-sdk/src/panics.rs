//! A panic ends the instance; what it said must get out before.
//!
//! The line goes to standard error, whose tail the host puts into the state's Cause. It does not go
//! to the log as well: then every component would import the log, whether or not it writes to it.

use std::io::{self, Write};
use std::panic;

/// From now on a panic writes one line, its message and its place, and no advice about backtraces
/// that a guest does not have.
pub(crate) fn tell_on_stderr() {
    panic::set_hook(Box::new(|info| {
        // Nothing can be done about a standard error that takes no more.
        let _ = writeln!(io::stderr(), "{}", line(info));
    }));
}

fn line(info: &panic::PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("(no message)");
    match info.location() {
        Some(place) => format!("the task panicked at {place}: {message}"),
        None => format!("the task panicked: {message}"),
    }
}
