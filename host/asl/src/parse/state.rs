//! One state: its type, the fields that all types share, and the plain types. Each other type has a
//! file of its own.

use std::sync::Arc;

use expr::jsonata::{Available, JsonataTemplate};
use source::{Diagnostic, Kind};

use super::context::Context;
use super::declare::DeclaredState;
use super::fields::{Field, Object};
use super::report::schema;
use super::{assign, choices, containers, handlers, jsonata, language, matrix, payload, task};
use crate::{
    Fail, Number, Pass, PathField, QueryLanguage, ResultFlow, ResultPath, State, StateId,
    StateKind, Text, Transition, Wait, WaitUntil, code, limits, timestamp,
};

/// Reads a state. `None`: it has errors and cannot be made into one; they are reported.
pub(super) fn read<'a>(
    id: StateId,
    declared: &DeclaredState<'a>,
    language: QueryLanguage,
    cx: &mut Context<'a>,
) -> Option<State> {
    let (node, location) = (declared.node, declared.location.clone());
    let Some(state) = Object::of(node, location, Some(declared.name_span), &mut cx.report) else {
        cx.torn.insert(declared.scope);
        return None;
    };
    let kind = state_type(&state, cx);
    let language = language::read(&state, language, cx);
    cx.language = language;
    let comment = comment(&state, cx);
    let Some(kind) = kind else {
        // Nothing can be said of its fields, but where it goes is the same in all types.
        note_transitions(&state, cx);
        return None;
    };
    matrix::check(&state, kind, cx);
    let kind = match kind {
        "Task" => task::read(&state, cx).map(|task| StateKind::Task(Box::new(task))),
        "Pass" => pass(&state, cx).map(|pass| StateKind::Pass(Box::new(pass))),
        "Choice" => choices::read(&state, cx).map(StateKind::Choice),
        "Wait" => wait(&state, cx).map(StateKind::Wait),
        "Parallel" => containers::parallel(&state, &declared.inner, cx)
            .map(|parallel| StateKind::Parallel(Box::new(parallel))),
        "Map" => {
            containers::map(&state, &declared.inner, cx).map(|map| StateKind::Map(Box::new(map)))
        }
        "Fail" => Some(StateKind::Fail(fail(&state, cx))),
        _ => {
            may_end(id, cx);
            Some(StateKind::Succeed)
        }
    };
    let is_fail = matches!(kind, Some(StateKind::Fail(_)));
    let takes_assign = !is_fail && !matches!(kind, Some(StateKind::Succeed));
    let is_jsonata = language == QueryLanguage::Jsonata;
    let (input_path, output_path) = match is_fail || is_jsonata {
        true => (PathField::Whole, PathField::Whole),
        false => (
            payload::path_field(&state, "InputPath", cx),
            payload::path_field(&state, "OutputPath", cx),
        ),
    };
    // A result is there where something was waited for.
    let available = match kind {
        Some(StateKind::Task(_) | StateKind::Parallel(_) | StateKind::Map(_)) => jsonata::RESULT,
        _ => jsonata::ENTRY,
    };
    let assign = match takes_assign {
        true => assign::read(&state, available, cx),
        false => None,
    };
    let output = match is_fail {
        true => None,
        false => output(&state, available, cx),
    };
    Some(State {
        id,
        name: Arc::from(declared.name),
        scope: declared.scope,
        comment,
        language,
        input_path,
        output_path,
        output,
        assign,
        kind: kind?,
    })
}

fn state_type<'a>(state: &Object<'a>, cx: &mut Context<'a>) -> Option<&'static str> {
    let field = state.required("Type", &mut cx.report)?;
    let text = field.node.as_str().unwrap_or_default();
    let found = matrix::TYPES.into_iter().find(|kind| *kind == text);
    if found.is_none() {
        let message = format!(
            "The field 'Type' should have one of these values: [{}]",
            matrix::TYPES.join(", ")
        );
        let diagnostic = schema(message, field.node.span, &field.location);
        cx.report
            .push(match crate::suggest::closest(text, matrix::TYPES) {
                Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
                None => diagnostic,
            });
    }
    found
}

/// `Comment`, which any object of the definition may have.
pub(super) fn comment<'a>(object: &Object<'a>, cx: &mut Context<'a>) -> Option<String> {
    object
        .get("Comment")
        .and_then(|field| field.string(&mut cx.report))
        .map(str::to_owned)
}

/// `Next` xor `End: true`.
pub(super) fn transition<'a>(state: &Object<'a>, cx: &mut Context<'a>) -> Option<Transition> {
    let end = state
        .get("End")
        .map(|field| (field.boolean(&mut cx.report), field));
    let ends = matches!(end, Some((Some(true), _)));
    let next = state.get("Next");
    if ends && next.is_some() || (end.is_none() && next.is_none()) {
        state.one_of(&["Next", "End"], true, &mut cx.report);
    }
    if ends {
        may_end(cx.state, cx);
    } else if next.is_none() {
        cx.torn.insert(cx.scope);
    }
    match (next, end) {
        (Some(next), _) => cx.target(&next).map(Transition::Next),
        (None, Some((Some(true), _))) => Some(Transition::End),
        (None, Some((Some(false), field))) => {
            cx.report.push(
                schema(
                    "This object should have only one of the following fields: [Next, End]",
                    field.node.span,
                    &state.location,
                )
                .with_label("`End` is false and there is no `Next`"),
            );
            None
        }
        (None, _) => None,
    }
}

pub(super) fn may_end(id: StateId, cx: &mut Context<'_>) {
    if let Some(may_end) = cx.may_end.get_mut(id.0 as usize) {
        *may_end = true;
    }
}

/// Notes where a state goes whose fields are not read otherwise.
fn note_transitions<'a>(state: &Object<'a>, cx: &mut Context<'a>) {
    let ends = state
        .get("End")
        .is_some_and(|field| field.node.as_bool() == Some(true));
    may_end(cx.state, cx);
    if !ends && !state.has("Next") {
        cx.torn.insert(cx.scope);
    }
    for name in ["Next", "Default"] {
        if let Some(field) = state
            .get(name)
            .filter(|field| field.node.as_str().is_some())
        {
            cx.target(&field);
        }
    }
    for name in ["Choices", "Catch"] {
        let Some(field) = state.get(name).filter(|field| field.node.items().is_some()) else {
            continue;
        };
        for item in field.items(&mut cx.report).unwrap_or_default() {
            let Some(member) = item
                .node
                .get("Next")
                .filter(|next| next.value.as_str().is_some())
            else {
                continue;
            };
            cx.target(&Field {
                name: "Next",
                key_span: member.key_span,
                node: &member.value,
                location: format!("{}/Next", item.location),
            });
        }
    }
}

/// The fields that Task, Parallel and Map share. `None` only when it is not known where it goes.
pub(super) fn flow<'a>(
    state: &Object<'a>,
    takes_parameters: bool,
    cx: &mut Context<'a>,
) -> Option<ResultFlow> {
    let is_jsonata = cx.language == QueryLanguage::Jsonata;
    let parameters = match (takes_parameters, is_jsonata) {
        (true, true) => state.get("Arguments"),
        (true, false) => state.get("Parameters"),
        (false, _) => None,
    };
    let parameters = parameters.and_then(|field| payload::payload(&field, jsonata::ENTRY, cx));
    let result_selector = state
        .get("ResultSelector")
        .filter(|field| field.node.value != Kind::Null && !is_jsonata)
        .and_then(|field| payload::template(&field, cx));
    let result_path = payload::result_path(state, cx);
    let retry = handlers::retry(state, cx);
    let catch = handlers::catch(state, cx);
    let transition = transition(state, cx);
    Some(ResultFlow {
        parameters,
        result_selector,
        result_path,
        retry,
        catch,
        transition: transition?,
    })
}

/// A number of seconds or items in its literal or its `…Path` form.
pub(super) fn number<'a>(
    state: &Object<'a>,
    [literal, path]: [&str; 2],
    least: u64,
    cx: &mut Context<'a>,
) -> Option<Number> {
    let field = match cx.language {
        QueryLanguage::JsonPath => state.one_of(&[literal, path], false, &mut cx.report)?,
        QueryLanguage::Jsonata => state.get(literal)?,
    };
    if let Some(expression) = jsonata::expression(&field, jsonata::ENTRY, cx) {
        return expression.map(Number::Jsonata);
    }
    match field.name == literal {
        true => field
            .integer(least, limits::SECONDS_MAX, &mut cx.report)
            .map(Number::Literal),
        false => payload::reference(&field, cx).map(Number::Path),
    }
}

fn pass<'a>(state: &Object<'a>, cx: &mut Context<'a>) -> Option<Pass> {
    if cx.language == QueryLanguage::Jsonata {
        return Some(Pass {
            result: None,
            parameters: None,
            result_path: ResultPath::Replace,
            transition: transition(state, cx)?,
        });
    }
    let result = state.get("Result").map(|field| {
        payload::warn_static_result(&field, cx);
        Arc::new(field.node.to_value())
    });
    let parameters = state
        .get("Parameters")
        .and_then(|field| payload::template(&field, cx));
    let result_path = payload::result_path(state, cx);
    let transition = transition(state, cx);
    Some(Pass {
        result,
        parameters,
        result_path,
        transition: transition?,
    })
}

fn wait<'a>(state: &Object<'a>, cx: &mut Context<'a>) -> Option<Wait> {
    let fields: &[&str] = match cx.language {
        QueryLanguage::JsonPath => &["SecondsPath", "Seconds", "TimestampPath", "Timestamp"],
        QueryLanguage::Jsonata => &["Seconds", "Timestamp"],
    };
    let until = state
        .one_of(fields, true, &mut cx.report)
        .and_then(|field| match field.name {
            "Seconds" | "Timestamp" if is_expression(&field, cx) => {
                let expression = jsonata::expression(&field, jsonata::ENTRY, cx)??;
                Some(match field.name {
                    "Seconds" => WaitUntil::SecondsJsonata(expression),
                    _ => WaitUntil::TimestampJsonata(expression),
                })
            }
            "Seconds" => field
                .integer(0, limits::SECONDS_MAX, &mut cx.report)
                .map(WaitUntil::Seconds),
            "SecondsPath" => payload::reference(&field, cx).map(WaitUntil::SecondsPath),
            "TimestampPath" => payload::reference(&field, cx).map(WaitUntil::TimestampPath),
            _ => literal_timestamp(&field, cx).map(WaitUntil::Timestamp),
        });
    let transition = transition(state, cx);
    Some(Wait {
        until: until?,
        transition: transition?,
    })
}

fn is_expression(field: &Field<'_>, cx: &Context<'_>) -> bool {
    let text = field.node.as_str().and_then(expr::jsonata::body);
    cx.language == QueryLanguage::Jsonata && text.is_some()
}

/// `Output` of a state, a rule or a catcher, where there is one.
pub(super) fn output<'a>(
    owner: &Object<'a>,
    available: Available,
    cx: &mut Context<'a>,
) -> Option<JsonataTemplate> {
    let is_jsonata = cx.language == QueryLanguage::Jsonata;
    let field = owner.get("Output").filter(|_| is_jsonata)?;
    jsonata::template(&field, available, cx)
}

/// A timestamp that is written out.
pub(super) fn literal_timestamp<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<i64> {
    let text = field.string(&mut cx.report)?;
    match timestamp::check(text) {
        Ok(micros) => Some(micros),
        Err(reason) => {
            let diagnostic = schema(
                "String does not match RFC3339 timestamp",
                field.node.span,
                &field.location,
            )
            .with_label(reason.to_string());
            cx.report.push(match text.starts_with('$') {
                true => diagnostic.with_help(format!(
                    "to read it from the input use `{}Path`",
                    field.name
                )),
                false => diagnostic.with_help("for example 2016-03-14T01:59:00Z"),
            });
            None
        }
    }
}

fn fail<'a>(state: &Object<'a>, cx: &mut Context<'a>) -> Fail {
    may_end(cx.state, cx);
    Fail {
        error: text(state, ["Error", "ErrorPath"], cx),
        cause: text(state, ["Cause", "CausePath"], cx),
    }
}

fn text<'a>(state: &Object<'a>, [literal, path]: [&str; 2], cx: &mut Context<'a>) -> Option<Text> {
    let field = match cx.language {
        QueryLanguage::JsonPath => state.one_of(&[literal, path], false, &mut cx.report)?,
        QueryLanguage::Jsonata => state.get(literal)?,
    };
    if let Some(expression) = jsonata::expression(&field, jsonata::ENTRY, cx) {
        return expression.map(Text::Jsonata);
    }
    if field.name == path {
        return payload::text_expression(&field, cx).map(Text::Computed);
    }
    let text = field.string(&mut cx.report)?;
    if payload::looks_evaluated(text) && cx.language == QueryLanguage::JsonPath {
        warn_no_path(&field, cx);
    }
    Some(Text::Literal(Arc::from(text)))
}

/// `NO_PATH`: the value reads like a path, and the field takes it literally.
pub(super) fn warn_no_path(field: &Field<'_>, cx: &mut Context<'_>) {
    cx.report.push(
        Diagnostic::warning(
            code::NO_PATH,
            format!(
                "The value of '{}' looks like a path and is taken literally",
                field.name
            ),
        )
        .with_span(field.node.span)
        .with_location(&field.location)
        .with_help(format!("to evaluate it use `{}Path`", field.name)),
    );
}
