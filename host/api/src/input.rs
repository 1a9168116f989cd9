//! Reading the members of an input as AWS's model says, with AWS's words for what is wrong: every
//! constraint that is broken is told of in one message.

use serde_json::{Map, Value};

use crate::error::ApiError;
use crate::limits::QUOTED_CHARS_MAX;

/// The members of an input, read one by one. [`Members::finish`] tells of all broken constraints.
#[derive(Debug)]
pub struct Members<'a> {
    members: Option<&'a Map<String, Value>>,
    /// What comes before a name in constraint texts: `routingConfiguration.1.member.`.
    path: String,
    /// Names begin in lower case there, however they are spelt in the input.
    lowers: bool,
    broken: Vec<String>,
    mistyped: Option<String>,
}

impl<'a> Members<'a> {
    /// Of an object; anything else has no members.
    pub fn of(input: &'a Value) -> Members<'a> {
        Members {
            members: input.as_object(),
            path: String::new(),
            lowers: false,
            broken: Vec::new(),
            mistyped: None,
        }
    }

    /// The same, for a service whose messages spell `MemorySize` as `memorySize`: Lambda.
    pub fn told_in_lower_case(input: &'a Value) -> Members<'a> {
        Members {
            lowers: true,
            ..Members::of(input)
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
        self.check_length(name, text, min, max);
        Some(text)
    }

    fn check_length(&mut self, name: &str, text: &str, min: usize, max: usize) {
        let length = text.chars().count();
        if length < min {
            let constraint = format!("Member must have length greater than or equal to {min}");
            self.breaks(name, text, &constraint);
        } else if length > max {
            let constraint = format!("Member must have length less than or equal to {max}");
            self.breaks(name, text, &constraint);
        }
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

    /// A list of texts of so many characters each; empty where it is not given.
    pub fn texts(&mut self, name: &'static str, min: usize, max: usize) -> Vec<&'a str> {
        let items = self.list(name).unwrap_or_default();
        let mut found = Vec::with_capacity(items.len());
        for (number, item) in (1..).zip(items) {
            let path = format!("{name}.{number}.member");
            let Some(text) = item.as_str() else {
                self.mistyped::<()>(&path, "STRING_VALUE", item);
                continue;
            };
            self.check_length(&path, text, min, max);
            found.push(text);
        }
        found
    }

    /// Reads an object that is a member, if it is given.
    pub fn inner<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Members<'a>) -> T,
    ) -> Option<T> {
        self.object(name)?;
        let object = self.value(name)?;
        Some(self.within(name, object, read))
    }

    /// Reads the objects of a list, if it is given.
    pub fn each<T>(
        &mut self,
        name: &'static str,
        mut read: impl FnMut(&mut Members<'a>) -> T,
    ) -> Option<Vec<T>> {
        let items = self.list(name)?;
        let mut found = Vec::with_capacity(items.len());
        for (number, item) in (1..).zip(items) {
            let path = format!("{name}.{number}.member");
            if !item.is_object() {
                return self.mistyped(&path, "START_OBJECT", item);
            }
            found.push(self.within(&path, item, &mut read));
        }
        Some(found)
    }

    fn within<T>(
        &mut self,
        name: &str,
        object: &'a Value,
        read: impl FnOnce(&mut Members<'a>) -> T,
    ) -> T {
        let mut inner = Members::of(object);
        inner.path = format!("{}.", self.told(name));
        inner.lowers = self.lowers;
        let found = read(&mut inner);
        self.broken.append(&mut inner.broken);
        self.mistyped = self.mistyped.take().or(inner.mistyped);
        found
    }

    /// A required member is not there.
    pub fn missing(&mut self, name: &str) {
        let told = self.told(name);
        self.broken.push(format!(
            "Value null at '{told}' failed to satisfy constraint: Member must not be null"
        ));
    }

    /// A member breaks a constraint, in AWS's words: `Member must …`.
    pub fn breaks(&mut self, name: &str, value: &str, constraint: &str) {
        let told = self.told(name);
        let quoted = match value.char_indices().nth(QUOTED_CHARS_MAX) {
            Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
            None => value.to_owned(),
        };
        self.broken.push(format!(
            "Value '{quoted}' at '{told}' failed to satisfy constraint: {constraint}"
        ));
    }

    /// A name as constraint texts have it, with what it is within.
    fn told(&self, name: &str) -> String {
        let first = name.get(..1).unwrap_or_default();
        let rest = name.get(1..).unwrap_or(name);
        match self.lowers {
            true => format!("{}{}{rest}", self.path, first.to_ascii_lowercase()),
            false => format!("{}{name}", self.path),
        }
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
        let path = &self.path;
        self.mistyped
            .get_or_insert_with(|| format!("{path}{name}: {wanted} expected, {kind} found."));
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
    fn names_are_told_in_lower_case_where_the_service_does_so() {
        let input = json!({ "MemorySize": 1, "Code": {} });
        let mut members = Members::told_in_lower_case(&input);
        members.number("MemorySize", 128, 10_240);
        members.inner("Code", |code| code.missing("ZipFile"));
        let message = members.finish().unwrap_err().message;
        assert!(message.contains("'memorySize'"), "{message}");
        assert!(message.contains("'code.zipFile'"), "{message}");
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
    fn a_constraint_of_a_member_of_a_member_names_the_whole_path() {
        let input =
            json!({ "routes": [{ "weight": 100 }, { "weight": 101 }], "log": { "level": "X" } });
        let mut members = Members::of(&input);
        members.each("routes", |route| route.number("weight", 0, 100));
        members.inner("log", |log| log.one_of("level", &["ALL"]));
        let message = members.finish().unwrap_err().message;
        assert!(
            message.contains("Value '101' at 'routes.2.member.weight' failed"),
            "{message}"
        );
        assert!(
            message.contains("Value 'X' at 'log.level' failed"),
            "{message}"
        );
        let input = json!({ "routes": [{ "weight": 100 }, 5] });
        let mut members = Members::of(&input);
        members.each("routes", |route| route.number("weight", 0, 100));
        let error = members.finish().unwrap_err();
        assert_eq!(
            error.message,
            "routes.2.member: START_OBJECT expected, a number found."
        );
    }

    #[test]
    fn a_long_value_is_repeated_in_part() {
        let input = json!({ "name": "ä".repeat(5_000) });
        let mut members = Members::of(&input);
        members.required("name", 1, 80);
        assert!(members.finish().unwrap_err().message.len() < 2_500);
    }

    #[test]
    fn a_member_of_another_type_is_a_serialization_error() {
        let input = json!({ "name": 5 });
        let mut members = Members::of(&input);
        members.text("name");
        assert_eq!(members.finish().unwrap_err().code, "SerializationException");
    }
}
