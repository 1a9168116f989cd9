//! CreateFunction.

use runtime::functions::{NewFunction, Settings};
use serde_json::Value;

use super::failure::invalid;
use super::settings::{self, SettingsChange};
use super::{code, shape, wire};
use crate::error::ApiError;
use crate::input::Members;
use crate::operation::{Call, Operation, Reply};

/// The operation.
pub(super) const OPERATION: Operation = Operation {
    name: "CreateFunction",
    route: Some("POST /2015-03-31/functions"),
    resource: wire::resource,
    run: crate::run!(run),
};

async fn run(call: Call) -> Result<Reply, ApiError> {
    let new = read(&call.input)?;
    let functions = &call.services.functions;
    let made = functions.create(new).await?;
    Ok(wire::created(&shape::plain(functions, &made)))
}

fn read(input: &Value) -> Result<NewFunction, ApiError> {
    let mut members = Members::told_in_lower_case(input);
    members.required("FunctionName", 1, 140);
    members.required("Role", 0, 10_000);
    if members.object("Code").is_none() && members.value("Code").is_none() {
        members.missing("Code");
    }
    members.one_of("PackageType", &["Zip", "Image"]);
    let change = SettingsChange::read(&mut members);
    let publish = members.flag("Publish").unwrap_or_default();
    let tags = settings::texts(&mut members, "Tags").unwrap_or_default();
    members.finish()?;
    settings::refuse_unavailable(input)?;
    if input.get("PackageType").and_then(Value::as_str) == Some("Image") {
        return Err(invalid(
            "PackageType Image is not available on this host: upload a component with PackageType Zip.",
        ));
    }
    let name = wire::unqualified(input)?;
    let upload = code::upload(input.get("Code").unwrap_or(&Value::Null))?;
    let mut settings = Settings::default();
    change.apply(&mut settings);
    Ok(NewFunction {
        name,
        settings,
        upload,
        publish,
        tags,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn everything_that_is_missing_is_told_at_once() {
        let refused = read(&json!({})).unwrap_err();
        assert_eq!(refused.code, "ValidationException");
        for name in ["'functionName'", "'role'", "'code'"] {
            assert!(refused.message.contains(name), "{refused}");
        }
    }

    #[test]
    fn a_request_as_the_command_line_makes_it_is_taken() {
        let new = read(&json!({
            "FunctionName": "pay",
            "Runtime": "provided.al2023",
            "Role": "arn:aws:iam::123456789012:role/r",
            "Handler": "task",
            "Code": { "ZipFile": "AGFzbQ==" },
            "Timeout": 30,
            "MemorySize": 256,
            "Environment": { "Variables": { "TABLE": "orders" } },
            "Tags": { "team": "a" },
            "Publish": true,
        }))
        .unwrap();
        assert_eq!(new.upload, b"\0asm");
        assert_eq!(
            (new.settings.timeout_seconds, new.settings.memory_megabytes),
            (30, 256)
        );
        assert_eq!(new.settings.environment.unwrap().0["TABLE"], "orders");
        assert!(new.publish && new.tags.contains_key("team"));
    }

    #[test]
    fn an_image_is_refused() {
        let refused = read(&json!({
            "FunctionName": "pay",
            "Role": "arn:aws:iam::123456789012:role/r",
            "PackageType": "Image",
            "Code": { "ImageUri": "x" },
        }))
        .unwrap_err();
        assert_eq!(refused.code, "InvalidParameterValueException");
    }
}
