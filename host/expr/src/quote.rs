//! Data as an error text quotes it.

use std::borrow::Cow;

use crate::limits;

/// The text, or its beginning and an ellipsis when it is longer than
/// [`limits::QUOTED_INPUT_BYTES_MAX`].
pub(crate) fn shortened(text: &str) -> Cow<'_, str> {
    if text.len() <= limits::QUOTED_INPUT_BYTES_MAX {
        return Cow::Borrowed(text);
    }
    let end = text.floor_char_boundary(limits::QUOTED_INPUT_BYTES_MAX);
    Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default()))
}
