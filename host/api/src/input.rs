//! Reading the members of an input as AWS's model says, with AWS's words for what is wrong: every
//! constraint that is broken is told of in one message.

use serde_json::{Map, Value};

use crate::error::ApiError;

/// The members of an input, read one by one. [`Members::finish`] tells of all broken constraints.
#[derive(Debug)]
pub struct Members<'a> {
    members: Option<&'a Map<String, Value>>,
    broken: Vec<String>,
    mistyped: Option<String>,
}

impl<'a> Members<'a> {
    /// Of an object; anything else has no members.
    pub fn of(input: &'a Value) -> Members<'a> {
        Members {
            members: input.as_object(),
            broken: Vec::new(),
            mistyped: None,
        }
    }

    /// A member; `null` is as good as absent.
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        self.members?.get(name).filter(|value| !value.is_null())
    }

    /// A text, if it is given.
    pub fn text(&mut self, name: &'static str) -> Option<&'a str> {
        match self.value(name)? {
            Value::String(text) => Some(text),
            other => self.mistyped(name, "STRING_VALUE", other),
        }
    }

    /// A text of so many characters, if it is given.
    pub fn sized_text(&mut self, name: &'static str, min: usize, max: usize) -> Option<&'a str> {
        let text = self.text(name)?;
        let length = text.chars().count();
        if length < min {
            self.breaks(
                name,
                text,
                &format!("Member must have length greater than or equal to {min}"),
            );
        } else if length > max {
            self.breaks(
                name,
                text,
                &format!("Member must have length less than or equal to {max}"),
            );
        }
        Some(text)
    }

    /// A text that has to be given; empty where it is not, which [`Members::finish`] then tells.
    pub fn required(&mut self, name: &'static str, min: usize, max: usize) -> &'a str {
        if self.value(name).is_none() {
            self.missing(name);
        }
        self.sized_text(name, min, max).unwrap_or_default()
    }

    /// One of these texts, if it is given.
    pub fn one_of(&mut self, name: &'static str, choices: &[&'static str]) -> Option<&'static str> {
        let text = self.text(name)?;
        let found = choices.iter().find(|choice| **choice == text).copied();
        if found.is_none() {
            let set = choices.join(", ");
            self.breaks(
                name,
                text,
                &format!("Member must satisfy enum value set: [{set}]"),
            );
        }
        found
    }

    /// A whole number within these bounds, if it is given.
    pub fn number(&mut self, name: &'static str, min: i64, max: i64) -> Option<i64> {
        let value = self.value(name)?;
        let Some(number) = value.as_i64() else {
            return self.mistyped(name, "NUMBER_VALUE", value);
        };
        if number < min {
            let text = format!("Member must have value greater than or equal to {min}");
            self.breaks(name, &number.to_string(), &text);
        } else if number > max {
            let text = format!("Member must have value less than or equal to {max}");
            self.breaks(name, &number.to_string(), &text);
        }
        Some(number)
    }

    /// `true` or `false`, if it is given.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.value(name)? {
            Value::Bool(flag) => Some(*flag),
            other => self.mistyped(name, "TRUE_VALUE or FALSE_VALUE", other),
        }
    }

    /// An object, if it is given.
    pub fn object(&mut self, name: &'static str) -> Option<&'a Map<String, Value>> {
        match self.value(name)? {
            Value::Object(object) => Some(object),
            other => self.mistyped(name, "START_OBJECT", other),
        }
    }

    /// A list, if it is given.
    pub fn list(&mut self, name: &'static str) -> Option<&'a [Value]> {
        match self.value(name)? {
            Value::Array(list) => Some(list),
            other => self.mistyped(name, "START_ARRAY", other),
        }
    }

    /// A required member is not there.
    pub fn missing(&mut self, name: &str) {
        self.broken.push(format!(
            "Value null at '{name}' failed to satisfy constraint: Member must not be null"
        ));
    }

    /// A member breaks a constraint, in AWS's words: `Member must …`.
    pub fn breaks(&mut self, name: &str, value: &str, constraint: &str) {
        self.broken.push(format!(
            "Value '{value}' at '{name}' failed to satisfy constraint: {constraint}"
        ));
    }

    fn mistyped<T>(&mut self, name: &str, wanted: &str, found: &Value) -> Option<T> {
        let kind = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        self.mistyped
            .get_or_insert_with(|| format!("{name}: {wanted} expected, {kind} found."));
        None
    }

    /// Whether all of it was as it must be.
    ///
    /// # Errors
    /// `SerializationException` for a member of another type; `ValidationException` with all broken
    /// constraints (ASL.md §8.1).
    pub fn finish(self) -> Result<(), ApiError> {
        if let Some(message) = self.mistyped {
            return Err(ApiError::new("SerializationException", message));
        }
        match self.broken.len() {
            0 => Ok(()),
            count => Err(ApiError::validation(format!(
                "{count} validation error{} detected: {}",
                if count == 1 { "" } else { "s" },
                self.broken.join("; ")
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_over_its_bound_is_told_in_the_services_words() {
        let input = json!({ "maxResults": 1001 });
        let mut members = Members::of(&input);
        members.number("maxResults", 0, 1_000);
        assert_eq!(
            members.finish().unwrap_err().message,
            "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy \
             constraint: Member must have value less than or equal to 1000"
        );
    }

    #[test]
    fn every_broken_constraint_is_told_of() {
        let input = json!({ "name": "", "status": "LOST" });
        let mut members = Members::of(&input);
        members.required("name", 1, 80);
        members.required("arn", 1, 80);
        members.one_of("status", &["RUNNING", "FAILED"]);
        let message = members.finish().unwrap_err().message;
        assert!(
            message.starts_with("3 validation errors detected: "),
            "{message}"
        );
        assert!(message.contains("[RUNNING, FAILED]"), "{message}");
    }

    #[test]
    fn a_member_of_another_type_is_a_serialization_error() {
        let input = json!({ "name": 5 });
        let mut members = Members::of(&input);
        members.text("name");
        assert_eq!(members.finish().unwrap_err().code, "SerializationException");
    }
}
