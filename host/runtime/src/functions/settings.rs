//! What is allowed in the settings and tags of a function.

use std::collections::BTreeMap;

use super::error::FunctionError;
use super::model::{Environment, Settings};
use crate::limits::{
    ENVIRONMENT_BYTES_MAX, FUNCTION_MEMORY_MEGABYTES_MAX, FUNCTION_MEMORY_MEGABYTES_MIN,
    FUNCTION_TAGS_MAX, FUNCTION_TIMEOUT_SECONDS_MAX,
};

/// Variables that Lambda sets itself.
const RESERVED: [&str; 18] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];

pub(super) fn check(settings: &Settings) -> Result<(), FunctionError> {
    if !(1..=FUNCTION_TIMEOUT_SECONDS_MAX).contains(&settings.timeout_seconds) {
        return invalid(format!(
            "Timeout must be between 1 and {FUNCTION_TIMEOUT_SECONDS_MAX} seconds."
        ));
    }
    let memory = FUNCTION_MEMORY_MEGABYTES_MIN..=FUNCTION_MEMORY_MEGABYTES_MAX;
    if !memory.contains(&settings.memory_megabytes) {
        return invalid(format!(
            "MemorySize must be between {FUNCTION_MEMORY_MEGABYTES_MIN} and {FUNCTION_MEMORY_MEGABYTES_MAX} MB."
        ));
    }
    settings
        .environment
        .as_ref()
        .map_or(Ok(()), check_environment)
}

fn check_environment(Environment(variables): &Environment) -> Result<(), FunctionError> {
    const UNABLE: &str = "Lambda was unable to configure your environment variables because the environment variables you have provided";
    let reserved: Vec<&str> = RESERVED
        .into_iter()
        .filter(|name| variables.contains_key(*name))
        .collect();
    if !reserved.is_empty() {
        return invalid(format!(
            "{UNABLE} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: {}",
            reserved.join(", ")
        ));
    }
    if let Some(name) = variables.keys().find(|name| !is_variable(name)) {
        return invalid(format!(
            "Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]; {name:?} does not"
        ));
    }
    let bytes: usize = variables
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if bytes > ENVIRONMENT_BYTES_MAX {
        return invalid(format!(
            "{UNABLE} exceeded the 4KB limit. They have {bytes} bytes."
        ));
    }
    Ok(())
}

fn is_variable(name: &str) -> bool {
    name.len() >= 2
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

pub(super) fn check_tags(tags: &BTreeMap<String, String>) -> Result<(), FunctionError> {
    if tags.len() > FUNCTION_TAGS_MAX {
        return invalid(format!(
            "The resource has more than {FUNCTION_TAGS_MAX} tags."
        ));
    }
    for (key, value) in tags {
        if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
            return invalid(
                "The key of a tag has 1 to 128 characters, its value at most 256.".to_owned(),
            );
        }
        if key.to_ascii_lowercase().starts_with("aws:") {
            return invalid("The key of a tag must not begin with aws:".to_owned());
        }
    }
    Ok(())
}

fn invalid(message: String) -> Result<(), FunctionError> {
    Err(FunctionError::Invalid(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<(), FunctionError> {
        let variables = variables.iter();
        let variables = variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        check(&Settings {
            environment: Some(Environment(variables.collect())),
            ..Settings::default()
        })
    }

    #[test]
    fn an_environment_at_its_limit_is_taken_and_one_byte_more_is_not() {
        let value = "v".repeat(ENVIRONMENT_BYTES_MAX - 2);
        assert!(with(&[("AB", &value)]).is_ok());
        let refusal = with(&[("ABC", &value)]).unwrap_err().to_string();
        assert!(
            refusal.contains("4KB") && !refusal.contains("vvv"),
            "{refusal}"
        );
    }

    #[test]
    fn reserved_and_malformed_variables_are_refused_without_their_values() {
        for name in ["AWS_REGION", "1A", "A", "A-B", ""] {
            let refusal = with(&[(name, "secret")]).unwrap_err().to_string();
            assert!(!refusal.contains("secret"), "{refusal}");
        }
    }

    #[test]
    fn timeout_and_memory_have_bounds_on_both_sides() {
        let check = |timeout_seconds, memory_megabytes| {
            check(&Settings {
                timeout_seconds,
                memory_megabytes,
                ..Settings::default()
            })
            .is_ok()
        };
        assert!(check(1, 128) && check(900, 10_240));
        assert!(!check(0, 128) && !check(901, 128) && !check(1, 127) && !check(1, 10_241));
    }

    #[test]
    fn tags_are_counted_and_measured() {
        let tags = |count: usize| (0..count).map(|n| (n.to_string(), String::new())).collect();
        assert!(check_tags(&tags(FUNCTION_TAGS_MAX)).is_ok());
        assert!(check_tags(&tags(FUNCTION_TAGS_MAX + 1)).is_err());
        let one = |key: &str, value: &str| check_tags(&[(key.to_owned(), value.to_owned())].into());
        assert!(one(&"k".repeat(128), &"v".repeat(256)).is_ok());
        assert!(one(&"k".repeat(129), "").is_err() && one("k", &"v".repeat(257)).is_err());
        assert!(one("aws:x", "").is_err());
    }
}
