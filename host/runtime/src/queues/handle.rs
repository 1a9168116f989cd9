//! Receipt handles: opaque to clients; another one for each time a message is received.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::error::QueueError;
use super::queue::Queue;

/// What a handle says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Handle {
    /// Which message.
    pub(super) number: u64,
    /// How often it had been received then.
    pub(super) receive_count: u32,
}

impl Queue {
    pub(super) fn handle(&self, handle: Handle) -> String {
        let Handle {
            number,
            receive_count,
        } = handle;
        STANDARD.encode(format!("1/{}/{number}/{receive_count}", self.id))
    }

    pub(super) fn read_handle(&self, text: &str) -> Result<Handle, QueueError> {
        self.read(text)
            .ok_or_else(|| QueueError::ReceiptHandleIsInvalid(text.to_owned()))
    }

    fn read(&self, text: &str) -> Option<Handle> {
        let text = String::from_utf8(STANDARD.decode(text).ok()?).ok()?;
        let mut parts = text.split('/');
        if parts.next()? != "1" || parts.next()? != &*self.id {
            return None;
        }
        let handle = Handle {
            number: parts.next()?.parse().ok()?,
            receive_count: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(handle)
    }
}
