//! The AWS wire shapes.
