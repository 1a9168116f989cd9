//! Text of a definition or template to a tree with spans; diagnostics and their rendering.
