//! The `task` attribute.
