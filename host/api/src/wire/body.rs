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
    /// length is told; a part of it is still taken off the line, so that the client gets to read why.
    pub(super) async fn read(
        &self,
        head: &Parts,
        body: Incoming,
        operation: &str,
        bytes_max: usize,
    ) -> Result<Body, ApiError> {
        match timeout(self.wait, self.take(head, body, bytes_max)).await {
            Ok(Ok(body)) => Ok(body),
            Ok(Err(Trouble::TooLong)) => Err(too_long(operation, bytes_max)),
            Ok(Err(Trouble::Broken)) => Err(ApiError::new(
                "SerializationException",
                "The body ended before it was complete.",
            )),
            Err(_elapsed) => Err(ApiError::new(
                "RequestTimeoutException",
                "The body did not come in time.",
            )
            .with_status(408)),
        }
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
            discard(&mut body).await;
            return Err(Trouble::TooLong);
        }
        // A body of unknown length has to be given room for the longest.
        let place = self.place(told.unwrap_or(bytes_max)).await?;
        let mut taken = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| Trouble::Broken)?;
            let Ok(data) = frame.into_data() else {
                continue;
            };
            if taken.len().saturating_add(data.len()) > bytes_max {
                drop(taken);
                discard(&mut body).await;
                return Err(Trouble::TooLong);
            }
            taken.extend_from_slice(&data);
        }
        Ok(Body {
            bytes: taken.freeze(),
            _place: Some(place),
        })
    }

    async fn place(&self, bytes: usize) -> Result<OwnedSemaphorePermit, Trouble> {
        let units = u32::try_from(bytes.div_ceil(UNIT_BYTES)).unwrap_or(u32::MAX);
        let permit = self.units.clone().acquire_many_owned(units).await;
        permit.map_err(|_closed| Trouble::Broken)
    }
}

enum Trouble {
    TooLong,
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

async fn discard(body: &mut Incoming) {
    let mut left = limits::REFUSED_BODY_BYTES_MAX;
    while let Some(Ok(frame)) = body.frame().await {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        let Some(rest) = left.checked_sub(bytes) else {
            return;
        };
        left = rest;
    }
}

fn too_long(operation: &str, bytes_max: usize) -> ApiError {
    let text =
        format!("Request must be smaller than {bytes_max} bytes for the {operation} operation");
    ApiError::new("RequestEntityTooLargeException", text).with_status(413)
}
