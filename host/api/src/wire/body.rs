//! Reading bodies: none longer than its operation takes, not all together more than the server has room
//! for, none for ever.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::ApiError;
use crate::limits;

/// Room is given in units of so many bytes: a semaphore counts to 2^32 at once.
const UNIT_BYTES: usize = 1_024;

/// The room for all bodies.
#[derive(Debug)]
pub(super) struct Room {
    units: Arc<Semaphore>,
    wait: Duration,
}

/// A body, and its place in the room while it is used.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) bytes: Bytes,
    _place: Option<OwnedSemaphorePermit>,
}

impl Room {
    pub(super) fn new(bytes_max: usize, wait_ms: u64) -> Room {
        Room {
            units: Arc::new(Semaphore::new(bytes_max.div_ceil(UNIT_BYTES))),
            wait: Duration::from_millis(wait_ms),
        }
    }

    /// Reads a body of no more than `bytes_max`. What is longer is refused before it is read where its
    /// length is told.
    pub(super) async fn read(
        &self,
        head: &Parts,
        body: Incoming,
        operation: &str,
        bytes_max: usize,
    ) -> Result<Body, ApiError> {
        let taken = self.take(head, body, bytes_max).await;
        taken.map_err(|trouble| match trouble {
            Trouble::TooLong => too_long(operation, bytes_max),
            Trouble::NoRoom => {
                let text = "The server has too many requests under way. Try again.";
                ApiError::new("ServiceUnavailableException", text).with_status(503)
            }
            Trouble::Late => {
                let text = "The body did not come in time.";
                ApiError::new("RequestTimeoutException", text).with_status(408)
            }
            Trouble::Broken => {
                let text = "The body ended before it was complete.";
                ApiError::new("SerializationException", text)
            }
        })
    }

    async fn take(
        &self,
        head: &Parts,
        mut body: Incoming,
        bytes_max: usize,
    ) -> Result<Body, Trouble> {
        let told = told_length(head);
        if told == Some(0) {
            return Ok(Body {
                bytes: Bytes::new(),
                _place: None,
            });
        }
        if told.is_some_and(|told| told > bytes_max) {
            self.discard(&mut body).await;
            return Err(Trouble::TooLong);
        }
        // A body of unknown length has to be given room for the longest.
        let place = self.place(told.unwrap_or(bytes_max)).await?;
        let collected = timeout(self.wait, collect(&mut body, bytes_max)).await;
        match collected.unwrap_or(Err(Trouble::Late)) {
            Ok(bytes) => Ok(Body {
                bytes,
                _place: Some(place),
            }),
            Err(trouble) => {
                if matches!(trouble, Trouble::TooLong) {
                    self.discard(&mut body).await;
                }
                Err(trouble)
            }
        }
    }

    async fn place(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Trouble> {
        let units = u32::try_from(bytes.div_ceil(UNIT_BYTES)).unwrap_or(u32::MAX);
        let waiting = self.units.clone().acquire_many_owned(units);
        match timeout(self.wait, waiting).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Trouble::NoRoom),
        }
    }

    /// Takes what is still to come off the line, or as much of it as is reasonable, so that a client
    /// which sends all of it before it listens gets to read its answer.
    pub(super) async fn discard(&self, body: &mut Incoming) {
        let mut left = limits::REFUSED_BODY_BYTES_MAX;
        let discarding = async {
            while let Some(Ok(frame)) = body.frame().await {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                match left.checked_sub(bytes) {
                    Some(rest) => left = rest,
                    None => return,
                }
            }
        };
        // Late or done: it is refused either way.
        let _ = timeout(self.wait, discarding).await;
    }
}

async fn collect(body: &mut Incoming, bytes_max: usize) -> Result<Bytes, Trouble> {
    let mut taken = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Trouble::Broken)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if taken.len().saturating_add(data.len()) > bytes_max {
            return Err(Trouble::TooLong);
        }
        taken.extend_from_slice(&data);
    }
    Ok(taken.freeze())
}

enum Trouble {
    TooLong,
    NoRoom,
    Late,
    Broken,
}

fn told_length(head: &Parts) -> Option<usize> {
    let value = head.headers.get(CONTENT_LENGTH);
    let chunked = head.headers.contains_key(http::header::TRANSFER_ENCODING);
    match value {
        Some(value) => value.to_str().ok()?.trim().parse().ok(),
        // Neither of them: there is no body.
        None => (!chunked).then_some(0),
    }
}

fn too_long(operation: &str, bytes_max: usize) -> ApiError {
    let text =
        format!("Request must be smaller than {bytes_max} bytes for the {operation} operation");
    ApiError::new("RequestEntityTooLargeException", text).with_status(413)
}
