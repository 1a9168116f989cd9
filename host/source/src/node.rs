//! The tree: values that know where they stood.

use serde_json::{Map, Number, Value};

use crate::Span;

/// A value with its place in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Kind,
    /// The bytes it was read from. A value that came through a YAML alias has the place of its
    /// anchor.
    pub span: Span,
    /// A YAML tag outside the core schema, as written: `!Ref`, `!Sub`. Always `None` in JSON.
    pub tag: Option<String>,
}

/// The kinds of JSON values.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number: exact as an integer of 64 bits, else a double.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object, in the order of the text, with every duplicate key.
    Object(Vec<Member>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// The bytes of the key, with its quotes.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Node {
    /// A node without a tag.
    pub fn new(value: Kind, span: Span) -> Node {
        Node {
            value,
            span,
            tag: None,
        }
    }

    /// The tree as a plain value. Of a key that stands twice the last value counts, as in
    /// `serde_json`; tags are dropped.
    pub fn to_value(&self) -> Value {
        match &self.value {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(value) => Value::Number(value.clone()),
            Kind::String(value) => Value::String(value.clone()),
            Kind::Array(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            Kind::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|member| (member.key.clone(), member.value.to_value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }

    /// The member with this key; of two, the first. `None` also when this is not an object.
    pub fn get(&self, key: &str) -> Option<&Member> {
        self.members()?.iter().find(|member| member.key == key)
    }

    /// The members of an object.
    pub fn members(&self) -> Option<&[Member]> {
        match &self.value {
            Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.value {
            Kind::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Kind::String(value) => Some(value),
            _ => None,
        }
    }

    /// The value of a boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Kind::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The value of a number.
    pub fn as_number(&self) -> Option<&Number> {
        match &self.value {
            Kind::Number(value) => Some(value),
            _ => None,
        }
    }

    /// What kind of value it is, in a word with its article: "a string".
    pub fn kind_name(&self) -> &'static str {
        match &self.value {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }

    /// The node under an RFC 6901 pointer, and the place of its key if it is a member of an object.
    /// Of a key that stands twice the last value is taken, as in [`Node::to_value`].
    pub fn pointer(&self, pointer: &str) -> Option<(&Node, Option<Span>)> {
        let mut node = self;
        let mut key_span = None;
        if pointer.is_empty() {
            return Some((node, key_span));
        }
        for token in pointer.strip_prefix('/')?.split('/') {
            let token = token.replace("~1", "/").replace("~0", "~");
            match &node.value {
                Kind::Object(members) => {
                    let member = members.iter().rev().find(|member| member.key == token)?;
                    node = &member.value;
                    key_span = Some(member.key_span);
                }
                Kind::Array(items) => {
                    node = items.get(token.parse::<usize>().ok()?)?;
                    key_span = None;
                }
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return None,
            }
        }
        Some((node, key_span))
    }
}

impl Node {
    /// The bytes of the text that make the character at `offset` (bytes) of this string's value, so
    /// that a caret can stand inside a string. The whole node, if this is no string or the value
    /// cannot be found in the text (a YAML block, an alias).
    pub fn within(&self, text: &str, offset: usize) -> Span {
        let Some(value) = self.as_str() else {
            return self.span;
        };
        let raw = self.span.of(text);
        if !raw.contains('\\')
            && let Some(start) = raw.find(value)
        {
            let start = self.span.start + start + offset.min(value.len());
            let length = value
                .get(offset..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8);
            return Span::new(start, start + length);
        }
        self.within_escaped(raw, offset).unwrap_or(self.span)
    }

    fn within_escaped(&self, raw: &str, offset: usize) -> Option<Span> {
        let mut rest = raw.strip_prefix('"')?;
        let mut decoded = 0;
        loop {
            let (raw_length, value_length) = match rest.strip_prefix('\\') {
                None => {
                    let length = rest.chars().next()?.len_utf8();
                    (length, length)
                }
                Some(escape) => match escape.strip_prefix('u') {
                    None => (1 + escape.chars().next()?.len_utf8(), 1),
                    Some(hex) => match u32::from_str_radix(hex.get(..4)?, 16).ok()? {
                        // Both halves of a pair make one character.
                        0xd800..=0xdfff => (12, 4),
                        unit => (6, char::from_u32(unit)?.len_utf8()),
                    },
                },
            };
            if offset < decoded + value_length {
                let start = self.span.end - rest.len();
                return Some(Span::new(start, start + raw_length));
            }
            decoded += value_length;
            rest = rest.get(raw_length..)?;
        }
    }
}
