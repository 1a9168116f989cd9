//! The versions that an alias means.

use runtime::functions::Version;
use serde_json::{Map, Value};

use super::failure::invalid;
use crate::error::ApiError;

/// `$LATEST` or a number.
///
/// # Errors
/// ValidationException.
pub(super) fn version(text: &str) -> Result<Version, ApiError> {
    Version::parse(text).ok_or_else(|| {
        let shown: String = text.chars().take(64).collect();
        ApiError::validation(format!(
            "1 validation error detected: Value '{shown}' at 'functionVersion' failed to satisfy constraint: Member must be $LATEST or a number"
        ))
    })
}

/// `RoutingConfig.AdditionalVersionWeights`: one other version at the most. `None`: nothing is said of it.
///
/// # Errors
/// InvalidParameterValueException, ValidationException.
pub(super) fn additional(input: &Value) -> Result<Option<Option<(Version, f64)>>, ApiError> {
    let Some(routing) = input.get("RoutingConfig").filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let none = Map::new();
    let weights = match routing.get("AdditionalVersionWeights") {
        None | Some(Value::Null) => &none,
        Some(Value::Object(weights)) => weights,
        Some(_) => {
            return Err(invalid(
                "AdditionalVersionWeights is a map of versions to numbers.",
            ));
        }
    };
    let mut entries = weights.iter();
    let Some((text, weight)) = entries.next() else {
        return Ok(Some(None));
    };
    if entries.next().is_some() {
        return Err(invalid(
            "Number of items in AdditionalVersionWeights cannot be greater than 1",
        ));
    }
    let Some(weight) = weight.as_f64() else {
        return Err(invalid("The weight of a version is a number from 0 to 1."));
    };
    Ok(Some(Some((version(text)?, weight))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(weights: Value) -> Result<Option<Option<(Version, f64)>>, ApiError> {
        additional(&json!({ "RoutingConfig": { "AdditionalVersionWeights": weights } }))
    }

    #[test]
    fn no_routing_stays_and_an_empty_one_ends_it() {
        assert_eq!(additional(&json!({})), Ok(None));
        assert_eq!(additional(&json!({ "RoutingConfig": {} })), Ok(Some(None)));
        assert_eq!(read(json!({})), Ok(Some(None)));
        assert_eq!(
            read(json!({ "2": 0.25 })),
            Ok(Some(Some((Version::Number(2), 0.25))))
        );
    }

    #[test]
    fn two_versions_and_what_is_no_weight_are_refused() {
        assert!(read(json!({ "2": 0.1, "3": 0.1 })).is_err());
        assert!(read(json!({ "2": "x" })).is_err());
        assert!(read(json!({ "live": 0.1 })).is_err());
        assert!(read(json!([])).is_err());
    }
}
