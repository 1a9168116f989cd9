//! Task.

use source::Diagnostic;

use super::context::Context;
use super::fields::{Field, Object};
use super::report::schema;
use super::{jsonata, payload, state};
use crate::arn::{self, ArnError};
use crate::{Number, Resource, Task, code};

pub(super) fn read<'a>(object: &Object<'a>, cx: &mut Context<'a>) -> Option<Task> {
    let resource = object
        .required("Resource", &mut cx.report)
        .and_then(|field| resource(&field, cx));
    let timeout_seconds = state::number(object, ["TimeoutSeconds", "TimeoutSecondsPath"], 1, cx);
    let heartbeat_seconds =
        state::number(object, ["HeartbeatSeconds", "HeartbeatSecondsPath"], 1, cx);
    check_heartbeat(object, &timeout_seconds, &heartbeat_seconds, cx);
    if cx.is_pedantic && !object.has("TimeoutSeconds") && !object.has("TimeoutSecondsPath") {
        cx.report.push(
            Diagnostic::warning(code::NO_TIMEOUT, "This Task may run for three years")
                .with_span(object.anchor)
                .with_location(&object.location)
                .with_label("no `TimeoutSeconds`"),
        );
    }
    let credentials = object.get("Credentials").and_then(|field| {
        let credentials = field.object(&mut cx.report)?;
        if !credentials.has("RoleArn") && !credentials.has("RoleArn.$") {
            cx.report.push(schema(
                "The field 'RoleArn' is required but was missing",
                field.node.span,
                &field.location,
            ));
            return None;
        }
        credentials.only(&["RoleArn", "RoleArn.$"], "Credentials", &mut cx.report);
        payload::payload(&field, jsonata::ENTRY, cx)
    });
    let flow = state::flow(object, true, cx);
    Some(Task {
        resource: resource?,
        flow: flow?,
        timeout_seconds,
        heartbeat_seconds,
        credentials,
    })
}

fn resource<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Resource> {
    let text = field.string(&mut cx.report)?;
    // A template's function in the place of a value is reported as such.
    if field.node.tag.is_some() {
        return None;
    }
    let error = match arn::parse(text) {
        Ok(resource) => return Some(resource),
        Err(error) => error,
    };
    let diagnostic = schema(error.to_string(), field.node.span, &field.location);
    let diagnostic = match error {
        ArnError::NotAnArn { reason } => {
            let help = if text.contains("${") {
                "`${…}` is replaced when the definition is deployed with a template; here its value is missing"
            } else if text.starts_with('$') || text.starts_with("{%") {
                "`Resource` is written out; it cannot be computed"
            } else {
                "for example arn:aws:lambda:us-east-1:123456789012:function:NAME"
            };
            diagnostic.with_label(reason).with_help(help)
        }
        ArnError::NotRecognized {
            reason, suggestion, ..
        } => {
            let diagnostic = diagnostic.with_label(reason);
            match suggestion {
                Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
                None => diagnostic,
            }
        }
    };
    cx.report.push(diagnostic);
    None
}

fn check_heartbeat<'a>(
    object: &Object<'a>,
    timeout: &Option<Number>,
    heartbeat: &Option<Number>,
    cx: &mut Context<'a>,
) {
    let (Some(Number::Literal(timeout)), Some(Number::Literal(heartbeat))) = (timeout, heartbeat)
    else {
        return;
    };
    let (Some(timeout_field), Some(field)) =
        (object.get("TimeoutSeconds"), object.get("HeartbeatSeconds"))
    else {
        return;
    };
    if heartbeat >= timeout {
        cx.report.push(
            schema(
                "HeartbeatSeconds must be smaller than TimeoutSeconds",
                field.node.span,
                &field.location,
            )
            .with_label(format!("not smaller than {timeout}"))
            .with_related(timeout_field.node.span, "the time limit is here"),
        );
    }
}
