//! The server over real sockets, with operations of the tests' own.

mod harness;
mod http;
