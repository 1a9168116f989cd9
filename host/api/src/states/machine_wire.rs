//! How the settings of machines look on the wire: logging, tracing, encryption, roles, tags.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::Workflow;
use runtime::machines::{Encryption, LogLevel, Logging, Revision};
use runtime::tags::Tag;
use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::input::Members;
use crate::limits::{ARN_CHARS_MAX, TAG_KEY_CHARS_MAX, TAG_VALUE_CHARS_MAX};

/// AWS's spelling of the kind of a machine.
pub(super) fn kind_name(kind: Workflow) -> &'static str {
    match kind {
        Workflow::Standard => "STANDARD",
        Workflow::Express => "EXPRESS",
    }
}

/// `loggingConfiguration`, if it is given, as its members say; [`checked_logging`] judges it.
pub(super) fn logging(members: &mut Members<'_>) -> Option<Logging> {
    members.inner("loggingConfiguration", |logging| Logging {
        level: match logging.one_of("level", &["ALL", "ERROR", "FATAL", "OFF"]) {
            Some("ALL") => LogLevel::All,
            Some("ERROR") => LogLevel::Error,
            Some("FATAL") => LogLevel::Fatal,
            _ => LogLevel::Off,
        },
        include_execution_data: logging.flag("includeExecutionData").unwrap_or_default(),
        destinations: logging
            .each("destinations", |destination| {
                let group = destination.inner("cloudWatchLogsLogGroup", |group| {
                    group.sized_text("logGroupArn", 1, ARN_CHARS_MAX)
                });
                group.flatten().unwrap_or_default().to_owned()
            })
            .unwrap_or_default(),
    })
}

/// Whether events can be logged like this. The log group need not exist: it is made by the first event.
///
/// # Errors
/// `InvalidLoggingConfiguration`.
pub(super) fn checked_logging(logging: Logging) -> Result<Logging, ApiError> {
    let refused = |why: &str| {
        let text = format!("Invalid Logging Configuration: {why}");
        Err(ApiError::new("InvalidLoggingConfiguration", text))
    };
    let is_missing = logging.destinations.is_empty() && logging.level != LogLevel::Off;
    if is_missing || logging.destinations.len() > 1 {
        return refused("Must specify exactly one Log Destination.");
    }
    match logging.destinations.first() {
        Some(arn) if !is_log_group(arn) => {
            refused("The Log Destination must be the ARN of a log group and end with ':*'.")
        }
        _ => Ok(logging),
    }
}

fn is_log_group(arn: &str) -> bool {
    let parts: Vec<&str> = arn.split(':').collect();
    matches!(
        parts.as_slice(),
        ["arn", _, "logs", _, _, "log-group", name, "*"] if !name.is_empty()
    )
}

/// As Describe shows it.
pub(super) fn logging_value(logging: &Logging) -> Value {
    let mut shown = Map::new();
    let level = logging.level.as_str();
    shown.insert("level".to_owned(), level.into());
    let includes = logging.include_execution_data;
    shown.insert("includeExecutionData".to_owned(), includes.into());
    if !logging.destinations.is_empty() {
        let destinations = logging.destinations.iter();
        let destinations = destinations
            .map(|arn| json!({ "cloudWatchLogsLogGroup": { "logGroupArn": arn } }))
            .collect();
        shown.insert("destinations".to_owned(), destinations);
    }
    Value::Object(shown)
}

/// `tracingConfiguration`, if it is given.
pub(super) fn tracing_enabled(members: &mut Members<'_>) -> Option<bool> {
    members.inner("tracingConfiguration", |tracing| {
        tracing.flag("enabled").unwrap_or_default()
    })
}

/// `encryptionConfiguration` as its members say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GivenEncryption {
    is_customers: bool,
    has_key: bool,
}

/// `encryptionConfiguration`, if it is given; [`checked_encryption`] judges it.
pub(super) fn encryption(members: &mut Members<'_>) -> Option<GivenEncryption> {
    members.inner("encryptionConfiguration", |given| {
        if given.value("type").is_none() {
            given.missing("type");
        }
        let kinds = ["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"];
        let kind = given.one_of("type", &kinds);
        let key = given.sized_text("kmsKeyId", 1, 2_048);
        let period = given.number("kmsDataKeyReusePeriodSeconds", 60, 900);
        GivenEncryption {
            is_customers: kind == Some("CUSTOMER_MANAGED_KMS_KEY"),
            has_key: key.is_some() || period.is_some(),
        }
    })
}

/// Whether it can be encrypted like this.
///
/// # Errors
/// `InvalidEncryptionConfiguration`: there are no keys of customers.
pub(super) fn checked_encryption(given: GivenEncryption) -> Result<Encryption, ApiError> {
    let why = match (given.is_customers, given.has_key) {
        (false, false) => return Ok(Encryption::AwsOwnedKey),
        (false, true) => "AWS_OWNED_KEY takes neither kmsKeyId nor kmsDataKeyReusePeriodSeconds",
        (true, _) => "this service has no KMS; use AWS_OWNED_KEY and encrypt its data folder",
    };
    let text = format!("Invalid Encryption Configuration: '{why}'");
    Err(ApiError::new("InvalidEncryptionConfiguration", text))
}

/// Whether a role could be one; there is no IAM that knows it.
///
/// # Errors
/// `InvalidArn`.
pub(super) fn check_role(arn: &str) -> Result<(), ApiError> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let is_role = match parts.as_slice() {
        ["arn", partition, "iam", "", account, role] => {
            !partition.is_empty()
                && account.len() == 12
                && account.bytes().all(|byte| byte.is_ascii_digit())
                && role
                    .strip_prefix("role/")
                    .is_some_and(|name| !name.is_empty())
        }
        _ => false,
    };
    match is_role {
        true => Ok(()),
        false => Err(ApiError::new(
            "InvalidArn",
            format!("Invalid Role Arn: '{arn}'"),
        )),
    }
}

/// Whether a version is described that is to be published.
///
/// # Errors
/// `ValidationException`.
pub(super) fn check_version_description(
    publish: bool,
    description: Option<&str>,
) -> Result<(), ApiError> {
    match description {
        Some(description) if !publish && !description.is_empty() => Err(ApiError::validation(
            "Version description can only be set when publish is true",
        )),
        _ => Ok(()),
    }
}

/// The settings that both Describe operations show.
pub(super) fn settings(revision: &Revision, shown: &mut Map<String, Value>) {
    let more = [
        ("roleArn", Value::from(&*revision.role_arn)),
        ("loggingConfiguration", logging_value(&revision.logging)),
        (
            "tracingConfiguration",
            json!({ "enabled": revision.tracing_enabled }),
        ),
        (
            "encryptionConfiguration",
            json!({ "type": revision.encryption.as_str() }),
        ),
    ];
    for (member, value) in more {
        shown.insert(member.to_owned(), value);
    }
    if let Some(id) = revision.shown_id() {
        shown.insert("revisionId".to_owned(), Value::from(&**id));
    }
    let references = &revision.machine.variable_references;
    if !references.is_empty() {
        let of_state = |names: &BTreeSet<Arc<str>>| names.iter().map(|name| &**name).collect();
        let shown_references: Map<String, Value> = references
            .iter()
            .map(|(state, names)| (state.to_string(), of_state(names)))
            .collect();
        shown.insert("variableReferences".to_owned(), shown_references.into());
    }
}

/// The definition, or what is shown in its place.
pub(super) fn definition_value(revision: &Revision, is_wanted: bool) -> Value {
    Value::from(if is_wanted {
        &*revision.definition
    } else {
        "{}"
    })
}

/// `tags`, if they are given.
pub(super) fn tags(members: &mut Members<'_>) -> Option<Vec<Tag>> {
    members.each("tags", |tag| Tag {
        key: text_of(tag, "key", 1, TAG_KEY_CHARS_MAX),
        value: text_of(tag, "value", 0, TAG_VALUE_CHARS_MAX),
    })
}

fn text_of(members: &mut Members<'_>, name: &'static str, min: usize, max: usize) -> String {
    let text = members.sized_text(name, min, max);
    text.unwrap_or_default().to_owned()
}

/// Whether these may be tags.
///
/// # Errors
/// `ValidationException`.
pub(super) fn check_tags(tags: &[Tag]) -> Result<(), ApiError> {
    let is_fine = |text: &str| {
        text.chars()
            .all(|c| c.is_alphanumeric() || c.is_whitespace() || "_.:/=+-@".contains(c))
    };
    for tag in tags {
        if tag.key.is_empty() {
            return Err(ApiError::validation("A tag must have a key"));
        }
        if !is_fine(&tag.key) || !is_fine(&tag.value) {
            return Err(ApiError::validation(
                "Tags may hold letters, digits, white space and _ . : / = + - @ only",
            ));
        }
        if is_reserved(&tag.key) {
            return Err(ApiError::validation(
                "Keys of tags that begin with aws: are reserved",
            ));
        }
    }
    Ok(())
}

fn is_reserved(key: &str) -> bool {
    key.get(..4)
        .is_some_and(|head| head.eq_ignore_ascii_case("aws:"))
}
