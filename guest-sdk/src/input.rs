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
    if is_nested_too_deep(input) {
        let cause = format!("the task's input is nested deeper than {INPUT_DEPTH_MAX} levels");
        return Err(ErrorOutput::new(UNMARSHAL_ERROR, cause));
    }
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

/// Whether reading `json` could overflow the stack. Most inputs are let through by a count of their
/// brackets, in a fraction of the time that reading them takes.
fn is_nested_too_deep(json: &[u8]) -> bool {
    opening_brackets(json) > INPUT_DEPTH_MAX && depth(json) > INPUT_DEPTH_MAX
}

/// How many bytes are `{` or `[`, eight at a time: the two differ in one bit, which is set in both
/// here, and no other byte is then like them.
fn opening_brackets(json: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let (words, rest) = json.as_chunks::<8>();
    let mut others = 0_usize;
    for word in words {
        let differing = (u64::from_le_bytes(*word) | (EACH * 0x20)) ^ (EACH * 0x7b);
        // The top bit of each byte that differs in some bit: its own, or one that carries into it.
        let top = (((differing & (EACH * 0x7f)) + EACH * 0x7f) | differing) & (EACH * 0x80);
        others += top.count_ones() as usize;
    }
    let rest = rest.iter().filter(|byte| **byte | 0x20 == b'{').count();
    words.len() * 8 - others + rest
}

/// The most levels that are open at once.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let text = string(bytes.as_slice()).len();
                // The string and the quotation mark that ends it.
                let _ = bytes.nth(text);
            }
            _ => {}
        }
    }
    deepest
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
        assert!(cause(&"[".repeat(INPUT_DEPTH_MAX)).contains("$"));
        assert!(cause(&"[".repeat(10_000)).contains("nested deeper"));
    }

    #[test]
    fn every_byte_but_the_two_brackets_is_no_bracket() {
        for byte in 0..=u8::MAX {
            let expected = usize::from(matches!(byte, b'{' | b'['));
            assert_eq!(opening_brackets(&[byte; 8]), expected * 8, "{byte}");
            assert_eq!(opening_brackets(&[byte; 11]), expected * 11, "{byte}");
        }
        assert_eq!(opening_brackets(br#"[{"a":[{}, 1]},"z"]"#), 4);
    }

    #[test]
    fn nesting_is_read_up_to_the_limit_and_refused_beyond() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        let value = |text: &str| decode::<serde_json::Value>(text.as_bytes());
        assert!(value(&nested(INPUT_DEPTH_MAX)).is_ok());
        let error = value(&nested(INPUT_DEPTH_MAX + 1)).unwrap_err();
        assert_eq!(
            error.cause,
            "the task's input is nested deeper than 80 levels"
        );
        let wide = format!("[{}0]", "{\"a\":[]},".repeat(INPUT_DEPTH_MAX));
        assert!(value(&wide).is_ok());
        let text = format!("[\"\\\"{}\"]", "[".repeat(INPUT_DEPTH_MAX + 1));
        assert!(value(&text).is_ok());
    }

    #[test]
    fn an_output_that_is_not_json_is_a_marshal_error() {
        let output = std::collections::BTreeMap::from([((1, 2), 3)]);
        assert_eq!(encode(&output).unwrap_err().error, MARSHAL_ERROR);
    }
}
