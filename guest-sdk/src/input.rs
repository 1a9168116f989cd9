//! JSON in, JSON out, and where in the input a wrong value stands.
//!
//! serde says what is wrong and at which column; a state's input has no lines that its author knows,
//! so the path is found too. Only after a failure: a task that gets good input pays nothing.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::ErrorOutput;
use crate::limits::INPUT_DEPTH_MAX;

/// The error name for an input that is not what the task takes. Lambda's word.
pub const UNMARSHAL_ERROR: &str = "Runtime.UnmarshalError";

/// The error name for an output that is not JSON (a map with keys that are no text). Lambda's word.
pub const MARSHAL_ERROR: &str = "Runtime.MarshalError";

pub(crate) fn decode<I: DeserializeOwned>(input: &[u8]) -> Result<I, ErrorOutput> {
    serde_json::from_slice(input).map_err(|error| {
        let path = path_at(input, error.line(), error.column());
        ErrorOutput::new(
            UNMARSHAL_ERROR,
            format!("the task's input does not fit: {path}: {error}"),
        )
    })
}

pub(crate) fn encode<T: Serialize>(output: &T) -> Result<Vec<u8>, ErrorOutput> {
    serde_json::to_vec(output).map_err(|error| {
        ErrorOutput::new(
            MARSHAL_ERROR,
            format!("the task's output is not JSON: {error}"),
        )
    })
}

/// One level of the JSON text that is open at some place.
enum Level {
    /// An object, at this member.
    Member(String),
    /// An array, at this element.
    Element(usize),
}

/// The path of the value that ends, or the object that ends, at this line and column (both counted
/// from 1, the column in bytes, as serde_json does).
fn path_at(json: &[u8], line: usize, column: usize) -> String {
    let lines = json.split_inclusive(|byte| *byte == b'\n');
    let start: usize = lines.take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    let end = start.saturating_add(column).min(json.len());
    let levels = walk(json.get(..end).unwrap_or(json));
    let mut path = String::from("$");
    for level in levels {
        match level {
            Level::Member(name) if name.is_empty() => {}
            Level::Member(name) => path.extend([".", name.as_str()]),
            Level::Element(index) => path.push_str(&format!("[{index}]")),
        }
    }
    path
}

/// The levels that are still open at the end of `json`, which may be any prefix of any text.
fn walk(json: &[u8]) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    let mut at = 0;
    let mut names_follow = false;
    while let Some(byte) = json.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' if levels.len() >= INPUT_DEPTH_MAX => return levels,
            b'{' => {
                levels.push(Level::Member(String::new()));
                names_follow = true;
            }
            b'[' => levels.push(Level::Element(0)),
            b'}' | b']' => {
                levels.pop();
                names_follow = false;
            }
            b',' => match levels.last_mut() {
                Some(Level::Element(index)) => *index += 1,
                Some(Level::Member(_)) => names_follow = true,
                None => {}
            },
            b'"' => {
                let text = string(json.get(at..).unwrap_or(&[]));
                at += text.len() + 1;
                if let (true, Some(Level::Member(name))) = (names_follow, levels.last_mut()) {
                    *name = String::from_utf8_lossy(text).into_owned();
                    names_follow = false;
                }
            }
            _ => {}
        }
    }
    levels
}

/// The inside of the string that begins at the start of `json`, escapes as they are written.
fn string(json: &[u8]) -> &[u8] {
    let mut escaped = false;
    let end = json.iter().position(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        ends
    });
    json.get(..end.unwrap_or(json.len())).unwrap_or(json)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Order {
        id: String,
        items: Vec<Item>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its shape matters")]
    struct Item {
        sku: String,
        quantity: u32,
    }

    fn cause(input: &str) -> String {
        let error = decode::<Order>(input.as_bytes()).unwrap_err();
        assert_eq!(error.error, UNMARSHAL_ERROR);
        error.cause
    }

    #[test]
    fn a_wrong_value_is_named_by_its_path() {
        let cause =
            cause(r#"{"id":"o, [1","items":[{"sku":"a","quantity":1},{"sku":"b","quantity":-2}]}"#);
        assert!(
            cause.contains("$.items[1].quantity: invalid value: integer `-2`"),
            "{cause}"
        );
        assert!(cause.ends_with("at line 1 column 72"), "{cause}");
    }

    #[test]
    fn a_missing_field_is_named_by_the_path_of_its_object() {
        let cause = cause("{\"id\":\"o\",\n \"items\":[{\"sku\":\"a\"}]}");
        assert!(
            cause.contains("$.items[0]: missing field `quantity` at line 2"),
            "{cause}"
        );
    }

    #[test]
    fn a_wrong_text_is_named_by_its_path() {
        let cause = cause(r#"{"id":"a\"{","items":[{"sku":"a","quantity":"many"}]}"#);
        assert!(
            cause.contains("$.items[0].quantity: invalid type: string \"many\""),
            "{cause}"
        );
    }

    #[test]
    fn a_field_missing_at_the_top_is_at_the_root() {
        let cause = cause(r#"{"items":[]}"#);
        assert!(cause.contains("fit: $: missing field `id`"), "{cause}");
    }

    #[test]
    fn no_text_that_is_not_json_breaks_the_search() {
        for text in [
            "",
            "{",
            "[[[",
            "]}",
            "\"",
            "{\"a\\",
            "{\"a\":\"\\\"",
            ",,,",
            "nul",
            "\u{feff}{}",
        ] {
            assert!(cause(text).contains("$"), "{text}");
        }
        assert!(cause(&"[".repeat(10_000)).contains("$"));
    }

    #[test]
    fn an_output_that_is_not_json_is_a_marshal_error() {
        let output = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert_eq!(encode(&output).unwrap_err().error, MARSHAL_ERROR);
    }
}
