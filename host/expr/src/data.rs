//! State data, shared and never copied (DESIGN D8): one immutable JSON document, held as text, as a
//! parsed value, or as both. Each form is made at most once.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::charge;

/// A JSON document. Cloning counts a reference.
#[derive(Clone)]
pub struct Data(Arc<Forms>);

struct Forms {
    text: OnceLock<Box<str>>,
    value: OnceLock<Value>,
}

impl Data {
    /// Takes JSON text from outside: parsed once, here, and kept byte for byte.
    ///
    /// # Errors
    /// What `serde_json` says of text that is not one JSON document, is nested deeper than 128 levels
    /// or holds a number beyond the range of a double.
    pub fn parse(text: impl Into<Box<str>>) -> Result<Data, serde_json::Error> {
        let text = text.into();
        let value: Value = serde_json::from_str(&text)?;
        Ok(Data(Arc::new(Forms {
            text: text.into(),
            value: value.into(),
        })))
    }

    /// Takes a value; its text is written when somebody asks for it.
    pub fn new(value: Value) -> Data {
        Data(Arc::new(Forms {
            text: OnceLock::new(),
            value: value.into(),
        }))
    }

    /// The empty object.
    pub fn empty_object() -> Data {
        Data::new(Value::Object(serde_json::Map::new()))
    }

    /// The parsed document.
    pub fn value(&self) -> &Value {
        self.0.value.get_or_init(|| {
            // Only `parse` and `new` build a `Data`, and both set the value.
            Value::Null
        })
    }

    /// The document as text: what came in, or compact JSON.
    pub fn text(&self) -> &str {
        self.0
            .text
            .get_or_init(|| self.value().to_string().into_boxed_str())
    }

    /// Length of the text in bytes of UTF-8: what the payload limit counts.
    pub fn len_bytes(&self) -> usize {
        self.text().len()
    }

    /// Levels of arrays and objects in one another; 0 for a scalar. What is deeper than
    /// [`limits::VALUE_LEVELS_MAX`](crate::limits::VALUE_LEVELS_MAX) could not be read again: whoever nests
    /// values outside an expression (an array of branch outputs, say) asks before keeping the result.
    pub fn levels(&self) -> usize {
        charge::levels(self.value())
    }

    /// Whether both are the same document in memory.
    pub fn is_same(&self, other: &Data) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl From<Value> for Data {
    fn from(value: Value) -> Data {
        Data::new(value)
    }
}

impl PartialEq for Data {
    fn eq(&self, other: &Data) -> bool {
        self.is_same(other) || self.text() == other.text()
    }
}

impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

/// A `Data` is persisted as a string that holds its text, so that the text survives byte for byte.
impl Serialize for Data {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Data, D::Error> {
        let text = String::deserialize(deserializer)?;
        Data::parse(text).map_err(serde::de::Error::custom)
    }
}
