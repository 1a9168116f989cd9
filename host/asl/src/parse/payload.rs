//! Paths, reference paths, expressions and payload templates: the text goes to `expr`, and what `expr`
//! says is wrong comes back with its place in the definition.

use expr::jsonata::Available;
use expr::{Expression, Path, PathError, ReferencePath, Root, Template, TemplateError};
use source::{Diagnostic, Kind, Node, Span};

use super::context::Context;
use super::fields::{Field, Object};
use super::jsonata;
use super::report::schema;
use crate::{PathField, Payload, QueryLanguage, ResultPath, code};

/// Functions that give a string, which is what `ErrorPath` and `CausePath` take (ASL.md §1.2).
const STRING_FUNCTIONS: [&str; 7] = [
    "States.Format",
    "States.JsonToString",
    "States.ArrayGetItem",
    "States.Base64Encode",
    "States.Base64Decode",
    "States.Hash",
    "States.UUID",
];

const NO_JSONATA: &str = "`{% … %}` is JSONata, and this state is in JSONPath";

/// `InputPath` or `OutputPath` of a state.
pub(super) fn path_field<'a>(state: &Object<'a>, name: &str, cx: &mut Context<'a>) -> PathField {
    let Some(field) = state.get(name) else {
        return PathField::Whole;
    };
    if field.node.value == Kind::Null {
        return PathField::Discard;
    }
    match path(&field, cx) {
        Some(path) if !path.is_whole() => PathField::Path(path),
        Some(_) | None => PathField::Whole,
    }
}

/// `ResultPath` of a state or a catcher: into the raw input, so neither `$$` nor a variable.
pub(super) fn result_path<'a>(owner: &Object<'a>, cx: &mut Context<'a>) -> ResultPath {
    let is_jsonpath = cx.language == QueryLanguage::JsonPath;
    let Some(field) = owner.get("ResultPath").filter(|_| is_jsonpath) else {
        return ResultPath::Replace;
    };
    if field.node.value == Kind::Null {
        return ResultPath::Discard;
    }
    let Some(path) = reference(&field, cx) else {
        return ResultPath::Replace;
    };
    let label = match path.root() {
        Root::Input if path.is_whole() => return ResultPath::Replace,
        Root::Input => return ResultPath::Insert(path),
        Root::Context => "the context object cannot be written",
        Root::Variable(_) => "a variable cannot be written by ResultPath",
    };
    let diagnostic = schema(
        "Value is not a Reference Path",
        field.node.span,
        &field.location,
    );
    cx.report.push(
        diagnostic
            .with_label(label)
            .with_help("begin with `$`; variables are written with `Assign`"),
    );
    ResultPath::Replace
}

/// A Path: full JSONPath with any root.
pub(super) fn path<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Path> {
    path_or(|_| "Value must be a valid JSONPath.", field, cx)
}

/// A Path of a choice rule. The service calls it a Reference Path and takes every Path.
pub(super) fn choice_path<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Path> {
    path_or(no_reference_path, field, cx)
}

fn path_or<'a>(
    message: fn(&str) -> &'static str,
    field: &Field<'a>,
    cx: &mut Context<'a>,
) -> Option<Path> {
    let text = field.string(&mut cx.report)?;
    match Path::parse(text) {
        Ok(path) => {
            // A filter may read variables, too.
            for name in path.variables() {
                cx.read_variable(name, field.node.span, &field.location);
            }
            Some(path)
        }
        Err(error) => {
            let diagnostic = bad_path(message(text), field, text, &error, cx.text);
            cx.report.push(diagnostic);
            None
        }
    }
}

/// The service's words for a text that is no Reference Path.
fn no_reference_path(text: &str) -> &'static str {
    match text.starts_with('$') {
        true => "Value is not a Reference Path",
        false => "Value is not a Reference Path: Reference path didn't start with '$'",
    }
}

/// A Reference Path with any root.
pub(super) fn reference<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<ReferencePath> {
    let text = field.string(&mut cx.report)?;
    match ReferencePath::parse(text) {
        Ok(path) => {
            note_root(path.root(), field, cx);
            Some(path)
        }
        Err(error) => {
            let diagnostic = bad_path(no_reference_path(text), field, text, &error, cx.text);
            cx.report.push(diagnostic);
            None
        }
    }
}

/// `ErrorPath` or `CausePath`: a reference path, or a function that gives a string.
pub(super) fn text_expression<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Expression> {
    let text = field.string(&mut cx.report)?;
    if !text.trim_start().starts_with("States.") {
        return Some(Expression::Path(reference_as_path(field, cx)?));
    }
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(error) => {
            let message = "Value must be a valid JSONPath or a valid intrinsic function call";
            cx.report.push(
                schema(
                    message,
                    field.node.within(cx.text, error.offset),
                    &field.location,
                )
                .with_label(error.message),
            );
            return None;
        }
    };
    if let Expression::Intrinsic(call) = &expression
        && !STRING_FUNCTIONS.contains(&call.function())
    {
        let function = call.function();
        cx.report.push(
            schema(
                "Value must be an intrinsic function that gives a string",
                field.node.span,
                &field.location,
            )
            .with_label(format!("`{function}` does not"))
            .with_help(format!(
                "use one of {}",
                crate::suggest::list(STRING_FUNCTIONS)
            )),
        );
        return None;
    }
    for name in expression.variables() {
        cx.read_variable(name, field.node.span, &field.location);
    }
    Some(expression)
}

fn reference_as_path<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Path> {
    let reference = reference(field, cx)?;
    Path::parse(reference.text()).ok()
}

fn note_root(root: &Root, field: &Field<'_>, cx: &mut Context<'_>) {
    match root {
        Root::Variable(name) => cx.read_variable(name, field.node.span, &field.location),
        Root::Input | Root::Context => {}
    }
}

fn bad_path(
    message: &str,
    field: &Field<'_>,
    text: &str,
    error: &PathError,
    source: &str,
) -> Diagnostic {
    let caret = field.node.within(source, error.offset);
    let diagnostic = schema(message, caret, &field.location).with_label(error.message.as_str());
    if text.starts_with("{%") {
        diagnostic.with_help(NO_JSONATA)
    } else if text.trim_start().starts_with("States.") {
        diagnostic.with_help(
            "an intrinsic function is for fields whose name ends in `.$`; compute the value in a state before this one",
        )
    } else if text.starts_with('$') {
        diagnostic
    } else if !text.contains(' ') && Path::parse(&format!("$.{text}")).is_ok() {
        diagnostic.with_help(format!("did you mean `$.{text}`?"))
    } else {
        diagnostic.with_help("a path begins with `$`, as in `$.order.items`")
    }
}

/// A payload in the language of the state.
pub(super) fn payload<'a>(
    field: &Field<'a>,
    available: Available,
    cx: &mut Context<'a>,
) -> Option<Payload> {
    match cx.language {
        QueryLanguage::JsonPath => template(field, cx).map(Payload::JsonPath),
        QueryLanguage::Jsonata => jsonata::template(field, available, cx).map(Payload::Jsonata),
    }
}

/// A payload template. Everything wrong in it is reported, and so are values that look like paths
/// under keys that do not end in `.$`.
pub(super) fn template<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Template> {
    warn_no_dollar(field.node, &field.location, cx);
    match Template::compile(&field.node.to_value()) {
        Ok(template) => {
            note_variables(field.node, &field.location, cx);
            Some(template)
        }
        Err(errors) => {
            for error in &errors {
                match cx.report.is_full() {
                    true => cx.report.cut(),
                    false => cx.report.push(bad_template(field, error, cx.text)),
                }
            }
            None
        }
    }
}

/// Notes the variables that a template reads, each at its place.
fn note_variables(node: &Node, location: &str, cx: &mut Context<'_>) {
    match &node.value {
        Kind::Object(members) => {
            for member in members {
                let text = member.value.as_str().filter(|text| text.contains('$'));
                match text
                    .filter(|_| member.key.ends_with(".$"))
                    .map(Expression::parse)
                {
                    Some(Ok(expression)) => {
                        for name in expression.variables() {
                            let span = place_of_variable(name, &member.value, cx.text);
                            cx.read_variable(name, span, location);
                        }
                    }
                    Some(Err(_)) | None => note_variables(&member.value, location, cx),
                }
            }
        }
        Kind::Array(items) => items
            .iter()
            .for_each(|item| note_variables(item, location, cx)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}

/// Where `$name` stands in an expression; the whole of it if the name is written with escapes.
fn place_of_variable(name: &str, expression: &Node, text: &str) -> Span {
    let written = format!("${name}");
    let ends = |after: &str| !after.starts_with(unicode_ident::is_xid_continue);
    let raw = expression.span.of(text);
    let mut places = raw
        .match_indices(&written)
        .map(|(at, _)| (at, at + written.len()));
    match places.find(|(_, end)| raw.get(*end..).is_some_and(ends)) {
        Some((start, end)) => Span::new(expression.span.start + start, expression.span.start + end),
        None => expression.span,
    }
}

fn bad_template(field: &Field<'_>, error: &TemplateError, source: &str) -> Diagnostic {
    let Some((value, key_span)) = field.node.pointer(&error.pointer) else {
        return schema(error.message.as_str(), field.key_span, &field.location);
    };
    let is_expression = error.pointer.ends_with(".$");
    let at = |span: Span| schema(error.message.as_str(), span, &field.location);
    match (value.as_str(), error.offset) {
        (Some(text), Some(offset)) => {
            let detail = error
                .detail
                .as_deref()
                .unwrap_or("this is where it goes wrong");
            let diagnostic = at(value.within(source, offset)).with_label(detail);
            if text.starts_with(['$', ' ']) || text.starts_with("States.") {
                diagnostic
            } else if text.starts_with("{%") {
                diagnostic.with_help(NO_JSONATA)
            } else if text.contains(['.', '[']) && Path::parse(&format!("$.{text}")).is_ok() {
                diagnostic.with_help(format!("did you mean `$.{text}`?"))
            } else {
                diagnostic.with_help("if it is to be taken literally, drop `.$` from the name")
            }
        }
        (None, _) if is_expression => {
            at(value.span).with_label(format!("this is {}", value.kind_name()))
        }
        _ => match (&error.detail, at(key_span.unwrap_or(value.span))) {
            (Some(detail), diagnostic) => diagnostic.with_label(detail.as_str()),
            (None, diagnostic) => diagnostic,
        },
    }
}

/// `NO_DOLLAR`: `"id": "$.id"` is the text `$.id`, and hardly ever meant to be.
fn warn_no_dollar(node: &Node, location: &str, cx: &mut Context<'_>) {
    match &node.value {
        Kind::Object(members) => {
            for member in members {
                let text = member.value.as_str().unwrap_or_default();
                if !member.key.ends_with(".$") && looks_evaluated(text) {
                    cx.report.push(
                        Diagnostic::warning(
                            code::NO_DOLLAR,
                            format!(
                                "The value of '{}' looks like a JSONPath or an intrinsic function and is taken literally",
                                member.key
                            ),
                        )
                        .with_span(member.key_span)
                        .with_location(location)
                        .with_label("the name does not end in `.$`")
                        .with_help(format!("to evaluate it write `{}.$`", member.key)),
                    );
                }
                warn_no_dollar(&member.value, location, cx);
            }
        }
        Kind::Array(items) => items
            .iter()
            .for_each(|item| warn_no_dollar(item, location, cx)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}

/// Whether a text reads like a path or a call: `$.a`, `$[0]`, `$$.b`, `States.Format(…)`.
pub(super) fn looks_evaluated(text: &str) -> bool {
    looks_like_path(text)
        || (text.starts_with("States.") && text.ends_with(')') && text.contains('('))
}

/// Whether a text reads like a path: `$.a`, `$[0]`, `$$.b`.
pub(super) fn looks_like_path(text: &str) -> bool {
    ["$.", "$[", "$$."]
        .iter()
        .any(|start| text.starts_with(start))
        && Path::parse(text).is_ok()
}

/// `PASS_RESULT_IS_STATIC`: a `Result` that reads as if it were evaluated.
pub(super) fn warn_static_result(result: &Field<'_>, cx: &mut Context<'_>) {
    let mut places = Vec::new();
    evaluated_looking(result.node, result.node.span, &mut places);
    for span in places {
        cx.report.push(
            Diagnostic::warning(
                code::PASS_RESULT_IS_STATIC,
                "The result of a Pass state is taken literally; paths in it are not evaluated",
            )
            .with_span(span)
            .with_location(&result.location)
            .with_help("to evaluate paths use `Parameters` in place of `Result`"),
        );
    }
}

/// The places of strings that read like a path or a call: of members, the key.
fn evaluated_looking(node: &Node, place: Span, places: &mut Vec<Span>) {
    match &node.value {
        Kind::Object(members) => {
            for member in members {
                evaluated_looking(&member.value, member.key_span, places);
            }
        }
        Kind::Array(items) => {
            items
                .iter()
                .for_each(|item| evaluated_looking(item, item.span, places));
        }
        Kind::String(text) if looks_evaluated(text) => places.push(place),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}
