//! Filter patterns: terms that a line has, or has not; or conditions on the members of a JSON line.
//!
//! Read once, then asked of many lines. What CloudWatch has besides (`[…]` for columns, `%…%` for regular
//! expressions) is refused, not misread.

mod json;

use self::json::Condition;

/// Which lines to take.
#[derive(Clone, Debug, Default)]
pub struct Pattern(Kind);

#[derive(Clone, Debug, Default)]
enum Kind {
    /// Every line.
    #[default]
    Every,
    /// Lines with all of these terms, one of those, and none of these.
    Terms {
        all: Vec<String>,
        any: Vec<String>,
        none: Vec<String>,
    },
    /// Lines that are JSON and meet this.
    Json(Condition),
}

/// A pattern that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid filter pattern: {0}")]
pub struct PatternError(pub(super) String);

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<Pattern, PatternError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Pattern(Kind::Every));
        }
        if text.starts_with('{') {
            return Ok(Pattern(Kind::Json(json::parse(text)?)));
        }
        if text.starts_with('[') {
            return refused("patterns of columns, in [ ], are not supported");
        }
        terms(text).map(Pattern)
    }

    /// Whether it takes a line.
    pub fn matches(&self, line: &str) -> bool {
        match &self.0 {
            Kind::Every => true,
            Kind::Terms { all, any, none } => {
                let has = |term: &String| line.contains(term.as_str());
                all.iter().all(has)
                    && (any.is_empty() || any.iter().any(has))
                    && !none.iter().any(has)
            }
            Kind::Json(condition) => {
                serde_json::from_str(line).is_ok_and(|line| condition.holds(&line))
            }
        }
    }
}

fn terms(text: &str) -> Result<Kind, PatternError> {
    let (mut all, mut any, mut none) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = text;
    while !rest.is_empty() {
        let (terms, behind) = match (rest.strip_prefix('-'), rest.strip_prefix('?')) {
            (Some(behind), _) => (&mut none, behind),
            (_, Some(behind)) => (&mut any, behind),
            _ => (&mut all, rest),
        };
        let (term, behind) = term(behind)?;
        if !term.is_empty() {
            terms.push(term);
        }
        rest = behind.trim_start();
    }
    Ok(Kind::Terms { all, any, none })
}

/// A term, and what is behind it.
fn term(text: &str) -> Result<(String, &str), PatternError> {
    if text.starts_with('%') {
        return refused("regular expressions, in % %, are not supported");
    }
    if text.starts_with('"') {
        return quoted(text);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (term, behind) = text.split_at(end);
    Ok((term.to_owned(), behind))
}

/// A text in quotes, in which a backslash takes the next character as it is.
fn quoted(text: &str) -> Result<(String, &str), PatternError> {
    let mut found = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((found, text.get(at + 1..).unwrap_or_default())),
            '\\' => found.extend(chars.next().map(|(_, escaped)| escaped)),
            other => found.push(other),
        }
    }
    refused("a quote is not closed")
}

fn refused<T>(reason: &str) -> Result<T, PatternError> {
    Err(PatternError(reason.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_the_lines_it_describes() {
        let json = r#"{"a": {"b": "x y"}, "n": 5, "list": [{"v": 1}], "t": true, "z": null}"#;
        for (pattern, line, taken) in [
            ("", "anything", true),
            ("ERROR", "an ERROR here", true),
            ("ERROR", "an error here", false),
            ("ERROR here", "here is an ERROR", true),
            ("ERROR -here", "here is an ERROR", false),
            ("ERROR -there", "here is an ERROR", true),
            ("\"an ERROR\"", "here is an ERROR", true),
            ("\"ERROR an\"", "here is an ERROR", false),
            ("-\"an ERROR\"", "here is an ERROR", false),
            ("?one ?two", "two", true),
            ("?one ?two", "three", false),
            (r#""say \"x\"""#, r#"say "x""#, true),
            (r#"{ $.a.b = "x y" }"#, json, true),
            (r#"{ $.a.b = "x" }"#, json, false),
            (r#"{ $.a.b = "x*" }"#, json, true),
            (r#"{ $.a.b != "x" }"#, json, true),
            (r#"{ $.gone = "x" }"#, json, false),
            (r#"{ $.gone != "x" }"#, json, false),
            ("{ $.n = 5 }", json, true),
            ("{ $.n > 4.5 && $.n <= 5 }", json, true),
            ("{ $.n > 5 || $.n < 5 }", json, false),
            ("{ ($.n > 5 || $.n < 6) && $.t IS TRUE }", json, true),
            ("{ $.t IS FALSE }", json, false),
            ("{ $.z IS NULL }", json, true),
            ("{ $.n IS NULL }", json, false),
            ("{ $.gone NOT EXISTS }", json, true),
            ("{ $.n NOT EXISTS }", json, false),
            ("{ $.list[0].v = 1 }", json, true),
            ("{ $.list[1].v = 1 }", json, false),
            (r#"{ $.a.b = x* }"#, json, true),
            ("{ $.n = 5 }", "no json", false),
            (r#"{ $["a"]["b"] = "x y" }"#, json, true),
        ] {
            let parsed = Pattern::parse(pattern).unwrap();
            assert_eq!(parsed.matches(line), taken, "{pattern} {line}");
        }
    }

    #[test]
    fn a_pattern_that_is_not_understood_is_refused() {
        for pattern in [
            "[a, b]",
            "%x%",
            "\"open",
            "{",
            "{ }",
            "{ $.a }",
            "{ $.a = }",
            "{ $.a = 1",
            "{ $.a = 1 } more",
            "{ $.a = 1 && }",
            "{ a = 1 }",
            "{ $.a IS MAYBE }",
            "{ ($.a = 1 }",
            "{ $.a = %x% }",
            "{ $.a > \"x\" }",
        ] {
            assert!(Pattern::parse(pattern).is_err(), "{pattern}");
        }
        let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(1_000), ")".repeat(1_000));
        assert!(Pattern::parse(&deep).is_err(), "too deep");
    }
}
