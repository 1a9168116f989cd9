//! `Metadata: Stepwell` of a function: the limits and grants that Lambda has no property for.
//! Other keys of `Metadata` belong to other tools and are left alone.

use source::{Diagnostic, Kind, Node, Span};

use crate::codes;
use crate::limits;
use crate::properties;
use crate::reader::{self, Field, Fields};

/// What the section says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stepwell {
    /// `Fuel`.
    pub(crate) fuel: Option<u64>,
    /// `Grants`.
    pub(crate) grants: Vec<String>,
    /// `Idempotent`.
    pub(crate) idempotent: bool,
    /// `MemoryMegabytes` (MB).
    pub(crate) memory_mb: Option<u32>,
    /// `TimeoutMillis` (ms).
    pub(crate) timeout_ms: Option<u32>,
}

/// Reads the section out of `Metadata`; what is wrong is filed and left at its default.
pub(crate) fn read(metadata: Option<&Field<'_>>, found: &mut Vec<Diagnostic>) -> Stepwell {
    metadata
        .and_then(|field| Fields::read(field, found))
        .and_then(|fields| fields.get("Stepwell"))
        .and_then(|field| Fields::read(&field, found))
        .map(|fields| read_stepwell(&fields, found))
        .unwrap_or_default()
}

fn read_stepwell(fields: &Fields<'_>, found: &mut Vec<Diagnostic>) -> Stepwell {
    properties::check(
        fields,
        properties::STEPWELL,
        codes::UNKNOWN_PROPERTY,
        "`Metadata: Stepwell`",
        found,
    );
    Stepwell {
        fuel: fields
            .get("Fuel")
            .and_then(|field| reader::integer(&field, limits::FUEL, found)),
        grants: fields
            .get("Grants")
            .map(|field| read_grants(&field, found))
            .unwrap_or_default(),
        idempotent: fields
            .get("Idempotent")
            .and_then(|field| reader::boolean(&field, found))
            .unwrap_or_default(),
        memory_mb: fields
            .get("MemoryMegabytes")
            .and_then(|field| reader::small_integer(&field, limits::MEMORY_MEGABYTES_MB, found)),
        timeout_ms: fields
            .get("TimeoutMillis")
            .and_then(|field| reader::small_integer(&field, limits::TIMEOUT_MILLIS, found)),
    }
}

/// A list of names. Which grants exist is the sandbox's to know.
fn read_grants(field: &Field<'_>, found: &mut Vec<Diagnostic>) -> Vec<String> {
    let items: &[Node] =
        match &field.node.value {
            Kind::Array(items) if field.node.tag.is_none() => items,
            Kind::Null => &[],
            _ => {
                found.push(reader::wrong_type(field, "a list of names").with_help(
                    "nothing is granted by default; leave the key out for a sealed task",
                ));
                return Vec::new();
            }
        };
    if items.len() > limits::GRANTS_MAX {
        found.push(field.error(
            codes::OUT_OF_RANGE,
            format!("`Grants` must have at most {} names", limits::GRANTS_MAX),
        ));
        return Vec::new();
    }
    let mut grants: Vec<(String, Span)> = Vec::new();
    for (index, node) in items.iter().enumerate() {
        let item = Field {
            key: "Grants",
            key_span: field.key_span,
            node,
            location: format!("{}/{index}", field.location),
        };
        let Some(name) = reader::string(&item, found) else {
            continue;
        };
        match grants.iter().find(|(known, _)| *known == name) {
            Some((_, first)) => found.push(
                item.error(
                    codes::INVALID_VALUE,
                    format!("the grant `{name}` stands twice"),
                )
                .with_related(*first, "first here"),
            ),
            None => grants.push((name, node.span)),
        }
    }
    grants.into_iter().map(|(name, _)| name).collect()
}
