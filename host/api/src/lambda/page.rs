//! `Marker` and `MaxItems` of the lists. A marker is the place after which to go on, in base64.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::failure::invalid;
use crate::error::ApiError;
use crate::limits::{LAMBDA_ITEMS_DEFAULT, LAMBDA_ITEMS_MAX};
use crate::operation::Reply;

/// A page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    /// Its first entry comes after this.
    pub(super) after: Option<String>,
    /// How many, at the most.
    pub(super) max: usize,
}

impl Page {
    /// Reads both members. They come from a query string: numbers are texts.
    ///
    /// # Errors
    /// ValidationException, InvalidParameterValueException.
    pub(super) fn read(input: &Value) -> Result<Page, ApiError> {
        let max = match input.get("MaxItems") {
            None | Some(Value::Null) => LAMBDA_ITEMS_DEFAULT,
            Some(value) => max_items(value)?,
        };
        let after = match input.get("Marker").and_then(Value::as_str) {
            None | Some("") => None,
            Some(marker) => Some(opened(marker)?),
        };
        Ok(Page { after, max })
    }
}

fn max_items(value: &Value) -> Result<usize, ApiError> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let number = text.parse::<usize>().ok();
    let number = number.filter(|number| (1..=LAMBDA_ITEMS_MAX).contains(number));
    // More than the service puts on a page is taken, and cut.
    number.map(|number| number.min(LAMBDA_ITEMS_DEFAULT)).ok_or_else(|| {
        let shown: String = text.chars().take(32).collect();
        ApiError::validation(format!(
            "1 validation error detected: Value '{shown}' at 'maxItems' failed to satisfy constraint: Member must have value from 1 to {LAMBDA_ITEMS_MAX}"
        ))
    })
}

fn opened(marker: &str) -> Result<String, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(marker).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(invalid_marker)
}

/// A marker that no list gave.
pub(super) fn invalid_marker() -> ApiError {
    invalid("The Marker is not one that a list gave.")
}

/// A list and, if it goes on, its marker.
pub(super) fn answer(name: &str, items: Vec<Value>, next: Option<String>) -> Reply {
    let mut answer = json!({ (name): items });
    if let (Some(next), Some(members)) = (next, answer.as_object_mut()) {
        members.insert("NextMarker".to_owned(), URL_SAFE_NO_PAD.encode(next).into());
    }
    answer.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_leads_back_to_its_place() {
        let Reply::Json(answer) = answer("Functions", Vec::new(), Some("pay:7".to_owned())) else {
            panic!("JSON");
        };
        let page = Page::read(&json!({ "Marker": answer["NextMarker"], "MaxItems": "3" })).unwrap();
        assert_eq!((page.after.as_deref(), page.max), (Some("pay:7"), 3));
    }

    #[test]
    fn the_number_of_items_has_bounds_on_both_sides() {
        let max = |value: Value| Page::read(&json!({ "MaxItems": value })).map(|page| page.max);
        assert_eq!(max(json!("1")), Ok(1));
        assert_eq!(max(json!("10000")), Ok(LAMBDA_ITEMS_DEFAULT));
        assert_eq!(max(Value::Null), Ok(LAMBDA_ITEMS_DEFAULT));
        for value in [json!("0"), json!("10001"), json!("x"), json!(-1), json!([])] {
            assert_eq!(max(value).unwrap_err().code, "ValidationException");
        }
        let refused = Page::read(&json!({ "Marker": "%" })).unwrap_err();
        assert_eq!(refused.code, "InvalidParameterValueException");
    }
}
