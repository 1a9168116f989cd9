//! Choice: rules and their conditions (ASL.md §2.1).

use std::sync::Arc;

use serde_json::Number;
use source::Kind as NodeKind;

use super::context::Context;
use super::fields::{Field, Object, unknown_field, wrong_type};
use super::report::schema;
use super::{assign, jsonata, language, payload, state};
use crate::{
    Choice, Condition, Kind, Operand, Ordering, Pieces, QueryLanguage, Rule, Test, When, suggest,
};

const COMPOSITES: [&str; 3] = ["And", "Or", "Not"];
const RULE_FIELDS: [&str; 4] = ["Variable", "Next", "Comment", "Assign"];
const JSONATA_RULE_FIELDS: [&str; 5] = ["Condition", "Next", "Comment", "Assign", "Output"];
const NESTED_FIELDS: [&str; 2] = ["Variable", "Comment"];

/// What an operator compares.
#[derive(Clone, Copy)]
enum Operator {
    String(Ordering),
    Numeric(Ordering),
    Timestamp(Ordering),
    Boolean,
    Matches,
    Is(Kind),
}

/// All operators without their `…Path` twins.
const OPERATORS: [(&str, Operator); 23] = [
    ("StringEquals", Operator::String(Ordering::Equals)),
    ("StringLessThan", Operator::String(Ordering::LessThan)),
    ("StringGreaterThan", Operator::String(Ordering::GreaterThan)),
    (
        "StringLessThanEquals",
        Operator::String(Ordering::LessThanEquals),
    ),
    (
        "StringGreaterThanEquals",
        Operator::String(Ordering::GreaterThanEquals),
    ),
    ("StringMatches", Operator::Matches),
    ("NumericEquals", Operator::Numeric(Ordering::Equals)),
    ("NumericLessThan", Operator::Numeric(Ordering::LessThan)),
    (
        "NumericGreaterThan",
        Operator::Numeric(Ordering::GreaterThan),
    ),
    (
        "NumericLessThanEquals",
        Operator::Numeric(Ordering::LessThanEquals),
    ),
    (
        "NumericGreaterThanEquals",
        Operator::Numeric(Ordering::GreaterThanEquals),
    ),
    ("BooleanEquals", Operator::Boolean),
    ("TimestampEquals", Operator::Timestamp(Ordering::Equals)),
    ("TimestampLessThan", Operator::Timestamp(Ordering::LessThan)),
    (
        "TimestampGreaterThan",
        Operator::Timestamp(Ordering::GreaterThan),
    ),
    (
        "TimestampLessThanEquals",
        Operator::Timestamp(Ordering::LessThanEquals),
    ),
    (
        "TimestampGreaterThanEquals",
        Operator::Timestamp(Ordering::GreaterThanEquals),
    ),
    ("IsNull", Operator::Is(Kind::Null)),
    ("IsPresent", Operator::Is(Kind::Present)),
    ("IsNumeric", Operator::Is(Kind::Numeric)),
    ("IsString", Operator::Is(Kind::String)),
    ("IsBoolean", Operator::Is(Kind::Boolean)),
    ("IsTimestamp", Operator::Is(Kind::Timestamp)),
];

/// The operator of a field name, and whether it is the `…Path` twin.
fn operator(name: &str) -> Option<(Operator, bool)> {
    let find = |name: &str| {
        OPERATORS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, found)| *found)
    };
    if let Some(found) = find(name) {
        return Some((found, false));
    }
    match find(name.strip_suffix("Path")?)? {
        Operator::Matches | Operator::Is(_) => None,
        found => Some((found, true)),
    }
}

fn is_condition_field(name: &str) -> bool {
    COMPOSITES.contains(&name) || operator(name).is_some()
}

pub(super) fn read<'a>(object: &Object<'a>, cx: &mut Context<'a>) -> Option<Choice> {
    let rules = object
        .required("Choices", &mut cx.report)
        .and_then(|field| field.some_items(&mut cx.report));
    let mut read = Vec::new();
    let mut is_complete = rules.is_some();
    for item in rules.into_iter().flatten() {
        let rule = Object::of(item.node, item.location, None, &mut cx.report);
        let rule = rule.and_then(|object| rule_of(&object, cx));
        is_complete &= rule.is_some();
        read.extend(rule);
    }
    let default = object.get("Default").map(|field| cx.target(&field));
    match default {
        Some(None) => None,
        _ if !is_complete => None,
        Some(Some(id)) => Some(Choice {
            rules: read,
            default: Some(id),
        }),
        None => Some(Choice {
            rules: read,
            default: None,
        }),
    }
}

fn rule_of<'a>(rule: &Object<'a>, cx: &mut Context<'a>) -> Option<Rule> {
    let condition = match cx.language {
        QueryLanguage::JsonPath => condition(rule, &RULE_FIELDS, cx).map(When::JsonPath),
        QueryLanguage::Jsonata => jsonata_condition(rule, cx),
    };
    let next = rule
        .required("Next", &mut cx.report)
        .and_then(|field| cx.target(&field));
    let assign = assign::read(rule, jsonata::ENTRY, cx);
    let output = state::output(rule, jsonata::ENTRY, cx);
    Some(Rule {
        condition: condition?,
        next: next?,
        assign,
        output,
    })
}

/// `Condition` (ASL.md §2.3): a boolean, written out or computed.
fn jsonata_condition<'a>(rule: &Object<'a>, cx: &mut Context<'a>) -> Option<When> {
    state::comment(rule, cx);
    for member in rule.members {
        let name = member.key.as_str();
        let is_reported_elsewhere = language::is_foreign(name, cx) || is_condition_field(name);
        if !JSONATA_RULE_FIELDS.contains(&name) && !is_reported_elsewhere {
            match cx.report.is_full() {
                true => cx.report.cut(),
                false => cx.report.push(unknown_field(
                    member,
                    &JSONATA_RULE_FIELDS,
                    "a choice rule",
                    &rule.location,
                )),
            }
        }
    }
    language::foreign_fields(rule, &[], cx);
    let is_of_jsonpath = rule
        .members
        .iter()
        .any(|member| member.key == "Variable" || is_condition_field(&member.key));
    let field = match rule.get("Condition") {
        None if is_of_jsonpath => return None,
        None => rule.required("Condition", &mut cx.report)?,
        Some(field) => field,
    };
    match jsonata::expression(&field, jsonata::ENTRY, cx) {
        Some(expression) => expression.map(When::Jsonata),
        None => field.boolean(&mut cx.report).map(When::Literal),
    }
}

/// A condition: a data test or a composite. `fields` are the names it may have beside its operator.
fn condition<'a>(rule: &Object<'a>, fields: &[&str], cx: &mut Context<'a>) -> Option<Condition> {
    state::comment(rule, cx);
    language::foreign_fields(rule, &[], cx);
    let has_unknown = unknown_fields(rule, fields, cx);
    let operators: Vec<&str> = rule
        .members
        .iter()
        .map(|member| member.key.as_str())
        .filter(|name| is_condition_field(name))
        .collect();
    if operators.is_empty() {
        // A misspelt operator and one of JSONata are reported; more words would say nothing new.
        if !has_unknown && !rule.has("Condition") {
            missing_operator(rule, cx);
        }
        return None;
    }
    let field = rule.one_of(&operators, true, &mut cx.report)?;
    if operators.len() > 1 {
        return None;
    }
    if COMPOSITES.contains(&field.name) {
        if let Some(variable) = rule.get("Variable") {
            let diagnostic = schema(
                "There should only be one of the following fields: [And, Or, Not, Variable]",
                variable.key_span,
                &rule.location,
            );
            cx.report.push(
                diagnostic
                    .with_label(format!("`Variable` cannot stand beside `{}`", field.name))
                    .with_help("a data test goes into the list as a rule of its own"),
            );
        }
        return composite(&field, cx);
    }
    let variable = rule
        .required("Variable", &mut cx.report)
        .and_then(|field| payload::choice_path(&field, cx));
    let test = test(&field, cx);
    Some(Condition::Test {
        variable: variable?,
        test: test?,
    })
}

fn missing_operator<'a>(rule: &Object<'a>, cx: &mut Context<'a>) {
    let diagnostic = match rule.has("Variable") {
        true => schema("A rule needs a comparison", rule.anchor, &rule.location)
            .with_label("there is a `Variable` and nothing it is compared with")
            .with_help("for example `\"StringEquals\": \"text\"` or `\"IsPresent\": true`"),
        false => schema(
            "The object must have only one of the following fields, [And, Or, Not, Variable, Condition]",
            rule.anchor,
            &rule.location,
        )
        .with_label("there is none of them here"),
    };
    cx.report.push(diagnostic);
}

/// Reports fields that no rule has; tells whether there were any.
fn unknown_fields<'a>(rule: &Object<'a>, fields: &[&str], cx: &mut Context<'a>) -> bool {
    let mut has_unknown = false;
    for member in rule.members {
        let name = member.key.as_str();
        if fields.contains(&name) || is_condition_field(name) || language::is_foreign(name, cx) {
            continue;
        }
        has_unknown = true;
        if cx.report.is_full() {
            cx.report.cut();
            continue;
        }
        let diagnostic = schema(
            format!("Field '{name}' is not supported"),
            member.key_span,
            &rule.location,
        )
        .with_label("not a field of a choice rule");
        cx.report.push(match closest_field(name, fields) {
            _ if RULE_FIELDS.contains(&name) => {
                diagnostic.with_help(format!("`{name}` belongs to the outermost rule"))
            }
            Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
            None => diagnostic,
        });
    }
    has_unknown
}

fn closest_field(name: &str, fields: &[&str]) -> Option<String> {
    let (stem, suffix) = match name.strip_suffix("Path") {
        Some(stem) => (stem, "Path"),
        None => (name, ""),
    };
    let operators = OPERATORS.iter().map(|(known, _)| *known);
    let known = operators.chain(COMPOSITES).chain(fields.iter().copied());
    let meant = format!("{}{suffix}", suggest::closest(stem, known)?);
    (suffix.is_empty() || operator(&meant).is_some()).then_some(meant)
}

fn composite<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Condition> {
    if field.name == "Not" {
        let object = field.object(&mut cx.report)?;
        return Some(Condition::Not(Box::new(condition(
            &object,
            &NESTED_FIELDS,
            cx,
        )?)));
    }
    let items = field.some_items(&mut cx.report)?;
    let count = items.len();
    let operands: Vec<Condition> = items
        .into_iter()
        .filter_map(|item| {
            let object = Object::of(item.node, item.location, None, &mut cx.report)?;
            condition(&object, &NESTED_FIELDS, cx)
        })
        .collect();
    match (operands.len() == count, field.name) {
        (false, _) => None,
        (true, "And") => Some(Condition::And(operands)),
        (true, _) => Some(Condition::Or(operands)),
    }
}

fn test<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Test> {
    let (operator, is_path) = operator(field.name)?;
    Some(match operator {
        Operator::String(ordering) => Test::String(ordering, operand(field, is_path, cx, text)?),
        Operator::Numeric(ordering) => {
            Test::Numeric(ordering, operand(field, is_path, cx, numeric)?)
        }
        Operator::Timestamp(ordering) => Test::Timestamp(
            ordering,
            operand(field, is_path, cx, state::literal_timestamp)?,
        ),
        Operator::Boolean => Test::Boolean(operand(field, is_path, cx, |field, cx| {
            field.boolean(&mut cx.report)
        })?),
        Operator::Matches => Test::Matches(pattern(field, cx)?),
        Operator::Is(kind) => Test::Is(kind, field.boolean(&mut cx.report)?),
    })
}

fn operand<'a, T>(
    field: &Field<'a>,
    is_path: bool,
    cx: &mut Context<'a>,
    literal: impl FnOnce(&Field<'a>, &mut Context<'a>) -> Option<T>,
) -> Option<Operand<T>> {
    match is_path {
        true => payload::choice_path(field, cx).map(Operand::Path),
        false => literal(field, cx).map(Operand::Literal),
    }
}

fn text<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Arc<str>> {
    let text = field.string(&mut cx.report)?;
    if payload::looks_like_path(text) {
        state::warn_no_path(field, cx);
    }
    Some(Arc::from(text))
}

fn numeric<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Number> {
    if let NodeKind::Number(number) = &field.node.value {
        return Some(number.clone());
    }
    let diagnostic = wrong_type("Number", field.node, &field.location);
    let is_path = field
        .node
        .as_str()
        .is_some_and(|text| text.starts_with('$'));
    cx.report.push(match is_path {
        true => diagnostic.with_help(format!("to compare with a path use `{}Path`", field.name)),
        false => diagnostic,
    });
    None
}

fn pattern<'a>(field: &Field<'a>, cx: &mut Context<'a>) -> Option<Pieces> {
    let text = field.string(&mut cx.report)?;
    match Pieces::parse(text) {
        Ok(pieces) => Some(pieces),
        Err(offset) => {
            let caret = field.node.within(cx.text, offset);
            cx.report.push(
                schema("Value is not a valid pattern", caret, &field.location)
                    .with_label("a backslash stands before `*` or another backslash only")
                    .with_help(r"in JSON write `\\*` for a star and `\\\\` for a backslash"),
            );
            None
        }
    }
}
