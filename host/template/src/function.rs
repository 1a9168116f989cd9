//! One `AWS::Serverless::Function`.

use source::Diagnostic;

use crate::codes;
use crate::globals::FunctionDefaults;
use crate::limits;
use crate::metadata;
use crate::model::Function;
use crate::names::{self, Named};
use crate::properties;
use crate::reader;
use crate::sections::Resource;

/// The function, if all that it cannot do without could be read; with the place of its name.
pub(crate) fn read(
    resource: &Resource<'_>,
    defaults: &FunctionDefaults,
    found: &mut Vec<Diagnostic>,
) -> Option<Named<Function>> {
    let fields = resource.properties(found)?;
    properties::check(
        &fields,
        properties::FUNCTION,
        codes::UNKNOWN_PROPERTY,
        "`AWS::Serverless::Function`",
        found,
    );
    let stepwell = metadata::read(resource.metadata.as_ref(), found);
    let name = names::function(&fields, resource, found);
    let memory_size_mb = fields
        .get("MemorySize")
        .and_then(|field| reader::small_integer(&field, limits::MEMORY_SIZE_MB, found));
    let timeout_seconds = fields
        .get("Timeout")
        .and_then(|field| reader::small_integer(&field, limits::TIMEOUT_SECONDS, found));
    let code_uri = match fields.get("CodeUri") {
        Some(field) => reader::string(&field, found),
        None => defaults.code_uri.clone().or_else(|| {
            found.push(missing_code(resource));
            None
        }),
    };
    let (name, name_span) = name?;
    Some(Named {
        name_span,
        value: Function {
            logical_id: resource.logical_id.to_owned(),
            name,
            code_uri: code_uri?,
            memory_mb: stepwell
                .memory_mb
                .or(memory_size_mb)
                .or(defaults.memory_mb)
                .unwrap_or(limits::MEMORY_SIZE_DEFAULT_MB),
            timeout_ms: stepwell
                .timeout_ms
                .or(timeout_seconds.or(defaults.timeout_seconds).map(millis))
                .unwrap_or(limits::TIMEOUT_DEFAULT_MS),
            fuel: stepwell.fuel,
            grants: stepwell.grants,
            idempotent: stepwell.idempotent,
            span: resource.span,
        },
    })
}

/// Seconds within [`limits::TIMEOUT_SECONDS`] as milliseconds.
fn millis(seconds: u32) -> u32 {
    seconds.saturating_mul(1_000)
}

fn missing_code(resource: &Resource<'_>) -> Diagnostic {
    Diagnostic::error(
        codes::MISSING_PROPERTY,
        format!("The function `{}` has no `CodeUri`", resource.logical_id),
    )
    .with_span(resource.span)
    .with_label("has no code")
    .with_help("add `CodeUri`: the folder of a task crate or a `.wasm` file")
    .with_location(format!("{}/Properties", resource.location))
}
