//! Every limit of this crate, with its unit and where it comes from.

/// Bytes of cargo's diagnostics that an error carries. Ours: some hundred screens of errors, and a
/// macro that explodes cannot fill the memory of whoever prints them.
pub const DIAGNOSTICS_BYTES_MAX: usize = 256 * 1024;

/// Lines that may wait between cargo's output and whoever reads the progress. Ours: cargo then
/// waits on its pipe, which is what a pipe is for.
pub(crate) const WAITING_LINES_MAX: usize = 1024;
