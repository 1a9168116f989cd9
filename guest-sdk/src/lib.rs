//! The task SDK.
