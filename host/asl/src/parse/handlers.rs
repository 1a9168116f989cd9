//! `Retry` and `Catch` (ASL.md §4.1, §4.2), and the handlers that no error can reach.

use std::collections::HashMap;
use std::sync::Arc;

use source::{Diagnostic, Span};

use super::context::Context;
use super::fields::{Field, Object, wrong_type};
use super::report::schema;
use super::{assign, jsonata, language, payload};
use crate::{Catcher, Retrier, code, errors, limits, suggest};

const RETRIER: [&str; 7] = [
    "ErrorEquals",
    "IntervalSeconds",
    "MaxAttempts",
    "BackoffRate",
    "MaxDelaySeconds",
    "JitterStrategy",
    "Comment",
];
const CATCHER: [&str; 6] = [
    "ErrorEquals",
    "Next",
    "ResultPath",
    "Output",
    "Assign",
    "Comment",
];

/// `Retry` of a state.
pub(super) fn retry<'a>(state: &Object<'a>, cx: &mut Context<'a>) -> Vec<Retrier> {
    let objects = entries(state, "Retry", cx);
    let last = objects.len();
    let mut names = Vec::new();
    let mut retriers = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        object.only(&RETRIER, "a retrier", &mut cx.report);
        let errors = error_equals(object, index + 1 == last, cx);
        retriers.push(retrier(
            object,
            errors.iter().map(|(name, _)| name.clone()).collect(),
            cx,
        ));
        names.push(errors);
    }
    warn_unreachable(&names, "retrier", cx);
    retriers
}

/// `Catch` of a state. A catcher whose target is missing is left out; that is an error anyway.
pub(super) fn catch<'a>(state: &Object<'a>, cx: &mut Context<'a>) -> Vec<Catcher> {
    let objects = entries(state, "Catch", cx);
    let last = objects.len();
    let mut names = Vec::new();
    let mut catchers = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        language::foreign_fields(object, &[], cx);
        object.only(&CATCHER, "a catcher", &mut cx.report);
        let errors = error_equals(object, index + 1 == last, cx);
        let next = object
            .required("Next", &mut cx.report)
            .and_then(|field| cx.target(&field));
        let result_path = payload::result_path(object, cx);
        let assign = assign::read(object, jsonata::ERROR, cx);
        let output = super::state::output(object, jsonata::ERROR, cx);
        super::state::comment(object, cx);
        if let Some(next) = next {
            let error_equals = errors.iter().map(|(name, _)| name.clone()).collect();
            catchers.push(Catcher {
                error_equals,
                next,
                result_path,
                assign,
                output,
            });
        }
        names.push(errors);
    }
    warn_unreachable(&names, "catcher", cx);
    catchers
}

fn entries<'a>(state: &Object<'a>, name: &str, cx: &mut Context<'a>) -> Vec<Object<'a>> {
    let Some(field) = state.get(name) else {
        return Vec::new();
    };
    let Some(items) = field.items(&mut cx.report) else {
        return Vec::new();
    };
    items
        .into_iter()
        .filter_map(|item| Object::of(item.node, item.location, None, &mut cx.report))
        .collect()
}

fn retrier<'a>(object: &Object<'a>, error_equals: Vec<Arc<str>>, cx: &mut Context<'a>) -> Retrier {
    let integer = |name: &str, least: u64, most: u64, cx: &mut Context<'a>| {
        object
            .get(name)
            .and_then(|field| field.integer(least, most, &mut cx.report))
    };
    // The service takes an interval of 0, whatever its documentation says.
    let interval_seconds = integer("IntervalSeconds", 0, limits::SECONDS_MAX, cx).unwrap_or(1);
    let max_attempts = integer("MaxAttempts", 0, limits::SECONDS_MAX, cx).unwrap_or(3);
    let max_delay_seconds = integer("MaxDelaySeconds", 1, limits::MAX_DELAY_SECONDS_MAX, cx);
    let backoff_rate = object
        .get("BackoffRate")
        .and_then(|field| backoff_rate(&field, cx));
    let jitter = object
        .get("JitterStrategy")
        .and_then(|field| field.word(&["NONE", "FULL"], &mut cx.report));
    super::state::comment(object, cx);
    if let (Some(delay), Some(field)) = (max_delay_seconds, object.get("MaxDelaySeconds"))
        && delay <= interval_seconds
    {
        let mut diagnostic = schema(
            "MaxDelaySeconds must be greater than IntervalSeconds",
            field.node.span,
            &field.location,
        )
        .with_label(format!("not greater than {interval_seconds}"));
        if let Some(interval) = object.get("IntervalSeconds") {
            diagnostic = diagnostic.with_related(interval.node.span, "the interval is here");
        }
        cx.report.push(diagnostic);
    }
    Retrier {
        error_equals,
        interval_seconds,
        max_attempts,
        backoff_rate: backoff_rate.unwrap_or(2.0),
        max_delay_seconds,
        full_jitter: jitter == Some("FULL"),
    }
}

fn backoff_rate(field: &Field<'_>, cx: &mut Context<'_>) -> Option<f64> {
    let Some(rate) = field.node.as_number().and_then(serde_json::Number::as_f64) else {
        cx.report
            .push(wrong_type("Number", field.node, &field.location));
        return None;
    };
    if rate < limits::BACKOFF_RATE_MIN {
        cx.report.push(
            schema("Minimum value is 1.0", field.node.span, &field.location)
                .with_label("out of range"),
        );
        return None;
    }
    Some(rate)
}

/// The names of `ErrorEquals`, each with its place.
fn error_equals<'a>(
    object: &Object<'a>,
    is_last: bool,
    cx: &mut Context<'a>,
) -> Vec<(Arc<str>, Span)> {
    let Some(field) = object.required("ErrorEquals", &mut cx.report) else {
        return Vec::new();
    };
    let Some(items) = field.some_items(&mut cx.report) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for item in &items {
        if let Some(name) = item.string(&mut cx.report) {
            warn_name(name, item, cx);
            names.push((Arc::from(name), item.node.span));
        }
    }
    let all = names.iter().find(|(name, _)| &**name == errors::ALL);
    if let Some((_, span)) = all
        && (!is_last || names.len() > 1)
    {
        let label = match is_last {
            true => "it takes every error, so no other name belongs beside it",
            false => "it takes every error, so nothing after it is ever asked",
        };
        cx.report.push(
            schema(
                "States.ALL must appear alone and at end of list",
                *span,
                &field.location,
            )
            .with_label(label)
            .with_help("give it an entry of its own, the last one"),
        );
    }
    names
}

fn warn_name(name: &str, item: &Field<'_>, cx: &mut Context<'_>) {
    let warn = |message: String, label: &str| {
        Diagnostic::warning(code::ERROR_NEVER_MATCHES, message)
            .with_span(item.node.span)
            .with_location(&item.location)
            .with_label(label)
    };
    if name == errors::RUNTIME {
        cx.report.push(
            warn(
                "States.Runtime is never retried and never caught".to_owned(),
                "this name matches nothing",
            )
            .with_help(
                "such an error is a mistake in the definition or its input; it ends the execution",
            ),
        );
    } else if name.starts_with("States.")
        && !name.starts_with("States.Http.")
        && !errors::RESERVED.contains(&name)
    {
        let diagnostic = warn(
            format!("There is no error of the name {name}"),
            "this name matches nothing",
        );
        cx.report
            .push(match suggest::closest(name, errors::RESERVED) {
                Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
                None => {
                    diagnostic.with_help("names that begin with `States.` are the service's own")
                }
            });
    }
}

/// Warns of an entry all of whose names are taken by entries before it.
fn warn_unreachable(entries: &[Vec<(Arc<str>, Span)>], what: &str, cx: &mut Context<'_>) {
    let mut taken: HashMap<&str, Span> = HashMap::new();
    for names in entries {
        let takers: Option<Vec<(&str, Span)>> =
            names.iter().map(|(name, _)| taker(name, &taken)).collect();
        if let (Some(takers), Some((_, span))) = (takers, names.first())
            && let Some((name, first)) = takers.first()
        {
            let location = cx.location.clone();
            cx.report.push(
                Diagnostic::warning(
                    code::UNREACHABLE_HANDLER,
                    format!(
                        "No error reaches this {what}: entries before it take all of its names"
                    ),
                )
                .with_span(*span)
                .with_location(location)
                .with_label("never asked")
                .with_related(*first, format!("`{name}` is asked first")),
            );
        }
        for (name, span) in names {
            taken.entry(name).or_insert(*span);
        }
    }
}

/// The name that takes `name` before it is asked: itself, or `States.TaskFailed` for one that is not
/// the service's own.
fn taker<'n>(name: &'n str, taken: &HashMap<&'n str, Span>) -> Option<(&'n str, Span)> {
    let stands_for_it = if name.starts_with("States.") {
        name
    } else {
        errors::TASK_FAILED
    };
    [name, stands_for_it]
        .into_iter()
        .find_map(|taker| Some((taker, *taken.get(taker)?)))
}
