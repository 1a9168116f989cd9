//! The execution state machine: pure decide and apply over events.
