//! `Assign`: the names of variables, where they may be written, and who reads them (ASL.md §1.6).

use std::collections::HashMap;

use expr::jsonata::Available;
use source::Diagnostic;

use super::context::{Context, VariableUse};
use super::declare::Declared;
use super::fields::Object;
use super::payload;
use super::report::schema;
use crate::{Assign, QueryLanguage, code, limits};

/// `Assign` of a state, a rule or a catcher.
pub(super) fn read<'a>(
    owner: &Object<'a>,
    available: Available,
    cx: &mut Context<'a>,
) -> Option<Assign> {
    let field = owner.get("Assign")?;
    let object = field.object(&mut cx.report)?;
    for member in object.members {
        let name = match cx.language {
            QueryLanguage::JsonPath => member.key.strip_suffix(".$").unwrap_or(&member.key),
            QueryLanguage::Jsonata => &member.key,
        };
        match name_fault(name) {
            Some((code, message, help)) => cx.report.push(
                Diagnostic::error(code, message)
                    .with_span(member.key_span)
                    .with_location(&field.location)
                    .with_help(help),
            ),
            None => cx.assigned.push(VariableUse {
                name: name.to_owned(),
                span: member.key_span,
                location: field.location.clone(),
                scope: cx.scope,
                state: cx.state,
            }),
        }
    }
    Some(Assign {
        template: payload::payload(&field, available, cx)?,
    })
}

/// Why a variable cannot be named so: code, message and help.
fn name_fault(name: &str) -> Option<(&'static str, String, &'static str)> {
    if name == "states" {
        return Some((
            code::RESERVED_VARIABLE_NAME,
            "Cannot assign to reserved variable '$states'.".to_owned(),
            "use another name",
        ));
    }
    let mut characters = name.chars();
    let begins = |c: char| c == '_' || unicode_ident::is_xid_start(c);
    let is_identifier =
        characters.next().is_some_and(begins) && characters.all(unicode_ident::is_xid_continue);
    let invalid = |reason: &str, help| {
        let message = format!("Invalid variable name '{name}': the variable name {reason}.");
        Some((code::INVALID_VARIABLE_NAME, message, help))
    };
    if !is_identifier {
        return invalid(
            "contains invalid characters",
            "a variable is named by letters, digits and `_`, and begins with a letter",
        );
    }
    if name.chars().count() > limits::VARIABLE_NAME_CHARACTERS_MAX {
        return invalid("exceeds the 80-character limit", "use a shorter name");
    }
    None
}

/// What can be said of the variables once all states are read: an inner scope must not write what an
/// outer one writes, and what is read should be written somewhere.
pub(super) fn check_scopes(declared: &Declared<'_>, cx: &mut Context<'_>) {
    let assigned = std::mem::take(&mut cx.assigned);
    let mut by_scope = HashMap::new();
    for variable in &assigned {
        by_scope
            .entry((variable.scope, variable.name.as_str()))
            .or_insert(variable);
    }
    for variable in &assigned {
        let clash = declared
            .outer_scopes(variable.scope)
            .find_map(|outer| by_scope.get(&(outer, variable.name.as_str())));
        let Some(outer) = clash else { continue };
        let message = format!(
            "Variable '{}' is already assigned in an outer scope",
            variable.name
        );
        cx.report.push(
            schema(message, variable.span, &variable.location)
                .with_label("an inner scope cannot assign it")
                .with_help("use another name here; the outer variable can be read as it is")
                .with_related(outer.span, "assigned here"),
        );
    }
    // With errors about, a state that assigns may not have been read.
    if !cx.report.has_errors() {
        warn_unassigned(&assigned, cx);
    }
}

fn warn_unassigned(assigned: &[VariableUse], cx: &mut Context<'_>) {
    let mut names: Vec<&str> = assigned
        .iter()
        .map(|variable| variable.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    for variable in std::mem::take(&mut cx.read) {
        let name = variable.name.as_str();
        if names.binary_search(&name).is_ok() {
            continue;
        }
        let help = match cx.closest(name, &names) {
            Some(meant) => format!("did you mean `${meant}`?"),
            None => format!(
                "variables are written with `Assign`; for a field of the input write `$.{name}`"
            ),
        };
        cx.report.push(
            Diagnostic::warning(
                code::UNASSIGNED_VARIABLE,
                format!("No state assigns the variable '${name}'"),
            )
            .with_span(variable.span)
            .with_location(&variable.location)
            .with_label("reading it fails")
            .with_help(help),
        );
    }
}
