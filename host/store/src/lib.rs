//! The Store trait and its implementations.
