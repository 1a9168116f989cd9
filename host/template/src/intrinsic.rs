//! CloudFormation's functions, in both notations: `!Sub …` and `{"Fn::Sub": …}`.
//!
//! None is evaluated yet. Where a value is read, a function gets one diagnostic that says so; where
//! nothing is read (policies, outputs, resources of other services) it is left alone.

use source::{Diagnostic, Kind, Node};

use crate::codes;
use source::nearest;

/// The YAML tags of CloudFormation's functions.
const TAGS: &[&str] = &[
    "!And",
    "!Base64",
    "!Cidr",
    "!Condition",
    "!Equals",
    "!FindInMap",
    "!ForEach",
    "!GetAZs",
    "!GetAtt",
    "!If",
    "!ImportValue",
    "!Join",
    "!Length",
    "!Not",
    "!Or",
    "!Ref",
    "!Select",
    "!Split",
    "!Sub",
    "!ToJsonString",
    "!Transform",
];

/// The diagnostic for a node that is a function or has a tag that nobody knows; `None` for a literal.
/// Looks at the node itself, not inside it.
pub(crate) fn refuse(node: &Node, location: &str) -> Option<Diagnostic> {
    if let Some(tag) = node.tag.as_deref()
        && !TAGS.contains(&tag)
    {
        let diagnostic =
            Diagnostic::error(codes::UNKNOWN_TAG, format!("The tag `{tag}` is not known"))
                .with_span(node.span)
                .with_label("no CloudFormation function has this name")
                .with_location(location);
        return Some(match nearest(tag, TAGS.iter().copied()) {
            Some(known) => diagnostic.with_help(format!("did you mean `{known}`?")),
            None => diagnostic,
        });
    }
    let name = name_of(node)?;
    Some(
        Diagnostic::error(
            codes::INTRINSIC_NOT_AVAILABLE,
            format!("The function `{name}` is not available yet"),
        )
        .with_span(node.span)
        .with_label("a literal value has to stand here")
        .with_help(help(&name))
        .with_location(location),
    )
}

/// [`refuse`] for a node and everything inside it, outermost only: a function within a refused
/// function is not reported again. `location` is that of the outer node, for all of them. The depth
/// of the tree is bounded by the parser.
pub(crate) fn refuse_inside(node: &Node, location: &str, found: &mut Vec<Diagnostic>) {
    if let Some(diagnostic) = refuse(node, location) {
        found.push(diagnostic);
        return;
    }
    match &node.value {
        Kind::Array(items) => {
            for item in items {
                refuse_inside(item, location, found);
            }
        }
        Kind::Object(members) => {
            for member in members {
                refuse_inside(&member.value, location, found);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}

/// What the node calls: its tag, or the key of an object that has this one key.
fn name_of(node: &Node) -> Option<String> {
    if let Some(tag) = &node.tag {
        return Some(tag.clone());
    }
    match node.members()? {
        [only] if only.key == "Ref" || only.key.starts_with("Fn::") => Some(only.key.clone()),
        _ => None,
    }
}

/// What to write instead.
fn help(name: &str) -> &'static str {
    match name {
        "!GetAtt" | "Fn::GetAtt" => {
            "write the value out; a function's ARN is \
             `arn:aws:lambda:us-east-1:123456789012:function:NAME`"
        }
        _ => "write the value out",
    }
}
