//! JSON text to a tree, strictly by RFC 8259.
//!
//! Written by hand because the message is the point: a missing comma is reported where it is
//! missing, an open bracket where it was opened. Nesting is bounded, so recursion is too.

use crate::{Diagnostic, Kind, Member, Node, Span, code, limits, number};

mod string;

pub(crate) fn parse(text: &str) -> Result<Node, Diagnostic> {
    let mut reader = Reader {
        text,
        offset: 0,
        depth: 0,
    };
    // A byte order mark is what some editors leave behind; it says nothing.
    reader.take("\u{feff}");
    reader.skip_space();
    if reader.rest().is_empty() {
        return Err(reader.error("The text is empty", Span::at(reader.offset)));
    }
    let node = reader.value()?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader
            .error(
                "There is more text after the end of the JSON value",
                reader.token_span(),
            )
            .with_label("this does not belong to it")
            .with_related(last_character(node.span), "the value ends here")),
    }
}

/// The last byte of a span that ends with a bracket, a quote, a digit or a letter.
fn last_character(span: Span) -> Span {
    Span::new(span.end.saturating_sub(1).max(span.start), span.end)
}

struct Reader<'a> {
    text: &'a str,
    offset: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, expected: &str) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.offset += expected.len();
        }
        found
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.offset += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn error(&self, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::error(code::SYNTAX, message).with_span(span)
    }

    /// The word, or else the one character, that stands here.
    fn token_span(&self) -> Span {
        let rest = self.rest();
        let word = rest
            .find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$' | '.' | '-' | '+'))
            .unwrap_or(rest.len());
        let length = if word > 0 {
            word
        } else {
            self.peek().map_or(0, char::len_utf8)
        };
        Span::new(self.offset, self.offset + length)
    }

    fn value(&mut self) -> Result<Node, Diagnostic> {
        let start = self.offset;
        let value = match self.peek() {
            Some('{') => self.object()?,
            Some('[') => self.array()?,
            Some('"') => Kind::String(self.string()?),
            Some('-' | '0'..='9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node::new(value, Span::new(start, self.offset)))
    }

    fn word(&mut self) -> Result<Kind, Diagnostic> {
        let span = self.token_span();
        let value = match span.of(self.text) {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => Kind::Null,
            other => return Err(self.no_value(other, span)),
        };
        self.offset = span.end;
        Ok(value)
    }

    fn no_value(&self, found: &str, span: Span) -> Diagnostic {
        let error = self.error("A JSON value is expected here", span);
        match found {
            "" => error.with_label("the text ends here"),
            "'" => error.with_help("strings take double quotes: \"text\""),
            "/" | "#" => error
                .with_label("JSON has no comments")
                .with_help("keep remarks in a `Comment` field, or write the definition in YAML"),
            "," => error.with_label("a value is missing before this comma"),
            "}" | "]" => error.with_label("a value is missing before this bracket"),
            "True" | "False" | "TRUE" | "FALSE" | "Null" | "NULL" | "None" | "undefined" => error
                .with_label("no JSON value")
                .with_help("the words of JSON are `true`, `false` and `null`"),
            "NaN" | "Infinity" | "+Infinity" => error.with_label("no JSON number"),
            _ if found.starts_with(['+', '.']) => error
                .with_label("no JSON number")
                .with_help("a number begins with a digit, or with `-` and a digit"),
            _ if found.starts_with(char::is_alphabetic) => error
                .with_label("no JSON value")
                .with_help("if this is a string, put it in double quotes"),
            _ => error,
        }
    }

    fn number(&mut self) -> Result<Kind, Diagnostic> {
        let span = self.token_span();
        let text = span.of(self.text);
        if !is_json_number(text) {
            let error = self.error("This is not a JSON number", span);
            let digits = text.trim_start_matches('-');
            let leading_zero = digits.len() > 1
                && digits.starts_with('0')
                && digits.bytes().all(|byte| byte.is_ascii_digit());
            return Err(match leading_zero {
                true => error.with_help(
                    "a number has no leading zeros; digits that are no number go in quotes",
                ),
                false => error,
            });
        }
        let Some(value) = number::parse(text) else {
            return Err(self
                .error("This number is beyond the range of a double", span)
                .with_label("larger than 1.797e308"));
        };
        self.offset = span.end;
        Ok(Kind::Number(value))
    }

    fn descend(&mut self, opening: Span) -> Result<(), Diagnostic> {
        self.depth += 1;
        if self.depth > limits::DEPTH_MAX {
            return Err(self.error(
                format!(
                    "Objects and arrays are nested deeper than {} levels",
                    limits::DEPTH_MAX
                ),
                opening,
            ));
        }
        self.offset = opening.end;
        self.skip_space();
        Ok(())
    }

    fn array(&mut self) -> Result<Kind, Diagnostic> {
        let opening = Span::new(self.offset, self.offset + 1);
        self.descend(opening)?;
        let mut items = Vec::new();
        if !self.take("]") {
            loop {
                self.unless_ended(opening)?;
                items.push(self.value()?);
                if !self.goes_on(']', opening)? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(Kind::Array(items))
    }

    fn object(&mut self) -> Result<Kind, Diagnostic> {
        let opening = Span::new(self.offset, self.offset + 1);
        self.descend(opening)?;
        let mut members = Vec::new();
        if !self.take("}") {
            loop {
                self.unless_ended(opening)?;
                members.push(self.member()?);
                if !self.goes_on('}', opening)? {
                    break;
                }
            }
        }
        self.depth -= 1;
        Ok(Kind::Object(members))
    }

    fn member(&mut self) -> Result<Member, Diagnostic> {
        let start = self.offset;
        if self.peek() != Some('"') {
            let error = self.error("A key in double quotes is expected here", self.token_span());
            return Err(match self.peek() {
                Some('/' | '#') => error.with_label("JSON has no comments").with_help(
                    "keep remarks in a `Comment` field, or write the definition in YAML",
                ),
                _ => error,
            });
        }
        let key = self.string()?;
        let key_span = Span::new(start, self.offset);
        self.skip_space();
        if !self.take(":") {
            return Err(self
                .error("A colon is missing after this key", Span::at(key_span.end))
                .with_label("expected `:` here"));
        }
        self.skip_space();
        Ok(Member {
            key,
            key_span,
            value: self.value()?,
        })
    }

    /// After a value: `true` when a comma says that another one follows, `false` when the bracket
    /// closes. Stands before the next value, or behind the bracket.
    fn goes_on(&mut self, closing: char, opening: Span) -> Result<bool, Diagnostic> {
        let value_end = self.offset;
        self.skip_space();
        let here = self.token_span();
        match self.peek() {
            Some(',') => {
                self.offset = here.end;
                self.skip_space();
                if self.peek() == Some(closing) {
                    return Err(self
                        .error(
                            format!("There is a comma before the closing `{closing}`"),
                            here,
                        )
                        .with_label("remove this comma"));
                }
                Ok(true)
            }
            Some(found) if found == closing => {
                self.offset = here.end;
                Ok(false)
            }
            Some('"' | '{' | '[' | '-' | '0'..='9' | 'a'..='z' | 'A'..='Z') => Err(self
                .error("A comma is missing", Span::at(value_end))
                .with_label("expected `,` here")
                .with_related(here, "before this")),
            Some(other @ (']' | '}')) => Err(self
                .error(format!("`{closing}` is expected here, not `{other}`"), here)
                .with_related(opening, "to close this bracket")),
            Some(_) => Err(self.error(format!("`,` or `{closing}` is expected here"), here)),
            None => Err(self.ended(opening)),
        }
    }

    fn unless_ended(&self, opening: Span) -> Result<(), Diagnostic> {
        if self.rest().is_empty() {
            Err(self.ended(opening))
        } else {
            Ok(())
        }
    }

    fn ended(&self, opening: Span) -> Diagnostic {
        let end = self.text.trim_end().len();
        self.error("The text ends too early", Span::at(end))
            .with_label("a closing bracket is missing")
            .with_related(opening, "this bracket is never closed")
    }
}

/// The number grammar of RFC 8259 §6.
fn is_json_number(text: &str) -> bool {
    let digits = |text: &str| -> usize { text.bytes().take_while(u8::is_ascii_digit).count() };
    let rest = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with('0')) {
        return false;
    }
    let mut rest = rest.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = fraction.get(length..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let length = digits(exponent);
        if length == 0 {
            return false;
        }
        rest = exponent.get(length..).unwrap_or_default();
    }
    rest.is_empty()
}
