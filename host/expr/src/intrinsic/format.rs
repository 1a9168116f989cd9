//! `States.Format(template, v…)`: each `{}` is replaced by the next argument, written as Java writes it:
//! strings as they are, objects as `{key=value}` (recorded: `test_format_2`).

use std::borrow::Cow;

use serde_json::Value;

use crate::{
    budget::Budget,
    intrinsic::apply::{Failure, kind, refuse},
    java,
};

/// A part of a template.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// `{}`
    Argument,
}

/// Cuts a template with its escapes: `\{`, `\}`, `\'` and `\\` stand for the character, `{}` for an
/// argument.
pub(super) fn pieces(template: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut characters = template.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some(escaped @ ('\'' | '{' | '}' | '\\')) => text.push(escaped),
                // A template that comes from data may hold any backslash.
                Some(other) => text.extend(['\\', other]),
                None => text.push('\\'),
            },
            '{' if characters.next_if_eq(&'}').is_some() => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(Piece::Argument);
            }
            '{' => return Err("matching '}' not found for '{'".to_owned()),
            '}' => return Err("matching '{' not found for '}'".to_owned()),
            c => text.push(c),
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    Ok(pieces)
}

/// Applies a template that was cut when the expression was compiled.
pub(super) fn apply(
    pieces: Result<&Vec<Piece>, &str>,
    values: &[Cow<'_, Value>],
    budget: &mut Budget,
) -> Result<Value, Failure> {
    let pieces = pieces.map_err(|reason| Failure::Template(reason.to_owned()))?;
    let places = pieces
        .iter()
        .filter(|piece| **piece == Piece::Argument)
        .count();
    if places != values.len() {
        return refuse(format!(
            "the number of arguments does not match the occurrences of {{}}: {} for {places}",
            values.len()
        ));
    }
    let mut text = String::new();
    let mut values = values.iter();
    for piece in pieces {
        match piece {
            Piece::Text(part) => {
                budget.charge_bytes(part.len())?;
                text.push_str(part);
            }
            Piece::Argument => {
                if let Some(value) = values.next() {
                    java::append(value, &mut text, budget)?;
                }
            }
        }
    }
    Ok(Value::String(text))
}

/// Applies a template that is data.
pub(super) fn apply_text(
    template: &Value,
    values: &[Cow<'_, Value>],
    budget: &mut Budget,
) -> Result<Value, Failure> {
    let Some(template) = template.as_str() else {
        return refuse(format!(
            "the template must be a string, not {}",
            kind(template)
        ));
    };
    budget.charge_bytes(template.len())?;
    match pieces(template) {
        Ok(pieces) => {
            budget.charge(u64::try_from(pieces.len()).unwrap_or(u64::MAX))?;
            apply(Ok(&pieces), values, budget)
        }
        Err(reason) => Err(Failure::Template(reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(part: &str) -> Piece {
        Piece::Text(part.to_owned())
    }

    #[test]
    fn escaped_braces_are_text() {
        assert_eq!(
            pieces(r"a\{{}\} \' \\ b").unwrap(),
            [text("a{"), Piece::Argument, text(r"} ' \ b")]
        );
    }

    #[test]
    fn a_lone_brace_is_refused() {
        for template in ["{", "a{b}", "}", "{{}}", r"{\}"] {
            assert!(pieces(template).is_err(), "{template}");
        }
    }

    #[test]
    fn a_template_without_places_is_one_piece() {
        assert_eq!(pieces("plain").unwrap(), [text("plain")]);
        assert_eq!(pieces("").unwrap(), []);
    }
}
