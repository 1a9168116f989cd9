//! Answers: an operation's reply or an error, in the form of its service's protocol.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use http_body_util::Full;

use super::{awsjson, query, restjson};
use crate::error::ApiError;
use crate::operation::{Protocol, Reply};

/// An answer; its body is all there.
pub(super) type Answer = Response<Full<Bytes>>;

/// The form of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// AWS JSON of this version.
    AwsJson(&'static str),
    /// REST-JSON.
    RestJson,
    /// XML, for errors only.
    Query,
}

impl From<Protocol> for Form {
    fn from(protocol: Protocol) -> Form {
        match protocol {
            Protocol::AwsJson { version, .. } => Form::AwsJson(version),
            Protocol::RestJson => Form::RestJson,
        }
    }
}

impl Form {
    /// What an operation gave.
    pub(super) fn reply(self, reply: Reply) -> Answer {
        match (reply, self) {
            (Reply::Json(value), Form::AwsJson(version)) => awsjson::output(version, &value),
            (Reply::Json(value), Form::RestJson | Form::Query) => restjson::output(&value),
            (
                Reply::Raw {
                    status,
                    headers,
                    body,
                },
                _,
            ) => raw(status, headers, body),
        }
    }

    /// Why nothing was given.
    pub(super) fn failure(self, error: &ApiError) -> Answer {
        match self {
            Form::AwsJson(version) => awsjson::failure(version, error),
            Form::RestJson => restjson::failure(error),
            Form::Query => query::failure(error),
        }
    }
}

/// Plain text.
pub(super) fn text(status: u16, text: &'static str) -> Answer {
    raw(status, Vec::new(), Bytes::from_static(text.as_bytes()))
}

/// Sets a status; one that is none is the host's own fault.
pub(super) fn set_status(answer: &mut Answer, status: u16) {
    *answer.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
}

/// A header whose value cannot be one is left out: it is a text of a user's, and the answer is worth
/// more than it.
fn raw(status: u16, headers: Vec<(&'static str, String)>, body: Bytes) -> Answer {
    let mut answer = Answer::new(Full::new(body));
    set_status(&mut answer, status);
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
            answer.headers_mut().append(name, value);
        }
    }
    answer
}
