//! The first syntax error of a text in the words of Jackson, the parser that the service reads JSON
//! with. Clients have come to know these texts, and tests compare them.
//!
//! A scanner of its own: it makes no tree, keeps open brackets on a list and not on the stack, and
//! stops at the first error. The reader of definitions stays the judge of what is JSON; where this
//! one finds nothing to say, the reader's own words stand.

use crate::limits;

const VALUES: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/// What is wrong with the text; `None` if nothing is by Jackson's rules.
pub(super) fn first_error(text: &str) -> Option<String> {
    let mut scanner = Scanner {
        text,
        offset: 0,
        line: 1,
        column: 1,
        open: Vec::new(),
    };
    let message = scanner.document().err()?;
    let place = scanner.source(scanner.line, scanner.column);
    Some(format!("{message}\n at {place}"))
}

/// An open bracket and where it stands.
#[derive(Clone, Copy)]
struct Open {
    is_object: bool,
    line: usize,
    column: usize,
}

impl Open {
    fn kind(self) -> &'static str {
        match self.is_object {
            true => "Object",
            false => "Array",
        }
    }

    fn closing(self) -> char {
        match self.is_object {
            true => '}',
            false => ']',
        }
    }
}

/// The place of the character that comes next. Columns count UTF-16 units, as Java does.
struct Scanner<'a> {
    text: &'a str,
    offset: usize,
    line: usize,
    column: usize,
    open: Vec<Open>,
}

type Scan<T> = Result<T, String>;

impl Scanner<'_> {
    fn document(&mut self) -> Scan<()> {
        let mut may_close = false;
        loop {
            // Before a value, and in an object before its name.
            if let Some(open) = self.open.last().copied().filter(|open| open.is_object) {
                match self.after_space()? {
                    Some('}') if may_close => {
                        self.open.pop();
                        self.next();
                        if self.after_value()? {
                            return Ok(());
                        }
                        may_close = false;
                        continue;
                    }
                    Some(found) => self.name(found, may_close, open)?,
                    None => return Err(self.ended(may_close, open)),
                }
            }
            match self.value(may_close)? {
                Begun::Container => may_close = true,
                Begun::Nothing => {
                    if self.after_value()? {
                        return Ok(());
                    }
                    may_close = false;
                }
            }
        }
    }

    /// After a value: closes what closes and takes the comma. `true`: the text is read.
    fn after_value(&mut self) -> Scan<bool> {
        while let Some(open) = self.open.last().copied() {
            match self.after_space()? {
                Some(',') => {
                    self.next();
                    return Ok(false);
                }
                Some(found) if found == open.closing() => {
                    self.next();
                    self.open.pop();
                }
                Some(found @ (']' | '}')) => return Err(self.mismatched(found, open)),
                Some(found) => {
                    let wanted = format!("was expecting comma to separate {} entries", open.kind());
                    return Err(self.unexpected(found, &wanted));
                }
                None => return Err(self.ended(true, open)),
            }
        }
        Ok(true)
    }

    fn name(&mut self, found: char, may_close: bool, open: Open) -> Scan<()> {
        match found {
            '"' => self.string("in field name")?,
            ']' if may_close => return Err(self.mismatched(found, open)),
            _ => {
                return Err(
                    self.unexpected(found, "was expecting double-quote to start field name")
                );
            }
        }
        match self.after_space()? {
            Some(':') => self.next(),
            Some(found) => {
                let wanted = "was expecting a colon to separate field name and value";
                return Err(self.unexpected(found, wanted));
            }
            None => return Err(self.ended(false, open)),
        };
        Ok(())
    }

    /// A value, or the bracket that begins one.
    fn value(&mut self, may_close: bool) -> Scan<Begun> {
        let found = match (self.after_space()?, self.open.last().copied()) {
            (Some(found), _) => found,
            (None, Some(open)) => return Err(self.ended(may_close && !open.is_object, open)),
            (None, None) => return Ok(Begun::Nothing),
        };
        match found {
            '{' | '[' => {
                self.next();
                self.open.push(Open {
                    is_object: found == '{',
                    line: self.line,
                    column: self.column - 1,
                });
                return Ok(Begun::Container);
            }
            ']' if may_close && self.open.last().is_some_and(|open| !open.is_object) => {
                self.next();
                self.open.pop();
            }
            '"' => self.string(": was expecting closing quote for a string value")?,
            '-' | '+' | '0'..='9' => self.number()?,
            '}' => return Err(self.unexpected(found, "expected a value")),
            _ => self.word(found)?,
        }
        Ok(Begun::Nothing)
    }

    fn word(&mut self, found: char) -> Scan<()> {
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
        let word = rest
            .split(|c: char| !is_part(c))
            .next()
            .unwrap_or_default()
            .to_owned();
        let shown: String = word
            .chars()
            .take(limits::QUOTED_TOKEN_CHARACTERS_MAX)
            .collect();
        if !(found.is_alphabetic() || matches!(found, '_' | '$')) {
            return Err(self.unexpected(found, &format!("expected a valid value {VALUES}")));
        }
        for _ in shown.chars() {
            self.next();
        }
        match word.as_str() {
            "true" | "false" | "null" => Ok(()),
            "NaN" | "Infinity" => Err(format!(
                "Non-standard token '{word}': enable JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS \
                 to allow"
            )),
            _ => {
                let more = if shown.len() < word.len() { "..." } else { "" };
                Err(format!(
                    "Unrecognized token '{shown}{more}': was expecting {VALUES}"
                ))
            }
        }
    }

    fn number(&mut self) -> Scan<()> {
        if matches!(self.peek(), Some('-' | '+')) {
            let is_minus = self.peek() == Some('-');
            self.next();
            let wanted = "expected digit (0-9) to follow minus sign, for valid numeric value";
            match self.peek() {
                Some('0'..='9') if is_minus => {}
                Some(found) => return Err(self.bad_number(found, wanted)),
                None => return Err("Unexpected end-of-input within number".to_owned()),
            }
        }
        if self.peek() == Some('0') {
            self.next();
            if matches!(self.peek(), Some('0'..='9')) {
                self.next();
                return Err("Invalid numeric value: Leading zeroes not allowed".to_owned());
            }
        }
        self.digits();
        if self.peek() == Some('.') {
            self.next();
            self.some_digits("Decimal point not followed by a digit")?;
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.next();
            if matches!(self.peek(), Some('-' | '+')) {
                self.next();
            }
            self.some_digits("Exponent indicator not followed by a digit")?;
        }
        Ok(())
    }

    fn digits(&mut self) {
        while matches!(self.peek(), Some('0'..='9')) {
            self.next();
        }
    }

    fn some_digits(&mut self, wanted: &str) -> Scan<()> {
        match self.peek() {
            Some('0'..='9') => {
                self.digits();
                Ok(())
            }
            Some(found) => Err(self.bad_number(found, wanted)),
            None => Err("Unexpected end-of-input within number".to_owned()),
        }
    }

    /// A string or name; `end` says what is missing when the text ends within it.
    fn string(&mut self, end: &str) -> Scan<()> {
        self.next();
        loop {
            let Some(found) = self.peek() else {
                let space = if end.starts_with(':') { "" } else { " " };
                return Err(format!("Unexpected end-of-input{space}{end}"));
            };
            self.next();
            match found {
                '"' => return Ok(()),
                '\\' => self.escape()?,
                '\0'..='\u{1f}' => {
                    return Err(format!(
                        "Illegal unquoted character ({}): has to be escaped using backslash to be \
                         included in string value",
                        described(found)
                    ));
                }
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Scan<()> {
        let Some(found) = self.peek() else {
            return Err("Unexpected end-of-input in character escape sequence".to_owned());
        };
        self.next();
        match found {
            '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => Ok(()),
            'u' => {
                for _ in 0..4 {
                    let digit = self.peek();
                    self.next();
                    match digit {
                        Some(digit) if digit.is_ascii_hexdigit() => {}
                        Some(other) => {
                            return Err(format!(
                                "Unexpected character ({}): expected a hex-digit for character \
                                 escape sequence",
                                described(other)
                            ));
                        }
                        None => {
                            return Err(
                                "Unexpected end-of-input in character escape sequence".to_owned()
                            );
                        }
                    }
                }
                Ok(())
            }
            _ => Err(format!(
                "Unrecognized character escape {}",
                described(found)
            )),
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) {
        let Some(found) = self.peek() else { return };
        self.offset += found.len_utf8();
        match found {
            '\n' => {
                self.line += 1;
                self.column = 1;
            }
            _ => self.column += found.len_utf16(),
        }
    }

    /// The first character that is no white space.
    fn after_space(&mut self) -> Scan<Option<char>> {
        loop {
            match self.peek() {
                Some(' ' | '\t' | '\n' | '\r') => self.next(),
                Some(found @ '\0'..='\u{1f}') => {
                    self.next();
                    return Err(format!(
                        "Illegal character ({}): only regular white space (\\r, \\n, \\t) is \
                         allowed between tokens",
                        described(found)
                    ));
                }
                found => return Ok(found),
            }
        }
    }

    /// Jackson has read the character when it complains.
    fn unexpected(&mut self, found: char, wanted: &str) -> String {
        self.next();
        format!("Unexpected character ({}): {wanted}", described(found))
    }

    fn bad_number(&mut self, found: char, wanted: &str) -> String {
        self.next();
        format!(
            "Unexpected character ({}) in numeric value: {wanted}",
            described(found)
        )
    }

    fn mismatched(&mut self, found: char, open: Open) -> String {
        self.next();
        format!(
            "Unexpected close marker '{found}': expected '{}' (for {} starting at {})",
            open.closing(),
            open.kind(),
            self.source(open.line, open.column)
        )
    }

    fn ended(&self, may_close: bool, open: Open) -> String {
        match may_close {
            true => format!(
                "Unexpected end-of-input: expected close marker for {} (start marker at {})",
                open.kind(),
                self.source(open.line, open.column)
            ),
            false => format!(
                "Unexpected end-of-input within/between {} entries",
                open.kind()
            ),
        }
    }

    fn source(&self, line: usize, column: usize) -> String {
        let longest = limits::QUOTED_SOURCE_CHARACTERS_MAX;
        let shown: String = self.text.chars().take(longest).collect();
        let cut = match self.text.chars().count().saturating_sub(longest) {
            0 => String::new(),
            cut => format!("[truncated {cut} chars]"),
        };
        format!("[Source: (String)\"{shown}\"{cut}; line: {line}, column: {column}]")
    }
}

/// What a reader came upon.
enum Begun {
    /// A bracket opened.
    Container,
    /// A whole value.
    Nothing,
}

/// A character as Jackson names it.
fn described(character: char) -> String {
    let code = u32::from(character);
    match code {
        0..=0x1f | 0x7f..=0x9f => format!("(CTRL-CHAR, code {code})"),
        0x100.. => format!("'{character}' (code {code} / 0x{code:x})"),
        _ => format!("'{character}' (code {code})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_has_jacksons_words() {
        let cases = [
            (
                "not a definition",
                format!("Unrecognized token 'not': was expecting {VALUES}"),
                (1, 4),
            ),
            (
                r#"{"a":1,}"#,
                "Unexpected character ('}' (code 125)): was expecting double-quote to start field \
                 name"
                    .to_owned(),
                (1, 9),
            ),
            (
                r#"{"a":1 "b":2}"#,
                "Unexpected character ('\"' (code 34)): was expecting comma to separate Object \
                 entries"
                    .to_owned(),
                (1, 9),
            ),
            (
                "{\"a\"\n1}",
                "Unexpected character ('1' (code 49)): was expecting a colon to separate field \
                 name and value"
                    .to_owned(),
                (2, 2),
            ),
            (
                r#"{"a":1"#,
                "Unexpected end-of-input: expected close marker for Object (start marker at \
                 [Source: (String)\"{\"a\":1\"; line: 1, column: 1])"
                    .to_owned(),
                (1, 7),
            ),
            (
                r#"{"a":[1}"#,
                "Unexpected close marker '}': expected ']' (for Array starting at [Source: \
                 (String)\"{\"a\":[1}\"; line: 1, column: 6])"
                    .to_owned(),
                (1, 9),
            ),
            (
                r#"{"a":"b"#,
                "Unexpected end-of-input: was expecting closing quote for a string value"
                    .to_owned(),
                (1, 8),
            ),
            (
                "{'a':1}",
                "Unexpected character (''' (code 39)): was expecting double-quote to start field \
                 name"
                    .to_owned(),
                (1, 3),
            ),
            (
                "[01]",
                "Invalid numeric value: Leading zeroes not allowed".to_owned(),
                (1, 4),
            ),
            (
                "[-x]",
                "Unexpected character ('x' (code 120)) in numeric value: expected digit (0-9) to \
                 follow minus sign, for valid numeric value"
                    .to_owned(),
                (1, 4),
            ),
            (
                r#"["\x"]"#,
                "Unrecognized character escape 'x' (code 120)".to_owned(),
                (1, 5),
            ),
            (
                "[1,]",
                format!("Unexpected character (']' (code 93)): expected a valid value {VALUES}"),
                (1, 5),
            ),
        ];
        for (text, message, (line, column)) in cases {
            let place = format!("[Source: (String)\"{text}\"; line: {line}, column: {column}]");
            assert_eq!(first_error(text), Some(format!("{message}\n at {place}")));
        }
    }

    #[test]
    fn json_has_no_error() {
        for text in [
            "{}",
            "[]",
            r#" {"a": [1, -2.5e+3, true, null, {"b": {}}, []], "c\u00e4\n": "d"} "#,
            "0",
            "\"x\"",
        ] {
            assert_eq!(first_error(text), None, "{text}");
        }
    }

    #[test]
    fn a_long_text_is_cut_and_a_deep_one_takes_no_stack() {
        let deep = "[".repeat(200_000);
        let message = first_error(&deep).unwrap_or_default();
        assert!(message.contains("[truncated 199500 chars]"), "{message}");
        assert!(message.contains("expected close marker for Array"));
    }

    #[test]
    fn every_prefix_of_a_definition_is_read_without_a_panic() {
        let text =
            r#"{"StartAt":"ä","States":{"ä":{"Type":"Pass","Result":[1.5e3,"\u00e4",null]}}}"#;
        for (end, _) in text.char_indices() {
            let prefix = &text[..end];
            assert!(first_error(prefix).is_some() || end == 0, "{prefix}");
        }
    }
}
