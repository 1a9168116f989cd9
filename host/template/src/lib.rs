//! template.yaml (a SAM subset) to typed resources and diagnostics.
