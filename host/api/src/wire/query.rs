//! The Query protocol, which SQS spoke before 2023: recognised, so that its clients are told in a form
//! they read that they have to speak JSON.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue};
use http_body_util::Full;

use super::answer::{Answer, set_status};
use crate::error::ApiError;

/// Whether a request is of this protocol.
pub(super) fn is_content_type(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let form = b"application/x-www-form-urlencoded";
    let given = value.unwrap_or_default().get(..form.len());
    given.is_some_and(|given| given.eq_ignore_ascii_case(form))
}

/// Why it is refused.
pub(super) fn refused() -> ApiError {
    ApiError::new(
        "InvalidAction",
        "This endpoint speaks AWS's JSON protocols, not the Query protocol. Of SQS, use a client of \
         2023-11 or later; there are no other services of the Query protocol here.",
    )
}

/// An error as XML. Codes and messages for this protocol are ours, but a message may quote the request.
pub(super) fn failure(error: &ApiError) -> Answer {
    let fault = if error.status < 500 {
        "Sender"
    } else {
        "Receiver"
    };
    let message = escaped(&error.message);
    let body = format!(
        "<?xml version=\"1.0\"?><ErrorResponse><Error><Type>{fault}</Type><Code>{}</Code>\
         <Message>{message}</Message></Error></ErrorResponse>",
        error.code
    );
    let mut answer = Answer::new(Full::new(Bytes::from(body)));
    set_status(&mut answer, error.status);
    let media = HeaderValue::from_static("text/xml");
    answer.headers_mut().insert(CONTENT_TYPE, media);
    answer
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
