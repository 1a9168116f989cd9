//! Which properties of SAM are read, which are ignored and which are refused, each with its reason.
//!
//! A property that could change what a task does is never ignored in silence: it is read, or the
//! template is refused. What only matters to AWS's own machinery is ignored, so that a template that
//! is deployed there is good here as it stands.

use source::{Diagnostic, Kind, Node};

use crate::codes;
use crate::intrinsic;
use crate::reader::{Field, Fields};
use source::nearest;

/// What is done with a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// Its value is read.
    Read,
    /// It has no bearing on how a task or a workflow runs here; for this reason.
    Ignored(&'static str),
    /// It would have a bearing, and cannot be honoured: what to do instead. Accepted when empty
    /// (`{}`, `[]`, `null`).
    Refused(&'static str),
}

use Treatment::{Ignored, Read, Refused};

/// A name and what is done with it.
pub(crate) type Table = &'static [(&'static str, Treatment)];

const CLOUD_IDENTITY: Treatment = Ignored("AWS permissions; here the grants decide");
const CLOUD_TRIGGER: Treatment = Ignored("who starts it is no part of what it does");
const CLOUD_RELEASE: Treatment = Ignored("versions and aliases as AWS rolls them out");
const CLOUD_CAPACITY: Treatment = Ignored("how AWS keeps instances ready");
const CLOUD_LOG: Treatment = Ignored("where AWS puts logs and traces");
const CLOUD_BUILD: Treatment = Ignored("a component has one build and one entry");
const FOR_PEOPLE: Treatment = Ignored("words for people");

/// `AWS::Serverless::Function`, `Properties`.
pub(crate) const FUNCTION: Table = &[
    ("FunctionName", Read),
    ("CodeUri", Read),
    ("MemorySize", Read),
    ("Timeout", Read),
    ("Architectures", CLOUD_BUILD),
    ("AssumeRolePolicyDocument", CLOUD_IDENTITY),
    ("AutoPublishAlias", CLOUD_RELEASE),
    ("AutoPublishAliasAllProperties", CLOUD_RELEASE),
    ("AutoPublishCodeSha256", CLOUD_RELEASE),
    ("CodeSigningConfigArn", CLOUD_BUILD),
    ("DeadLetterQueue", CLOUD_TRIGGER),
    ("DeploymentPreference", CLOUD_RELEASE),
    ("Description", FOR_PEOPLE),
    ("EventInvokeConfig", CLOUD_TRIGGER),
    ("Events", CLOUD_TRIGGER),
    ("FunctionUrlConfig", CLOUD_TRIGGER),
    ("Handler", CLOUD_BUILD),
    ("KmsKeyArn", CLOUD_IDENTITY),
    ("LoggingConfig", CLOUD_LOG),
    ("PackageType", CLOUD_BUILD),
    ("PermissionsBoundary", CLOUD_IDENTITY),
    ("Policies", CLOUD_IDENTITY),
    ("PropagateTags", FOR_PEOPLE),
    ("ProvisionedConcurrencyConfig", CLOUD_CAPACITY),
    ("RecursiveLoop", CLOUD_TRIGGER),
    ("ReservedConcurrentExecutions", CLOUD_CAPACITY),
    ("Role", CLOUD_IDENTITY),
    ("RolePath", CLOUD_IDENTITY),
    ("Runtime", CLOUD_BUILD),
    ("RuntimeManagementConfig", CLOUD_BUILD),
    ("SnapStart", CLOUD_CAPACITY),
    ("SourceKMSKeyArn", CLOUD_IDENTITY),
    ("Tags", FOR_PEOPLE),
    ("Tracing", CLOUD_LOG),
    ("VersionDescription", FOR_PEOPLE),
    ("VpcConfig", Ignored("a task reaches no network at all")),
    (
        "Environment",
        Refused("a task sees no environment; pass the value in the state's Parameters"),
    ),
    (
        "EphemeralStorage",
        Refused("a task has no file system; pass data in its input and output"),
    ),
    (
        "FileSystemConfigs",
        Refused("a task has no file system; pass data in its input and output"),
    ),
    (
        "ImageConfig",
        Refused("a function is a WebAssembly component; give its `CodeUri`"),
    ),
    (
        "ImageUri",
        Refused("a function is a WebAssembly component; give its `CodeUri`"),
    ),
    (
        "InlineCode",
        Refused("a function is a WebAssembly component; give its `CodeUri`"),
    ),
    (
        "Layers",
        Refused("a component is whole by itself; build the layer's code into the task"),
    ),
];

/// What SAM does not let functions share in `Globals: Function`.
pub(crate) const FUNCTION_GLOBALS_NOT_SHARED: &[&str] = &[
    "FunctionName",
    "Events",
    "FunctionUrlConfig",
    "ImageConfig",
    "ImageUri",
    "InlineCode",
    "PackageType",
    "Policies",
    "Role",
    "VersionDescription",
];

/// `AWS::Serverless::StateMachine`, `Properties`.
pub(crate) const MACHINE: Table = &[
    ("Definition", Read),
    ("DefinitionUri", Read),
    ("Name", Read),
    ("Type", Read),
    ("AutoPublishAlias", CLOUD_RELEASE),
    ("DeploymentPreference", CLOUD_RELEASE),
    ("EncryptionConfiguration", CLOUD_IDENTITY),
    ("Events", CLOUD_TRIGGER),
    ("Logging", CLOUD_LOG),
    ("PermissionsBoundary", CLOUD_IDENTITY),
    ("Policies", CLOUD_IDENTITY),
    ("PropagateTags", FOR_PEOPLE),
    ("Role", CLOUD_IDENTITY),
    ("RolePath", CLOUD_IDENTITY),
    ("Tags", FOR_PEOPLE),
    ("Tracing", CLOUD_LOG),
    ("UseAliasAsEventTarget", CLOUD_RELEASE),
    (
        "DefinitionSubstitutions",
        Refused("write the values into the definition"),
    ),
];

/// What stands beside `Properties` in a resource.
pub(crate) const RESOURCE: Table = &[
    ("Type", Read),
    ("Properties", Read),
    ("Metadata", Read),
    ("CreationPolicy", CLOUD_RELEASE),
    ("DeletionPolicy", CLOUD_RELEASE),
    ("DependsOn", CLOUD_RELEASE),
    ("UpdatePolicy", CLOUD_RELEASE),
    ("UpdateReplacePolicy", CLOUD_RELEASE),
    (
        "Condition",
        Refused("leave the resource out, or leave the condition out"),
    ),
    (
        "Connectors",
        Refused("say what a function may reach with `Metadata: Stepwell: Grants`"),
    ),
];

/// `Metadata: Stepwell` of a function: what Lambda has no property for.
pub(crate) const STEPWELL: Table = &[
    ("Fuel", Read),
    ("Grants", Read),
    ("Idempotent", Read),
    ("MemoryMegabytes", Read),
    ("TimeoutMillis", Read),
];

/// The sections of a template.
pub(crate) const SECTIONS: Table = &[
    ("Resources", Read),
    ("Globals", Read),
    ("Transform", Read),
    ("AWSTemplateFormatVersion", FOR_PEOPLE),
    ("Conditions", Ignored("where one is used, it is refused")),
    ("Description", FOR_PEOPLE),
    ("Hooks", CLOUD_RELEASE),
    ("Mappings", Ignored("where one is used, it is refused")),
    ("Metadata", FOR_PEOPLE),
    ("Outputs", FOR_PEOPLE),
    ("Parameters", Ignored("where one is used, it is refused")),
    ("Rules", CLOUD_RELEASE),
];

/// What SAM lets a template set for all resources of a type.
pub(crate) const GLOBALS: Table = &[
    ("Function", Read),
    ("Api", CLOUD_TRIGGER),
    ("CapacityProvider", CLOUD_CAPACITY),
    ("HttpApi", CLOUD_TRIGGER),
    ("LayerVersion", CLOUD_BUILD),
    ("SimpleTable", Ignored("a table is no part of a workflow")),
    (
        "StateMachine",
        Ignored("SAM shares only tags and the like among state machines"),
    ),
    ("WebSocketApi", CLOUD_TRIGGER),
];

/// Files a diagnostic for every member that `table` does not have or that cannot be honoured.
/// `code` names the unknown, `owner` says in a message what has the properties: "a function".
pub(crate) fn check(
    fields: &Fields<'_>,
    table: Table,
    code: &'static str,
    owner: &str,
    found: &mut Vec<Diagnostic>,
) {
    for member in fields.members {
        let field = Field::of(member, &fields.location);
        match table.iter().find(|(name, _)| *name == member.key) {
            Some((_, Read | Ignored(_))) => {}
            Some((_, Refused(help))) => {
                if !is_empty(field.node) {
                    found.push(refused(&field, help));
                }
            }
            None => found.push(unknown(&field, table, code, owner)),
        }
    }
}

fn refused(field: &Field<'_>, help: &str) -> Diagnostic {
    if let Some(diagnostic) = intrinsic::refuse(field.node, &field.location) {
        return diagnostic.with_help(help);
    }
    Diagnostic::error(
        codes::NOT_AVAILABLE,
        format!("`{}` is not available", field.key),
    )
    .with_span(field.key_span)
    .with_label("this cannot be honoured")
    .with_help(help)
    .with_location(field.location.as_str())
}

fn unknown(field: &Field<'_>, table: Table, code: &'static str, owner: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error(code, format!("`{}` is not known in {owner}", field.key))
        .with_span(field.key_span)
        .with_location(field.location.as_str());
    match nearest(field.key, table.iter().map(|(name, _)| *name)) {
        Some(known) => diagnostic.with_help(format!("did you mean `{known}`?")),
        None => diagnostic.with_help(format!("what is read here: {}", read_names(table))),
    }
}

/// The names that mean something here, for a help line.
fn read_names(table: Table) -> String {
    let names: Vec<String> = table
        .iter()
        .filter(|(_, treatment)| *treatment == Read)
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    names.join(", ")
}

/// Whether the value asks for nothing: `null`, `{}`, `[]`, or an object of nothing but such
/// (`Environment: {Variables: {}}`). The depth of the tree is bounded by the parser.
fn is_empty(node: &Node) -> bool {
    match &node.value {
        Kind::Null => true,
        Kind::Array(items) => items.is_empty(),
        Kind::Object(members) => members.iter().all(|member| is_empty(&member.value)),
        Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_stands_once_in_its_table() {
        for table in [FUNCTION, MACHINE, RESOURCE, STEPWELL, SECTIONS, GLOBALS] {
            let mut names: Vec<&str> = table.iter().map(|(name, _)| *name).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }

    #[test]
    fn what_functions_cannot_share_is_a_property_of_a_function() {
        for name in FUNCTION_GLOBALS_NOT_SHARED {
            assert!(FUNCTION.iter().any(|(known, _)| known == name), "{name}");
        }
    }
}
