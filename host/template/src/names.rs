//! Names of functions and state machines: what AWS accepts, and no name twice.

use source::{Diagnostic, Span};

use crate::codes;
use crate::limits;
use crate::reader::{self, Field, Fields};
use crate::sections::Resource;

/// A resource with the place of its name: the name's value, or the logical id that stands in for it.
#[derive(Clone, Debug)]
pub(crate) struct Named<T> {
    /// The resource.
    pub(crate) value: T,
    /// Where its name stands.
    pub(crate) name_span: Span,
}

/// `FunctionName` or the logical id.
pub(crate) fn function(
    fields: &Fields<'_>,
    resource: &Resource<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<(String, Span)> {
    let legal = |name: &str| {
        name.chars().count() <= limits::FUNCTION_NAME_CHARS_MAX
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    let rule = format!(
        "1 to {} letters, digits, `-` and `_`",
        limits::FUNCTION_NAME_CHARS_MAX
    );
    read(fields.get("FunctionName"), resource, legal, &rule, found)
}

/// `Name` or the logical id.
pub(crate) fn machine(
    fields: &Fields<'_>,
    resource: &Resource<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<(String, Span)> {
    let legal = |name: &str| {
        name.chars().count() <= limits::MACHINE_NAME_CHARS_MAX
            && !name.chars().any(|c| {
                c.is_whitespace() || c.is_control() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c)
            })
    };
    let rule = format!(
        "1 to {} characters, no space and none of <>{{}}[]?*\"#%\\^|~`$&,;:/",
        limits::MACHINE_NAME_CHARS_MAX
    );
    read(fields.get("Name"), resource, legal, &rule, found)
}

fn read(
    field: Option<Field<'_>>,
    resource: &Resource<'_>,
    legal: impl Fn(&str) -> bool,
    rule: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<(String, Span)> {
    let (name, span) = match &field {
        Some(field) => (reader::string(field, found)?, field.node.span),
        None => (resource.logical_id.to_owned(), resource.span),
    };
    if legal(&name) {
        return Some((name, span));
    }
    let (key, location) = match &field {
        Some(field) => (field.key, field.location.as_str()),
        None => ("The logical id", resource.location.as_str()),
    };
    found.push(
        Diagnostic::error(codes::INVALID_NAME, format!("`{key}` is not a legal name"))
            .with_span(span)
            .with_help(format!("a name has {rule}"))
            .with_location(location),
    );
    None
}

/// Whether CloudFormation accepts this key of `Resources`.
pub(crate) fn is_logical_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= limits::LOGICAL_ID_CHARS_MAX
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Files a diagnostic for every name that an earlier resource of the same sort has already, with
/// both places. `sort` is the word for messages: "functions".
pub(crate) fn refuse_twins<T>(
    resources: &[Named<T>],
    name_of: impl Fn(&T) -> &str,
    sort: &str,
    found: &mut Vec<Diagnostic>,
) {
    for (index, second) in resources.iter().enumerate() {
        let name = name_of(&second.value);
        let first = resources
            .iter()
            .take(index)
            .find(|first| name_of(&first.value) == name);
        if let Some(first) = first {
            found.push(
                Diagnostic::error(
                    codes::DUPLICATE_NAME,
                    format!("Two {sort} have the name `{name}`"),
                )
                .with_span(second.name_span)
                .with_label("second here")
                .with_related(first.name_span, "first here")
                .with_help("rename one of them; a definition finds them by name"),
            );
        }
    }
}
