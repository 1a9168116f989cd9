//! Sockets and connections: who may connect, how long they may take, how it all ends.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::backend::Backend;
use super::body::Room;
use super::config::{Auth, Config};
use super::patience::Patient;
use super::request::Shared;
use super::sigv4::SigningKeys;
use super::throttle::Throttle;
use crate::limits::ACCEPT_PAUSE_MS;

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    local_addr: SocketAddr,
    shared: Arc<Shared>,
}

/// Why a server does not listen.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Others could reach it, and nobody would ask them who they are.
    #[error(
        "{0} can be reached from other machines: without authentication only loopback addresses are served"
    )]
    Exposed(SocketAddr),
    /// The address cannot be had.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

impl Server {
    /// Listens. Connections are taken from now on, and served once it runs.
    ///
    /// # Errors
    /// [`BindError`].
    pub async fn bind<B: Backend>(config: Config, backend: Arc<B>) -> Result<Server, BindError> {
        let address = config.listen;
        if config.auth == Auth::Off && !address.ip().to_canonical().is_loopback() {
            return Err(BindError::Exposed(address));
        }
        let refused = |source| BindError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(refused)?;
        let local_addr = listener.local_addr().map_err(refused)?;
        let shared = Arc::new(Shared {
            throttle: Throttle::new(config.limits.rates),
            derived: SigningKeys::default(),
            room: Room::new(config.limits.bodies_bytes_max, config.limits.body_wait_ms),
            config,
            backend,
            address: local_addr.to_string(),
        });
        Ok(Server {
            listener,
            local_addr,
            shared,
        })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Serves until `shutdown`; then takes no more connections, lets the requests that are under way
    /// end, closes what takes longer than the limit, and returns.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let limits = self.shared.config.limits;
        let places = Arc::new(Semaphore::new(limits.connections_max));
        let graceful = GracefulShutdown::new();
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => break,
                Some(_ended) = connections.join_next() => continue,
                accepted = self.listener.accept() => accepted,
            };
            let Ok((stream, _peer)) = accepted else {
                let pause = Duration::from_millis(ACCEPT_PAUSE_MS);
                if timeout(pause, &mut shutdown).await.is_ok() {
                    break;
                }
                continue;
            };
            match places.clone().try_acquire_owned() {
                Ok(place) => {
                    let served = serve(stream, self.shared.clone(), place, &graceful);
                    connections.spawn(served);
                }
                Err(_full) => refuse(&stream),
            }
        }
        drop(self.listener);
        let drained = graceful.shutdown();
        // What is still there after the limit is cut off with the set of tasks.
        let _ = timeout(Duration::from_millis(limits.drain_ms), drained).await;
    }
}

/// Serves a connection to its end.
fn serve(
    stream: TcpStream,
    shared: Arc<Shared>,
    place: OwnedSemaphorePermit,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + use<> {
    // Answers are written whole; waiting for more to send only delays them. Not vital.
    let _ = stream.set_nodelay(true);
    let limits = shared.config.limits;
    let stream = Patient::new(stream, Duration::from_millis(limits.write_wait_ms));
    let answering = service_fn(move |request| {
        let answer = shared.clone().answer(request);
        async move { Ok::<_, Infallible>(answer.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_millis(limits.head_wait_ms))
        .max_header_size(limits.head_bytes_max)
        .serve_connection(TokioIo::new(stream), answering);
    let watched = graceful.watch(connection);
    async move {
        // A connection that broke concerns nobody but its client.
        let _ = watched.await;
        drop(place);
    }
}

/// Says that there is no room, if that can be said at once.
fn refuse(stream: &TcpStream) {
    let _ = stream.try_write(
        b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
}
