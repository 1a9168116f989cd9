//! One `AWS::Serverless::StateMachine`.

use source::Diagnostic;

use crate::codes;
use crate::intrinsic;
use crate::model::{Definition, Kind, StateMachine};
use crate::names::{self, Named};
use crate::properties;
use crate::reader::{self, Field, Fields};
use crate::sections::Resource;
use source::nearest;

/// The state machine, if all that it cannot do without could be read; with the place of its name.
pub(crate) fn read(
    resource: &Resource<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<Named<StateMachine>> {
    let fields = resource.properties(found)?;
    properties::check(
        &fields,
        properties::MACHINE,
        codes::UNKNOWN_PROPERTY,
        "`AWS::Serverless::StateMachine`",
        found,
    );
    let name = names::machine(&fields, resource, found);
    let kind = match fields.get("Type") {
        Some(field) => read_kind(&field, found),
        None => Some(Kind::default()),
    };
    let definition = read_definition(&fields, resource, found);
    let (name, name_span) = name?;
    Some(Named {
        name_span,
        value: StateMachine {
            logical_id: resource.logical_id.to_owned(),
            name,
            definition: definition?,
            kind: kind?,
            span: resource.span,
        },
    })
}

fn read_kind(field: &Field<'_>, found: &mut Vec<Diagnostic>) -> Option<Kind> {
    let text = reader::string(field, found)?;
    match text.as_str() {
        "STANDARD" => return Some(Kind::Standard),
        "EXPRESS" => return Some(Kind::Express),
        _ => {}
    }
    let diagnostic = field
        .error(
            codes::INVALID_VALUE,
            "`Type` must be `STANDARD` or `EXPRESS`",
        )
        .with_label("there is no such type");
    found.push(match nearest(&text, ["STANDARD", "EXPRESS"]) {
        Some(known) => diagnostic.with_help(format!("did you mean `{known}`?")),
        None => diagnostic,
    });
    None
}

/// `Definition` or `DefinitionUri`: exactly one.
fn read_definition(
    fields: &Fields<'_>,
    resource: &Resource<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<Definition> {
    match (fields.get("Definition"), fields.get("DefinitionUri")) {
        (None, Some(field)) => reader::string(&field, found).map(Definition::Uri),
        (Some(field), None) => read_inline(&field, found),
        (Some(inline), Some(uri)) => {
            let (first, second) = if inline.key_span <= uri.key_span {
                (inline, uri)
            } else {
                (uri, inline)
            };
            found.push(
                Diagnostic::error(
                    codes::EXCLUSIVE_PROPERTIES,
                    "`Definition` and `DefinitionUri` exclude each other",
                )
                .with_span(second.key_span)
                .with_related(first.key_span, "the other one is here")
                .with_help("keep one of the two")
                .with_location(second.location.as_str()),
            );
            None
        }
        (None, None) => {
            found.push(
                Diagnostic::error(
                    codes::MISSING_PROPERTY,
                    format!(
                        "The state machine `{}` has no definition",
                        resource.logical_id
                    ),
                )
                .with_span(resource.span)
                .with_label("has no definition")
                .with_help("add `DefinitionUri`: the path of an `.asl.json` or `.asl.yaml` file")
                .with_location(format!("{}/Properties", resource.location)),
            );
            None
        }
    }
}

fn read_inline(field: &Field<'_>, found: &mut Vec<Diagnostic>) -> Option<Definition> {
    let problems_before = found.len();
    intrinsic::refuse_inside(field.node, &field.location, found);
    if found.len() > problems_before {
        return None;
    }
    if field.node.members().is_none() {
        found.push(
            reader::wrong_type(field, "an object")
                .with_help("for the path of a file, use `DefinitionUri`"),
        );
        return None;
    }
    Some(Definition::Inline {
        value: field.node.to_value(),
        span: field.node.span,
    })
}
