//! Typed access to the nodes of a template: each function returns the value or files exactly one
//! diagnostic that says what had to stand there.

use source::{Diagnostic, Kind, Member, Node, Span};

use crate::codes;
use crate::intrinsic;
use crate::limits::Bounds;

/// A value that was found under a key, and where.
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    /// Its key.
    pub(crate) key: &'a str,
    /// The key in the text.
    pub(crate) key_span: Span,
    /// The value.
    pub(crate) node: &'a Node,
    /// Its place as CloudFormation prints it: `/Resources/X/Properties/Timeout`.
    pub(crate) location: String,
}

impl<'a> Field<'a> {
    /// The value under `member`, which lies at `parent`.
    pub(crate) fn of(member: &'a Member, parent: &str) -> Field<'a> {
        Field {
            key: &member.key,
            key_span: member.key_span,
            node: &member.value,
            location: format!("{parent}/{}", member.key),
        }
    }

    /// An error about the value.
    pub(crate) fn error(&self, code: &'static str, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, message)
            .with_span(self.node.span)
            .with_location(self.location.as_str())
    }
}

/// An object whose members are asked for by name.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    /// In the order of the text.
    pub(crate) members: &'a [Member],
    /// Place of the object.
    pub(crate) location: String,
}

impl<'a> Fields<'a> {
    /// The object at `field`, or one diagnostic. `null` (a key with nothing after it) is an empty
    /// object, as YAML authors mean it.
    pub(crate) fn read(field: &Field<'a>, found: &mut Vec<Diagnostic>) -> Option<Fields<'a>> {
        if let Some(diagnostic) = intrinsic::refuse(field.node, &field.location) {
            found.push(diagnostic);
            return None;
        }
        let members: &[Member] = match &field.node.value {
            Kind::Object(members) => members,
            Kind::Null => &[],
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Array(_) => {
                found.push(wrong_type(field, "an object"));
                return None;
            }
        };
        Some(Fields {
            members,
            location: field.location.clone(),
        })
    }

    /// The value under `key`; of a key that stands twice (an error of its own), the first.
    pub(crate) fn get(&self, key: &str) -> Option<Field<'a>> {
        self.members
            .iter()
            .find(|member| member.key == key)
            .map(|member| Field::of(member, &self.location))
    }
}

/// A string that is not empty.
pub(crate) fn string(field: &Field<'_>, found: &mut Vec<Diagnostic>) -> Option<String> {
    if let Some(diagnostic) = intrinsic::refuse(field.node, &field.location) {
        found.push(diagnostic);
        return None;
    }
    match field.node.as_str() {
        Some("") => {
            found.push(field.error(
                codes::INVALID_VALUE,
                format!("`{}` must not be empty", field.key),
            ));
            None
        }
        Some(text) => Some(text.to_owned()),
        None => {
            let diagnostic = wrong_type(field, "a string");
            found.push(match &field.node.value {
                Kind::Null => diagnostic.with_help("give it a value, or leave the key out"),
                Kind::Number(_) | Kind::Bool(_) => diagnostic.with_help("put it in quotes"),
                Kind::String(_) | Kind::Array(_) | Kind::Object(_) => diagnostic,
            });
            None
        }
    }
}

/// A whole number within `bounds`. A quoted one counts too, as it does for CloudFormation.
pub(crate) fn integer(
    field: &Field<'_>,
    bounds: Bounds,
    found: &mut Vec<Diagnostic>,
) -> Option<u64> {
    if let Some(diagnostic) = intrinsic::refuse(field.node, &field.location) {
        found.push(diagnostic);
        return None;
    }
    let (value, written) = match &field.node.value {
        Kind::Number(number) => (number.as_u64(), number.to_string()),
        Kind::String(text) if is_integer(text) => (text.parse().ok(), text.clone()),
        Kind::Null | Kind::Bool(_) | Kind::String(_) | Kind::Array(_) | Kind::Object(_) => {
            found.push(wrong_type(field, "a whole number"));
            return None;
        }
    };
    match value {
        Some(value) if bounds.range().contains(&value) => Some(value),
        _ => {
            found.push(out_of_range(field, bounds, &written));
            None
        }
    }
}

/// [`integer`] for bounds that fit 32 bits.
pub(crate) fn small_integer(
    field: &Field<'_>,
    bounds: Bounds,
    found: &mut Vec<Diagnostic>,
) -> Option<u32> {
    integer(field, bounds, found).and_then(|value| u32::try_from(value).ok())
}

/// `true` or `false`.
pub(crate) fn boolean(field: &Field<'_>, found: &mut Vec<Diagnostic>) -> Option<bool> {
    if let Some(diagnostic) = intrinsic::refuse(field.node, &field.location) {
        found.push(diagnostic);
        return None;
    }
    let value = field.node.as_bool();
    if value.is_none() {
        found.push(wrong_type(field, "`true` or `false`"));
    }
    value
}

/// The diagnostic for a value of another type than `wanted` (with its article).
pub(crate) fn wrong_type(field: &Field<'_>, wanted: &str) -> Diagnostic {
    field
        .error(
            codes::WRONG_TYPE,
            format!("`{}` must be {wanted}", field.key),
        )
        .with_label(format!("this is {}", field.node.kind_name()))
}

fn out_of_range(field: &Field<'_>, bounds: Bounds, written: &str) -> Diagnostic {
    let Bounds { min, max, unit } = bounds;
    let legal = if max == u64::MAX {
        format!("at least {min}, a whole number")
    } else {
        format!("a whole number from {min} to {max} {unit}")
    };
    field
        .error(
            codes::OUT_OF_RANGE,
            format!("`{}` must be {legal}", field.key),
        )
        .with_label(format!("this is {written}"))
}

/// Digits, perhaps with a sign.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
