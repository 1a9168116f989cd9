//! `Globals: Function`: what every function of the template has unless it says otherwise.

use source::Diagnostic;

use crate::codes;
use crate::limits;
use crate::properties;
use crate::reader::{self, Field, Fields};

/// The shared properties that are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct FunctionDefaults {
    /// `CodeUri`.
    pub(crate) code_uri: Option<String>,
    /// `MemorySize` (MB).
    pub(crate) memory_mb: Option<u32>,
    /// `Timeout` (s).
    pub(crate) timeout_seconds: Option<u32>,
}

/// Reads the section; what is wrong in it is filed and left at its default.
pub(crate) fn read(field: &Field<'_>, found: &mut Vec<Diagnostic>) -> FunctionDefaults {
    let Some(globals) = Fields::read(field, found) else {
        return FunctionDefaults::default();
    };
    properties::check(
        &globals,
        properties::GLOBALS,
        codes::UNKNOWN_SECTION,
        "`Globals`",
        found,
    );
    globals
        .get("Function")
        .and_then(|function| Fields::read(&function, found))
        .map(|fields| read_function(&fields, found))
        .unwrap_or_default()
}

fn read_function(fields: &Fields<'_>, found: &mut Vec<Diagnostic>) -> FunctionDefaults {
    let (own, shared): (Vec<_>, Vec<_>) =
        fields.members.iter().cloned().partition(|member| {
            properties::FUNCTION_GLOBALS_NOT_SHARED.contains(&member.key.as_str())
        });
    for member in &own {
        found.push(not_shared(&Field::of(member, &fields.location)));
    }
    let shared = Fields {
        members: &shared,
        location: fields.location.clone(),
    };
    properties::check(
        &shared,
        properties::FUNCTION,
        codes::UNKNOWN_PROPERTY,
        "`Globals: Function`",
        found,
    );
    FunctionDefaults {
        code_uri: fields
            .get("CodeUri")
            .and_then(|field| reader::string(&field, found)),
        memory_mb: fields
            .get("MemorySize")
            .and_then(|field| reader::small_integer(&field, limits::MEMORY_SIZE_MB, found)),
        timeout_seconds: fields
            .get("Timeout")
            .and_then(|field| reader::small_integer(&field, limits::TIMEOUT_SECONDS, found)),
    }
}

fn not_shared(field: &Field<'_>) -> Diagnostic {
    Diagnostic::error(
        codes::UNKNOWN_PROPERTY,
        format!("`{}` cannot be shared among functions", field.key),
    )
    .with_span(field.key_span)
    .with_help("write it in the function's `Properties`")
    .with_location(field.location.as_str())
}
