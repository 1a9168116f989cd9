//! Invoke.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use runtime::functions::{Invoke, Invoked};

use super::wire;
use crate::error::ApiError;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "Invoke",
    route: Some("POST /2015-03-31/functions/{FunctionName}/invocations"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let reference = wire::reference(&call.input)?;
    let kind = header(
        &call,
        "x-amz-invocation-type",
        &["RequestResponse", "Event", "DryRun"],
    )?;
    let with_log = header(&call, "x-amz-log-type", &["None", "Tail"])? == "Tail";
    let functions = &call.services.functions;
    let invoke = Invoke {
        name: reference.name,
        qualifier: reference.qualifier,
        payload: call.body.to_vec(),
        request_id: call.request_id.clone(),
    };
    match kind {
        "Event" => {
            functions.invoke_later(invoke).await?;
            Ok(empty(202))
        }
        "DryRun" => {
            functions.invoke_dry(&invoke)?;
            Ok(empty(204))
        }
        _ => Ok(answered(functions.invoke(invoke).await?, with_log)),
    }
}

/// One of these texts; the first when the header is not there.
fn header<'a>(call: &Call, name: &str, choices: &[&'a str]) -> Result<&'a str, ApiError> {
    let given = call.headers.get(name);
    let found = match given {
        None => choices.first(),
        Some(given) => choices.iter().find(|choice| *choice == given),
    };
    found.copied().ok_or_else(|| {
        let given: String = given.map_or("", String::as_str).chars().take(64).collect();
        ApiError::validation(format!(
            "1 validation error detected: Value '{given}' at '{name}' failed to satisfy constraint: Member must satisfy enum value set: [{}]",
            choices.join(", ")
        ))
    })
}

fn answered(invoked: Invoked, with_log: bool) -> Reply {
    let mut headers = vec![
        ("content-type", "application/json".to_owned()),
        ("x-amz-executed-version", invoked.version.to_string()),
    ];
    if invoked.is_failure {
        headers.push(("x-amz-function-error", "Unhandled".to_owned()));
    }
    if with_log {
        headers.push(("x-amz-log-result", STANDARD.encode(&invoked.log_tail)));
    }
    Reply::Raw {
        status: 200,
        headers,
        body: Bytes::from(invoked.payload),
    }
}

fn empty(status: u16) -> Reply {
    Reply::Raw {
        status,
        headers: Vec::new(),
        body: Bytes::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invoked(is_failure: bool) -> Invoked {
        Invoked {
            version: "7".into(),
            payload: "{}".to_owned(),
            is_failure,
            log_tail: "END\n".to_owned(),
        }
    }

    fn headers(reply: Reply) -> Vec<(&'static str, String)> {
        match reply {
            Reply::Raw { headers, .. } => headers,
            Reply::Json(_) => panic!("raw"),
        }
    }

    #[test]
    fn a_failure_is_told_in_a_header_and_the_log_when_it_is_asked_for() {
        let names =
            |reply| -> Vec<&str> { headers(reply).into_iter().map(|(name, _)| name).collect() };
        let always = ["content-type", "x-amz-executed-version"];
        assert_eq!(names(answered(invoked(false), false)), always);
        let failed = headers(answered(invoked(true), true));
        assert!(failed.contains(&("x-amz-function-error", "Unhandled".to_owned())));
        assert!(failed.contains(&("x-amz-log-result", "RU5ECg==".to_owned())));
    }
}
