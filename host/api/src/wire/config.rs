//! How the server listens, and how much it bears.

use std::net::{Ipv4Addr, SocketAddr};

use super::throttle::Rates;
use crate::limits;

/// How the server works.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens; port 0: any that is free.
    pub listen: SocketAddr,
    /// Whether requests have to be signed.
    pub auth: Auth,
    /// Without signatures: names besides `localhost` by which clients may address the server.
    pub hosts: Vec<String>,
    /// How much it bears.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8085)),
            auth: Auth::Required,
            hosts: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// Whether requests have to be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// By a key that may do what is asked.
    Required,
    /// No: whoever reaches the server may do everything. On loopback only.
    Off,
}

/// How much the server bears. The defaults are in [`limits`](crate::limits), with their reasons.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// See [`limits::CONNECTIONS_MAX`].
    pub connections_max: usize,
    /// See [`limits::HEAD_BYTES_MAX`].
    pub head_bytes_max: usize,
    /// See [`limits::HEAD_WAIT_MS`].
    pub head_wait_ms: u64,
    /// See [`limits::BODY_WAIT_MS`].
    pub body_wait_ms: u64,
    /// See [`limits::WRITE_WAIT_MS`].
    pub write_wait_ms: u64,
    /// See [`limits::DRAIN_MS`].
    pub drain_ms: u64,
    /// See [`limits::BODIES_BYTES_MAX`].
    pub bodies_bytes_max: usize,
    /// How fast one key may ask for what.
    pub rates: Rates,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections_max: limits::CONNECTIONS_MAX,
            head_bytes_max: limits::HEAD_BYTES_MAX,
            head_wait_ms: limits::HEAD_WAIT_MS,
            body_wait_ms: limits::BODY_WAIT_MS,
            write_wait_ms: limits::WRITE_WAIT_MS,
            drain_ms: limits::DRAIN_MS,
            bodies_bytes_max: limits::BODIES_BYTES_MAX,
            rates: Rates::default(),
        }
    }
}
