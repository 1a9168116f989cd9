//! The code in CreateFunction and UpdateFunctionCode: `ZipFile`, in base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::failure::invalid;
use crate::error::ApiError;

/// Where code cannot be taken from.
const ELSEWHERE: [&str; 5] = [
    "S3Bucket",
    "S3Key",
    "S3ObjectVersion",
    "ImageUri",
    "SourceKMSKeyArn",
];

/// The bytes of `ZipFile` in this object.
///
/// # Errors
/// InvalidParameterValueException.
pub(super) fn upload(code: &Value) -> Result<Vec<u8>, ApiError> {
    if let Some(member) = ELSEWHERE
        .into_iter()
        .find(|member| code.get(member).is_some_and(|value| !value.is_null()))
    {
        return Err(invalid(format!(
            "{member} is not available on this host: put the component, or a zip that holds it, into ZipFile."
        )));
    }
    let Some(text) = code.get("ZipFile").and_then(Value::as_str) else {
        return Err(invalid(
            "Please provide a source for function code: a component, or a zip that holds one, in ZipFile.",
        ));
    };
    STANDARD
        .decode(text)
        .map_err(|error| invalid(format!("ZipFile is not base64: {error}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn code_comes_as_base64_and_from_nowhere_else() {
        assert_eq!(
            upload(&json!({ "ZipFile": "AGFzbQ==" })),
            Ok(b"\0asm".to_vec())
        );
        for code in [
            json!({}),
            json!({ "ZipFile": 5 }),
            json!({ "ZipFile": "ä" }),
            json!({ "S3Bucket": "b", "S3Key": "k" }),
            json!({ "ImageUri": "i" }),
        ] {
            let refused = upload(&code).unwrap_err();
            assert_eq!(refused.code, "InvalidParameterValueException", "{code}");
        }
    }
}
