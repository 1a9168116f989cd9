//! Scalars of YAML by the core schema, and the tags on them.

use saphyr_parser::ScalarStyle;
use serde_json::Number;

use super::error;
use crate::{Diagnostic, Kind, Node, Span, number};

/// How the parser writes the tags of YAML itself, `!!str` and so on.
const CORE: &str = "tag:yaml.org,2002:";

/// The node of a scalar. A tag of YAML itself decides its type; a tag of somebody else is kept, and
/// the scalar under it is text.
pub(super) fn node(
    text: &str,
    style: ScalarStyle,
    tag: Option<String>,
    span: Span,
) -> Result<Node, Diagnostic> {
    let as_text = || Kind::String(text.to_owned());
    let (value, tag) = match tag {
        None if style == ScalarStyle::Plain => (plain(text, span)?, None),
        None => (as_text(), None),
        Some(tag) => match core_name(&tag) {
            Some("str") => (as_text(), None),
            Some(name @ ("int" | "float" | "bool" | "null")) => (typed(text, name, span)?, None),
            Some(name) => return Err(unknown_tag(name, span)),
            // `!` alone says: text, whatever it looks like.
            None if tag == "!" => (as_text(), None),
            None => (as_text(), Some(tag)),
        },
    };
    Ok(Node { value, span, tag })
}

/// The tag of a collection, if it is not one of YAML's own.
pub(super) fn local_tag(tag: Option<String>, span: Span) -> Result<Option<String>, Diagnostic> {
    let Some(tag) = tag else { return Ok(None) };
    match core_name(&tag) {
        Some("map" | "seq") => Ok(None),
        Some(name) => Err(unknown_tag(name, span)),
        None if tag == "!" => Ok(None),
        None => Ok(Some(tag)),
    }
}

/// The key that a scalar makes.
pub(super) fn key(node: Node, is_plain: bool) -> Result<(String, Span), Diagnostic> {
    match node.value {
        Kind::String(text) if node.tag.is_none() => Ok((text, node.span)),
        other => {
            let found = Node::new(other, node.span).kind_name();
            let diagnostic =
                error("A key has to be a string", node.span).with_label(format!("this is {found}"));
            Err(match is_plain {
                true => diagnostic.with_help("put it in quotes"),
                false => diagnostic,
            })
        }
    }
}

fn core_name(tag: &str) -> Option<&str> {
    tag.strip_prefix(CORE)
        .map(|name| name.trim_start_matches('!'))
}

fn unknown_tag(name: &str, span: Span) -> Diagnostic {
    error(
        format!("The YAML type `!!{name}` has no counterpart in JSON"),
        span,
    )
}

fn typed(text: &str, name: &str, span: Span) -> Result<Kind, Diagnostic> {
    let value = plain(text, span)?;
    let fits = matches!(
        (&value, name),
        (Kind::Number(_), "int" | "float") | (Kind::Bool(_), "bool") | (Kind::Null, "null")
    );
    match fits {
        true => Ok(value),
        false => Err(error(
            format!("This is no value of the YAML type `!!{name}`"),
            span,
        )),
    }
}

/// What an unquoted scalar is in the core schema.
fn plain(text: &str, span: Span) -> Result<Kind, Diagnostic> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Kind::Null),
        "true" | "True" | "TRUE" => return Ok(Kind::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Kind::Bool(false)),
        ".nan" | ".NaN" | ".NAN" => return Err(no_json_number(span)),
        _ => {}
    }
    if matches!(
        text.trim_start_matches(['+', '-']),
        ".inf" | ".Inf" | ".INF"
    ) && text.len() <= 5
    {
        return Err(no_json_number(span));
    }
    match decimal(text).or_else(|| radix(text)) {
        None => Ok(Kind::String(text.to_owned())),
        Some(Some(number)) => Ok(Kind::Number(number)),
        Some(None) => Err(error("This number is beyond the range of a double", span)),
    }
}

fn no_json_number(span: Span) -> Diagnostic {
    error("JSON has no infinity and no NaN", span)
}

/// A decimal number. Outer `None`: it is none. Inner `None`: it is out of range.
fn decimal(text: &str) -> Option<Option<Number>> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = rest.split_at_checked(digits(rest))?;
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at_checked(digits(rest))?,
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let exponent = match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if unsigned.is_empty() || digits(unsigned) != unsigned.len() {
                return None;
            }
            format!("e{exponent}")
        }
        None if rest.is_empty() => String::new(),
        None => return None,
    };
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    let fraction = match fraction {
        "" => String::new(),
        digits => format!(".{digits}"),
    };
    Some(number::parse(&format!("{sign}{whole}{fraction}{exponent}")))
}

/// `0o17` and `0x1f`. Outer `None`: it is neither. Inner `None`: it does not fit 64 bits.
fn radix(text: &str) -> Option<Option<Number>> {
    let (digits, radix) = match (text.strip_prefix("0o"), text.strip_prefix("0x")) {
        (Some(digits), _) => (digits, 8),
        (_, Some(digits)) => (digits, 16),
        _ => return None,
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    Some(u64::from_str_radix(digits, radix).ok().map(Number::from))
}
