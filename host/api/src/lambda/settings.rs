//! The members of CreateFunction and UpdateFunctionConfiguration that say how a function runs: those that
//! count, those that are kept and told, and those that are refused because they would count and cannot.

use std::collections::BTreeMap;

use runtime::functions::{Environment, Settings};
use runtime::limits::{
    FUNCTION_MEMORY_MEGABYTES_MAX, FUNCTION_MEMORY_MEGABYTES_MIN, FUNCTION_TIMEOUT_SECONDS_MAX,
};
use serde_json::{Map, Value};

use super::failure::invalid;
use crate::error::ApiError;
use crate::input::Members;

/// What a request says of it; what is `None` stays as it is.
#[derive(Debug, Default)]
pub(super) struct SettingsChange {
    role: Option<String>,
    handler: Option<String>,
    runtime: Option<String>,
    description: Option<String>,
    timeout_seconds: Option<u32>,
    memory_megabytes: Option<u32>,
    environment: Option<Environment>,
    architectures: Option<Vec<String>>,
    log_group: Option<String>,
    echoed: Map<String, Value>,
}

/// Objects that are kept and told, without meaning for a component.
const ECHOED: [&str; 4] = [
    "EphemeralStorage",
    "SnapStart",
    "TracingConfig",
    "VpcConfig",
];

/// Members that would change what a function is or sees, and what to do instead.
const REFUSED: [(&str, &str); 9] = [
    ("Layers", "build what is in them into the component"),
    ("FileSystemConfigs", "a component reaches no files"),
    ("ImageConfig", "the code is a component, not an image"),
    ("CodeSigningConfigArn", "signatures are not checked"),
    (
        "TenancyConfig",
        "every invocation has an instance of its own",
    ),
    ("CapacityProviderConfig", "components run on this host"),
    ("DurableConfig", "a state machine makes steps durable"),
    (
        "AcceleratorConfig",
        "components run on this host's processor",
    ),
    (
        "RuntimeConfig",
        "the code is a component and brings what it needs",
    ),
];

impl SettingsChange {
    /// Reads the members; [`Members::finish`] is the caller's.
    pub(super) fn read(members: &mut Members<'_>) -> SettingsChange {
        let role = members.sized_text("Role", 0, 10_000);
        if let Some(role) = role.filter(|role| !is_role(role)) {
            let constraint =
                "Member must be the ARN of a role: arn:aws:iam::123456789012:role/NAME";
            members.breaks("Role", role, constraint);
        }
        let timeout_max = i64::from(FUNCTION_TIMEOUT_SECONDS_MAX);
        let memory_min = i64::from(FUNCTION_MEMORY_MEGABYTES_MIN);
        let memory_max = i64::from(FUNCTION_MEMORY_MEGABYTES_MAX);
        let timeout = members.number("Timeout", 1, timeout_max);
        let memory = members.number("MemorySize", memory_min, memory_max);
        let mut echoed = Map::new();
        for name in ECHOED {
            if let Some(object) = members.object(name) {
                echoed.insert(name.to_owned(), object.clone().into());
            }
        }
        SettingsChange {
            role: role.map(str::to_owned),
            handler: members.sized_text("Handler", 0, 128).map(str::to_owned),
            runtime: members.sized_text("Runtime", 1, 64).map(str::to_owned),
            description: members.sized_text("Description", 0, 256).map(str::to_owned),
            timeout_seconds: timeout.and_then(|seconds| seconds.try_into().ok()),
            memory_megabytes: memory.and_then(|megabytes| megabytes.try_into().ok()),
            environment: members
                .inner("Environment", |members| texts(members, "Variables"))
                .map(|variables| Environment(variables.unwrap_or_default())),
            architectures: architectures(members),
            log_group: log_group(members),
            echoed,
        }
    }

    pub(super) fn apply(&self, settings: &mut Settings) {
        fn set<T: Clone>(to: &mut T, from: Option<&T>) {
            if let Some(from) = from {
                to.clone_from(from);
            }
        }
        set(&mut settings.role, self.role.as_ref());
        set(&mut settings.description, self.description.as_ref());
        set(&mut settings.timeout_seconds, self.timeout_seconds.as_ref());
        set(
            &mut settings.memory_megabytes,
            self.memory_megabytes.as_ref(),
        );
        set(&mut settings.architectures, self.architectures.as_ref());
        for (to, from) in [
            (&mut settings.handler, &self.handler),
            (&mut settings.runtime, &self.runtime),
            (&mut settings.log_group, &self.log_group),
        ] {
            if from.is_some() {
                to.clone_from(from);
            }
        }
        if let Some(environment) = &self.environment {
            let is_empty = environment.0.is_empty();
            settings.environment = (!is_empty).then(|| environment.clone());
        }
        for (name, value) in &self.echoed {
            settings.echoed.insert(name.clone(), value.clone());
        }
    }
}

/// A map of texts, if it is given.
pub(super) fn texts(
    members: &mut Members<'_>,
    name: &'static str,
) -> Option<BTreeMap<String, String>> {
    let map = members.object(name)?;
    let mut found = BTreeMap::new();
    for (key, value) in map {
        match value.as_str() {
            Some(text) => {
                found.insert(key.clone(), text.to_owned());
            }
            // The key may be told, the value may be a secret.
            None => members.breaks(name, key, "Member must have a string value"),
        }
    }
    Some(found)
}

/// `x86_64` or `arm64`, if it is given.
pub(super) fn architectures(members: &mut Members<'_>) -> Option<Vec<String>> {
    members.list("Architectures")?;
    let given = members.texts("Architectures", 1, 64);
    let known: Vec<String> = given
        .iter()
        .filter(|name| ["x86_64", "arm64"].contains(*name))
        .map(|name| (*name).to_owned())
        .collect();
    if given.len() != 1 || known.len() != 1 {
        let constraint = "Member must be a list of one of: [x86_64, arm64]";
        members.breaks("Architectures", &given.join(", "), constraint);
    }
    Some(known)
}

fn log_group(members: &mut Members<'_>) -> Option<String> {
    let group = members.inner("LoggingConfig", |logging| {
        logging.one_of("LogFormat", &["Text"]);
        logging.sized_text("LogGroup", 1, 512).map(str::to_owned)
    });
    group.flatten()
}

/// `arn:aws:iam::123456789012:role/NAME`
fn is_role(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    parts.next() == Some("arn")
        && parts
            .next()
            .is_some_and(|partition| partition.starts_with("aws"))
        && parts.next() == Some("iam")
        && parts.next() == Some("")
        && parts.next().is_some_and(|account| {
            account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())
        })
        && parts
            .next()
            .and_then(|resource| resource.strip_prefix("role/"))
            .is_some_and(|name| !name.is_empty())
}

/// What would count and cannot.
///
/// # Errors
/// InvalidParameterValueException, naming the member and what to do.
pub(super) fn refuse_unavailable(input: &Value) -> Result<(), ApiError> {
    for (name, instead) in REFUSED {
        if input.get(name).is_some_and(|value| !is_nothing(value)) {
            return Err(invalid(format!(
                "{name} is not available on this host: {instead}."
            )));
        }
    }
    let target = input.pointer("/DeadLetterConfig/TargetArn");
    if target.is_some_and(|target| !is_nothing(target)) {
        return Err(invalid(
            "DeadLetterConfig is not available on this host: let a state machine catch the error.",
        ));
    }
    if input.get("KMSKeyArn").is_some_and(|key| !is_nothing(key)) {
        return Err(invalid(
            "KMSKeyArn is not available on this host: encrypt the disk under its data folder.",
        ));
    }
    Ok(())
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn applied(input: &Value) -> Result<Settings, ApiError> {
        let mut members = Members::told_in_lower_case(input);
        let change = SettingsChange::read(&mut members);
        members.finish()?;
        let mut settings = Settings::default();
        change.apply(&mut settings);
        Ok(settings)
    }

    #[test]
    fn what_is_not_given_stays() {
        assert_eq!(applied(&json!({})), Ok(Settings::default()));
        let settings = applied(&json!({ "Timeout": 9, "Environment": { "Variables": {} } }));
        let expected = Settings {
            timeout_seconds: 9,
            ..Settings::default()
        };
        assert_eq!(settings, Ok(expected));
    }

    #[test]
    fn bounds_hold_on_both_sides() {
        for (name, good, bad) in [
            ("Timeout", [1, 900], [0, 901]),
            ("MemorySize", [128, 10_240], [127, 10_241]),
        ] {
            for value in good {
                assert!(applied(&json!({ (name): value })).is_ok(), "{name} {value}");
            }
            for value in bad {
                let refused = applied(&json!({ (name): value })).unwrap_err();
                assert_eq!(refused.code, "ValidationException", "{name} {value}");
            }
        }
    }

    #[test]
    fn a_value_of_the_environment_is_never_told() {
        let input = json!({ "Environment": { "Variables": { "AB": 12345 } } });
        let refused = applied(&input).unwrap_err();
        assert!(
            refused.message.contains("'AB' at 'environment.variables'"),
            "{refused}"
        );
        assert!(!refused.message.contains("12345"), "{refused}");
    }

    #[test]
    fn what_would_count_and_cannot_is_refused_unless_it_is_empty() {
        for (name, value) in [
            ("Layers", json!(["arn"])),
            ("FileSystemConfigs", json!([{}])),
            ("DeadLetterConfig", json!({ "TargetArn": "arn" })),
            ("KMSKeyArn", json!("arn")),
            ("ImageConfig", json!({ "Command": [] })),
        ] {
            let refused = refuse_unavailable(&json!({ (name): value })).unwrap_err();
            assert_eq!(refused.code, "InvalidParameterValueException");
            assert!(refused.message.starts_with(name), "{refused}");
        }
        let nothing = json!({
            "Layers": [], "FileSystemConfigs": [], "DeadLetterConfig": {}, "KMSKeyArn": "",
            "ImageConfig": {}, "VpcConfig": { "SubnetIds": ["s"] },
        });
        assert_eq!(refuse_unavailable(&nothing), Ok(()));
    }

    #[test]
    fn a_role_is_the_arn_of_one() {
        assert!(is_role("arn:aws:iam::123456789012:role/path/name"));
        for text in [
            "",
            "role",
            "arn:aws:iam::1:role/x",
            "arn:aws:iam::123456789012:user/x",
        ] {
            assert!(!is_role(text), "{text}");
        }
    }
}
