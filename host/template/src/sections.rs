//! The template as a whole: its sections, and each resource to the reader of its type.

use std::collections::{BTreeMap, BTreeSet};

use source::{Diagnostic, Format, Kind, Node, Severity, Span};

use crate::codes;
use crate::function;
use crate::globals::{self, FunctionDefaults};
use crate::limits;
use crate::machine;
use crate::model::{Function, Parsed, StateMachine, Template};
use crate::names::{self, Named};
use crate::properties;
use crate::reader::{Field, Fields};
use source::nearest;

const FUNCTION_TYPE: &str = "AWS::Serverless::Function";
const MACHINE_TYPE: &str = "AWS::Serverless::StateMachine";
const TRANSFORM: &str = "AWS::Serverless-2016-10-31";

/// Reads a template. Never fails: a text that is not even JSON or YAML is one diagnostic.
///
/// After the call, `template` is there exactly when no diagnostic is an error, its names are legal
/// and unique, and every number is within the bounds that [`Function`] states.
#[must_use]
pub fn parse(text: &str, format: Format) -> Parsed {
    let mut found = Vec::new();
    let template = match source::parse(text, format) {
        Ok(root) => read_template(&root, &mut found),
        Err(diagnostic) => {
            found.push(diagnostic);
            Template::default()
        }
    };
    // Stable: two findings about one place stay in the order in which they were made.
    found.sort_by_key(|diagnostic| diagnostic.span.map(|span| span.start));
    let is_refused = found
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error);
    Parsed {
        template: (!is_refused).then_some(template),
        diagnostics: found,
    }
}

/// One entry of `Resources`.
#[derive(Clone, Debug)]
pub(crate) struct Resource<'a> {
    /// Its key.
    pub(crate) logical_id: &'a str,
    /// The key in the text.
    pub(crate) span: Span,
    /// `/Resources/<logical id>`.
    pub(crate) location: String,
    /// `Metadata`.
    pub(crate) metadata: Option<Field<'a>>,
    properties: Option<Field<'a>>,
}

impl<'a> Resource<'a> {
    /// `Properties`; none written is none set.
    pub(crate) fn properties(&self, found: &mut Vec<Diagnostic>) -> Option<Fields<'a>> {
        match &self.properties {
            Some(field) => Fields::read(field, found),
            None => Some(Fields {
                members: &[],
                location: format!("{}/Properties", self.location),
            }),
        }
    }
}

fn read_template(root: &Node, found: &mut Vec<Diagnostic>) -> Template {
    refuse_duplicate_keys(root, found);
    let Some(members) = root.members() else {
        found.push(
            Diagnostic::error(codes::WRONG_TYPE, "A template must be an object")
                .with_span(root.span)
                .with_label(format!("this is {}", root.kind_name())),
        );
        return Template::default();
    };
    let sections = Fields {
        members,
        location: String::new(),
    };
    properties::check(
        &sections,
        properties::SECTIONS,
        codes::UNKNOWN_SECTION,
        "a template",
        found,
    );
    let defaults = sections
        .get("Globals")
        .map(|field| globals::read(&field, found))
        .unwrap_or_default();
    let Some(resources) = sections.get("Resources") else {
        // A misspelt section has been reported, and is most likely this one.
        if !found
            .iter()
            .any(|known| known.code == codes::UNKNOWN_SECTION)
        {
            found.push(missing_resources(root));
        }
        return Template::default();
    };
    let template = Fields::read(&resources, found)
        .map(|resources| read_resources(&resources, &defaults, found))
        .unwrap_or_default();
    let is_serverless = !template.functions.is_empty() || !template.state_machines.is_empty();
    if is_serverless {
        check_transform(sections.get("Transform"), resources.key_span, found);
    }
    template
}

fn missing_resources(root: &Node) -> Diagnostic {
    Diagnostic::error(codes::MISSING_PROPERTY, "The template has no `Resources`")
        .with_span(Span::at(root.span.start))
        .with_label("they are missing here")
        .with_help(format!(
            "add `Resources`: an `{MACHINE_TYPE}` and each `{FUNCTION_TYPE}` that it calls"
        ))
}

fn read_resources(
    resources: &Fields<'_>,
    defaults: &FunctionDefaults,
    found: &mut Vec<Diagnostic>,
) -> Template {
    if let Some(beyond) = resources.members.get(limits::RESOURCES_MAX) {
        found.push(
            Diagnostic::error(
                codes::OUT_OF_RANGE,
                format!("A template has at most {} resources", limits::RESOURCES_MAX),
            )
            .with_span(beyond.key_span)
            .with_label("one too many"),
        );
        return Template::default();
    }
    let mut functions: Vec<Named<Function>> = Vec::new();
    let mut machines: Vec<Named<StateMachine>> = Vec::new();
    let mut logical_ids = BTreeSet::new();
    for member in resources.members {
        if !logical_ids.insert(member.key.as_str()) {
            continue; // A key that stands twice has been reported.
        }
        let field = Field::of(member, &resources.location);
        let Some((resource, type_field)) = read_resource(&field, found) else {
            continue;
        };
        match type_field.node.as_str() {
            Some(FUNCTION_TYPE) => functions.extend(function::read(&resource, defaults, found)),
            Some(MACHINE_TYPE) => machines.extend(machine::read(&resource, found)),
            _ => found.push(unknown_type(&type_field)),
        }
    }
    names::refuse_twins(&functions, |function| &function.name, "functions", found);
    names::refuse_twins(&machines, |machine| &machine.name, "state machines", found);
    Template {
        functions: functions.into_iter().map(|named| named.value).collect(),
        state_machines: machines.into_iter().map(|named| named.value).collect(),
    }
}

/// The frame of a resource and its `Type`. Resources of types that are not run here are not looked
/// into any further.
fn read_resource<'a>(
    field: &Field<'a>,
    found: &mut Vec<Diagnostic>,
) -> Option<(Resource<'a>, Field<'a>)> {
    if !names::is_logical_id(field.key) {
        found.push(
            Diagnostic::error(
                codes::INVALID_NAME,
                format!("`{}` is not a legal logical id", field.key),
            )
            .with_span(field.key_span)
            .with_help("a logical id has letters and digits only")
            .with_location("/Resources"),
        );
        return None;
    }
    let fields = Fields::read(field, found)?;
    let Some(type_field) = fields.get("Type") else {
        found.push(
            Diagnostic::error(
                codes::MISSING_PROPERTY,
                format!("The resource `{}` has no `Type`", field.key),
            )
            .with_span(field.key_span)
            .with_help(format!("add `Type`: `{FUNCTION_TYPE}` or `{MACHINE_TYPE}`"))
            .with_location(field.location.as_str()),
        );
        return None;
    };
    if matches!(type_field.node.as_str(), Some(FUNCTION_TYPE | MACHINE_TYPE)) {
        properties::check(
            &fields,
            properties::RESOURCE,
            codes::UNKNOWN_PROPERTY,
            "a resource",
            found,
        );
    }
    let resource = Resource {
        logical_id: field.key,
        span: field.key_span,
        location: field.location.clone(),
        metadata: fields.get("Metadata"),
        properties: fields.get("Properties"),
    };
    Some((resource, type_field))
}

fn unknown_type(field: &Field<'_>) -> Diagnostic {
    let Some(written) = field.node.as_str() else {
        return crate::reader::wrong_type(field, "a string");
    };
    let diagnostic = Diagnostic::warning(
        codes::UNKNOWN_RESOURCE_TYPE,
        format!("A resource of type `{written}` is not run here and is left out"),
    )
    .with_span(field.node.span)
    .with_location(field.location.as_str());
    let plain_twin = match written {
        "AWS::Lambda::Function" => Some(FUNCTION_TYPE),
        "AWS::StepFunctions::StateMachine" => Some(MACHINE_TYPE),
        _ => None,
    };
    match (plain_twin, nearest(written, [FUNCTION_TYPE, MACHINE_TYPE])) {
        (Some(twin), _) => diagnostic.with_help(format!("write it as `{twin}`")),
        (None, Some(known)) => diagnostic.with_help(format!("did you mean `{known}`?")),
        (None, None) => diagnostic,
    }
}

/// Without its `Transform`, AWS does not know what an `AWS::Serverless::…` is.
fn check_transform(field: Option<Field<'_>>, resources: Span, found: &mut Vec<Diagnostic>) {
    let says_sam = field.as_ref().is_some_and(|field| match &field.node.value {
        Kind::String(text) => text == TRANSFORM,
        Kind::Array(items) => items.iter().any(|item| item.as_str() == Some(TRANSFORM)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Object(_) => false,
    });
    if !says_sam {
        found.push(
            Diagnostic::warning(
                codes::MISSING_TRANSFORM,
                "The template does not say that it is SAM",
            )
            .with_span(field.map_or(resources, |field| field.node.span))
            .with_label("AWS would refuse these resources")
            .with_help(format!("add `Transform: {TRANSFORM}`"))
            .with_location("/Transform"),
        );
    }
}

/// One diagnostic for every key that stands twice in one object, anywhere in the template. The depth
/// of the tree is bounded by the parser.
fn refuse_duplicate_keys(node: &Node, found: &mut Vec<Diagnostic>) {
    match &node.value {
        Kind::Object(members) => {
            let mut first_places = BTreeMap::new();
            for member in members {
                match first_places.get(member.key.as_str()) {
                    Some(first) => found.push(
                        Diagnostic::error(
                            codes::DUPLICATE_KEY,
                            format!("The key `{}` stands twice", member.key),
                        )
                        .with_span(member.key_span)
                        .with_label("second here")
                        .with_related(*first, "first here"),
                    ),
                    None => {
                        first_places.insert(member.key.as_str(), member.key_span);
                    }
                }
                refuse_duplicate_keys(&member.value, found);
            }
        }
        Kind::Array(items) => {
            for item in items {
                refuse_duplicate_keys(item, found);
            }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
    }
}
