//! Whole-system tests live in `tests/`; see CONTRIBUTING.md.
