//! Tests of the crate through its public interface, a file per topic.

#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a check that fails says so by panicking"
)]

extern crate stepwell_asl as asl;

mod choice;
mod diagnostics;
mod hostile;
mod machine;
mod references;
mod service;

use asl::StateMachine;
use source::Format;

/// Reads a definition that has to be good, without even a warning.
fn good(text: &str) -> StateMachine {
    let parsed = asl::parse(text, Format::guess(None, text));
    let picture = source::render("definition", text, &parsed.diagnostics, false);
    assert_eq!(picture, "", "{text}");
    match parsed.machine {
        Some(machine) => machine,
        None => panic!("no diagnostics and no machine: {text}"),
    }
}

/// The state of this name.
fn state<'m>(machine: &'m StateMachine, name: &str) -> &'m asl::State {
    match machine.states.iter().find(|state| &*state.name == name) {
        Some(state) => state,
        None => panic!("no state {name}"),
    }
}
