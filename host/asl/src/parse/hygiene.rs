//! What is wrong with a text whatever it means: double keys, and YAML tags.

use std::collections::{HashMap, HashSet};

use source::{Diagnostic, Kind, Node};

use super::context::Context;
use crate::code;

/// Reports double keys and YAML tags everywhere in the tree. `states_objects` are the places of the
/// objects whose double keys were already reported as states of one name.
pub(super) fn check(node: &Node, states_objects: &HashSet<usize>, cx: &mut Context<'_>) {
    if let Some(tag) = &node.tag {
        cx.report.push(
            Diagnostic::error(
                code::SCHEMA_VALIDATION_FAILED,
                format!("The YAML tag `{tag}` has no meaning in a definition"),
            )
            .with_span(node.span)
            .with_help(
                "functions such as `!Ref` and `!Sub` belong into the template that deploys it",
            ),
        );
    }
    match &node.value {
        Kind::Array(items) => items
            .iter()
            .for_each(|item| check(item, states_objects, cx)),
        Kind::Object(members) => {
            let mut first = HashMap::new();
            for member in members {
                check(&member.value, states_objects, cx);
                let earlier = *first.entry(member.key.as_str()).or_insert(member.key_span);
                if earlier == member.key_span || states_objects.contains(&node.span.start) {
                    continue;
                }
                cx.report.push(
                    Diagnostic::error(
                        code::SCHEMA_VALIDATION_FAILED,
                        format!("Duplicate field '{}'", member.key),
                    )
                    .with_span(member.key_span)
                    .with_label("this field is already there")
                    .with_related(earlier, "first here"),
                );
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}
