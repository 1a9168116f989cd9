//! FunctionConfiguration and AliasConfiguration as clients read them.

use runtime::functions::{Alias, Configuration, Functions, Version};
use serde_json::{Map, Value, json};

/// A configuration under an ARN that says which version it is.
pub(super) fn qualified(functions: &Functions, configuration: &Configuration) -> Value {
    let arn = functions.qualified_arn(&configuration.name, configuration.version);
    of(configuration, &arn)
}

/// The same, but `$LATEST` under the plain ARN of its function.
pub(super) fn plain(functions: &Functions, configuration: &Configuration) -> Value {
    match configuration.version {
        Version::Latest => of(configuration, &functions.arn(&configuration.name)),
        Version::Number(_) => qualified(functions, configuration),
    }
}

/// A configuration under an ARN.
pub(super) fn of(configuration: &Configuration, arn: &str) -> Value {
    let settings = &configuration.settings;
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| {
        members.insert(name.to_owned(), value);
    };
    put("FunctionName", configuration.name.as_str().into());
    put("FunctionArn", arn.into());
    put("Role", settings.role.as_str().into());
    for (name, value) in [
        ("Runtime", &settings.runtime),
        ("Handler", &settings.handler),
    ] {
        if let Some(value) = value {
            put(name, value.as_str().into());
        }
    }
    put("CodeSize", configuration.code.bytes.into());
    put("CodeSha256", configuration.code.sha256.as_str().into());
    put("Description", settings.description.as_str().into());
    put("Timeout", settings.timeout_seconds.into());
    put("MemorySize", settings.memory_megabytes.into());
    let modified = configuration.modified_at.to_iso_millis();
    put("LastModified", modified.replace('Z', "+0000").into());
    put("Version", configuration.version.to_string().into());
    put("RevisionId", configuration.revision_id.as_str().into());
    put("State", "Active".into());
    put("LastUpdateStatus", "Successful".into());
    put("PackageType", "Zip".into());
    put("Architectures", settings.architectures.clone().into());
    if let Some(environment) = &settings.environment {
        put("Environment", json!({ "Variables": environment.0 }));
    }
    let log_group = match &settings.log_group {
        Some(group) => group.clone(),
        None => format!("/aws/lambda/{}", configuration.name),
    };
    put(
        "LoggingConfig",
        json!({ "LogFormat": "Text", "LogGroup": log_group }),
    );
    put("TracingConfig", json!({ "Mode": "PassThrough" }));
    put("EphemeralStorage", json!({ "Size": 512 }));
    let mut apply_on = json!("None");
    for (name, value) in &settings.echoed {
        match name.as_str() {
            "SnapStart" => apply_on = value.get("ApplyOn").cloned().unwrap_or(apply_on),
            _ => put(name, value.clone()),
        }
    }
    put(
        "SnapStart",
        json!({ "ApplyOn": apply_on, "OptimizationStatus": "Off" }),
    );
    Value::Object(members)
}

/// AliasConfiguration.
pub(super) fn alias(functions: &Functions, alias: &Alias) -> Value {
    let mut value = json!({
        "AliasArn": functions.qualified_arn(&alias.function, &alias.name),
        "Name": alias.name,
        "FunctionVersion": alias.version.to_string(),
        "Description": alias.description,
        "RevisionId": alias.revision_id,
    });
    if let (Some((version, weight)), Some(members)) = (alias.additional, value.as_object_mut()) {
        let weights = json!({ "AdditionalVersionWeights": { (version.to_string()): weight } });
        members.insert("RoutingConfig".to_owned(), weights);
    }
    value
}

#[cfg(test)]
mod tests {
    use engine::Timestamp;
    use runtime::functions::{Code, Environment, Settings};

    use super::*;

    fn configuration(settings: Settings) -> Configuration {
        Configuration {
            name: "pay".to_owned(),
            version: Version::Number(7),
            settings,
            code: Code {
                sha256: "s".to_owned(),
                bytes: 5,
                digest: "d".to_owned(),
            },
            modified_at: Timestamp(0),
            revision_id: "r".to_owned(),
        }
    }

    #[test]
    fn a_configuration_has_what_waiters_and_terraform_read() {
        let shown = of(&configuration(Settings::default()), "arn");
        for (name, value) in [
            ("State", json!("Active")),
            ("LastUpdateStatus", json!("Successful")),
            ("LastModified", json!("1970-01-01T00:00:00.000+0000")),
            ("Version", json!("7")),
            ("Timeout", json!(3)),
            ("MemorySize", json!(128)),
            ("EphemeralStorage", json!({"Size": 512})),
            (
                "SnapStart",
                json!({"ApplyOn": "None", "OptimizationStatus": "Off"}),
            ),
            (
                "LoggingConfig",
                json!({"LogFormat": "Text", "LogGroup": "/aws/lambda/pay"}),
            ),
        ] {
            assert_eq!(shown[name], value, "{name}");
        }
        assert_eq!(shown.get("Environment"), None);
        assert_eq!(shown.get("Runtime"), None);
    }

    #[test]
    fn what_was_given_is_told_again() {
        let shown = of(
            &configuration(Settings {
                environment: Some(Environment([("AB".to_owned(), "c".to_owned())].into())),
                echoed: json!({"TracingConfig": {"Mode": "Active"}, "SnapStart": {"ApplyOn": "PublishedVersions"}})
                    .as_object()
                    .unwrap()
                    .clone(),
                ..Settings::default()
            }),
            "arn",
        );
        assert_eq!(shown["Environment"], json!({"Variables": {"AB": "c"}}));
        assert_eq!(shown["TracingConfig"], json!({"Mode": "Active"}));
        assert_eq!(shown["SnapStart"]["ApplyOn"], "PublishedVersions");
        assert_eq!(shown["SnapStart"]["OptimizationStatus"], "Off");
    }
}
