//! Which operation a request is for, and with which input: pure functions of its head and body.
//!
//! | the head has | the operation is |
//! |---|---|
//! | `X-Amz-Target` | the one that it names, whatever the Host says (SDKs put `sync-` before it) |
//! | no target, a credential scope | of the service in the scope: by its path, if it speaks REST |
//! | neither | that of the first REST service with such a path |

use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Method};
use serde_json::{Map, Value};

use super::answer::Form;
use super::{awsjson, pattern, query, restjson};
use crate::error::ApiError;
use crate::limits;
use crate::operation::{Operation, Protocol, Service};

/// Why a request goes no further, and the form in which its sender reads that.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The form of the answer.
    pub form: Form,
    /// What it says.
    pub error: Box<ApiError>,
}

impl Refusal {
    pub(super) fn new(form: Form, error: ApiError) -> Refusal {
        let error = Box::new(error);
        Refusal { form, error }
    }
}

/// What a request asks for.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// The service.
    pub service: &'static Service,
    /// The operation.
    pub operation: &'static Operation,
    /// Its input: an object.
    pub input: Value,
}

/// What a request asks for, as far as its head says.
#[derive(Clone, Debug)]
pub(super) struct Routed {
    pub(super) service: &'static Service,
    pub(super) operation: &'static Operation,
    /// The members of the input in path and query.
    members: Map<String, Value>,
}

/// Which operation of these services a request is for, and its input.
///
/// # Errors
/// [`Refusal`], in the form of the service that was addressed, as far as it is known.
pub fn decode(services: &'static [Service], head: &Parts, body: &[u8]) -> Result<Decoded, Refusal> {
    let routed = route(services, head)?;
    let input = routed.input(body)?;
    Ok(Decoded {
        service: routed.service,
        operation: routed.operation,
        input,
    })
}

impl Routed {
    pub(super) fn form(&self) -> Form {
        self.service.protocol.into()
    }

    /// A refusal in the form of this service.
    pub(super) fn refuse(&self, error: ApiError) -> Refusal {
        Refusal::new(self.form(), error)
    }

    /// How long a body may be (bytes).
    pub(super) fn body_bytes_max(&self) -> usize {
        match self.service.protocol {
            Protocol::AwsJson { .. } => limits::BODY_BYTES_MAX,
            Protocol::RestJson => restjson::body_bytes_max(self.operation.name),
        }
    }

    /// The input, with the members of the body.
    pub(super) fn input(&self, body: &[u8]) -> Result<Value, Refusal> {
        let members = match self.service.protocol {
            Protocol::AwsJson { .. } => awsjson::input(body),
            Protocol::RestJson => restjson::input(self.operation.name, &self.members, body),
        };
        members
            .map(Value::Object)
            .map_err(|error| self.refuse(error))
    }
}

/// Which operation a request is for.
pub(super) fn route(services: &'static [Service], head: &Parts) -> Result<Routed, Refusal> {
    let mut targets = head.headers.get_all("x-amz-target").iter();
    match (targets.next(), targets.next()) {
        (Some(target), None) => by_target(services, head, target.to_str().unwrap_or_default()),
        // Which of them was meant is anybody's guess.
        (Some(_), Some(_)) => Err(unknown(Form::AwsJson("1.0"), 400, "more than one target")),
        (None, _) => match scope_service(services, &head.headers) {
            Some(service) => without_target(service, head),
            None => by_path(services, head),
        },
    }
}

fn by_target(services: &'static [Service], head: &Parts, target: &str) -> Result<Routed, Refusal> {
    let (prefix, name) = target.split_once('.').unwrap_or((target, ""));
    let mut services = services.iter();
    let Some(service) = services.find(|service| match service.protocol {
        Protocol::AwsJson { target_prefix, .. } => target_prefix == prefix,
        Protocol::RestJson => false,
    }) else {
        return Err(unknown(Form::AwsJson("1.0"), 400, "no such service here"));
    };
    let form = Form::from(service.protocol);
    if head.method != Method::POST || head.uri.path() != "/" {
        return Err(unknown(form, 404, "operations of this service are POST /"));
    }
    if !awsjson::is_content_type(&head.headers) {
        let reason = "the content type has to be application/x-amz-json-1.0 or -1.1";
        return Err(unknown(form, 404, reason));
    }
    let mut named = service.operations.iter();
    match named.find(|operation| operation.name == name) {
        Some(operation) => Ok(Routed {
            service,
            operation,
            members: Map::new(),
        }),
        None => Err(unknown(form, 400, "no such operation here")),
    }
}

fn without_target(service: &'static Service, head: &Parts) -> Result<Routed, Refusal> {
    match service.protocol {
        Protocol::RestJson => in_service(service, head).unwrap_or_else(|| {
            let reason = "no such method and path here";
            Err(unknown(Form::RestJson, 404, reason))
        }),
        Protocol::AwsJson { .. } if query::is_content_type(&head.headers) => {
            Err(Refusal::new(Form::Query, query::refused()))
        }
        Protocol::AwsJson { version, .. } => {
            Err(unknown(Form::AwsJson(version), 404, "no X-Amz-Target"))
        }
    }
}

fn by_path(services: &'static [Service], head: &Parts) -> Result<Routed, Refusal> {
    let mut found = services
        .iter()
        .filter_map(|service| in_service(service, head));
    found.next().unwrap_or_else(|| {
        if query::is_content_type(&head.headers) {
            return Err(Refusal::new(Form::Query, query::refused()));
        }
        let reason = "no X-Amz-Target, and no such method and path here";
        Err(unknown(Form::AwsJson("1.0"), 404, reason))
    })
}

/// The operation of a REST service with this method and path.
fn in_service(service: &'static Service, head: &Parts) -> Option<Result<Routed, Refusal>> {
    if service.protocol != Protocol::RestJson {
        return None;
    }
    let (method, path) = (head.method.as_str(), head.uri.path());
    let mut matching = service.operations.iter().filter_map(|operation| {
        let members = pattern::matches(operation.route?, method, path)?;
        Some((operation, members))
    });
    let (operation, members) = matching.next()?;
    let query = pattern::query_members(head.uri.query().unwrap_or_default());
    let (Ok(mut members), Ok(query)) = (members, query) else {
        let text = "Path and query string have to be percent-encoded UTF-8.";
        let error = ApiError::new("SerializationException", text);
        return Some(Err(Refusal::new(Form::RestJson, error)));
    };
    // The path says which resource is meant; nothing else may.
    for (name, value) in query {
        members.entry(name).or_insert(value);
    }
    Some(Ok(Routed {
        service,
        operation,
        members,
    }))
}

/// The service in the credential scope, whether or not the signature is right:
/// `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
fn scope_service(services: &'static [Service], headers: &HeaderMap) -> Option<&'static Service> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (_, credential) = value.split_once("Credential=")?;
    let scope = credential.split(',').next()?;
    let name = scope.split('/').nth(3)?;
    services.iter().find(|service| service.name == name)
}

fn unknown(form: Form, status: u16, reason: &str) -> Refusal {
    let error = ApiError::new("UnknownOperationException", reason).with_status(status);
    Refusal::new(form, error)
}
