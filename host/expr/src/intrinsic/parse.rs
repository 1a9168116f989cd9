//! Text → calls. The grammar is LL(1): `States.Name(argument, …)`, where an argument is a string in single
//! quotes, a number, `true`, `false`, `null`, a path or another call.

use serde_json::Value;

use crate::{
    cursor::Cursor,
    intrinsic::{Argument, Call, Function, format},
    limits,
    path::{self, Path, PathError, Place},
};

/// Reads a call that is the whole text, but for white space after it.
pub(super) fn intrinsic(text: &str) -> Result<Call, PathError> {
    path::check_length(text)?;
    let mut cursor = Cursor::new(text);
    let call = call(&mut cursor, 1)?;
    cursor.skip_whitespace();
    match cursor.peek() {
        None => Ok(call),
        Some(_) => Err(cursor.unexpected("the end after the call")),
    }
}

fn call(cursor: &mut Cursor<'_>, level: usize) -> Result<Call, PathError> {
    let start = cursor.offset();
    if level > limits::INTRINSIC_LEVELS_MAX {
        return Err(cursor.fail(format!(
            "intrinsic calls are nested at most {} levels deep",
            limits::INTRINSIC_LEVELS_MAX
        )));
    }
    let name = cursor.take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_'));
    let Some(function) = Function::named(name) else {
        return Err(cursor.fail_at(start, unknown(name)));
    };
    cursor.skip_whitespace();
    if !cursor.eat('(') {
        return Err(cursor.unexpected(&format!("`(` after `{name}`")));
    }
    let arguments_start = cursor.offset();
    let arguments = arguments(cursor, level)?;
    if let Err(message) = function.check_arity(arguments.len()) {
        return Err(cursor.fail_at(start, message));
    }
    let template = match (function, arguments.first()) {
        (Function::Format, Some(Argument::Literal(Value::String(_)))) => {
            let mut again = Cursor::new(cursor.since(arguments_start));
            again.skip_whitespace();
            Some(format::pieces(raw_string(&mut again)?))
        }
        _ => None,
    };
    Ok(Call {
        function,
        arguments,
        template,
    })
}

fn unknown(name: &str) -> String {
    match (name, Function::closest(name)) {
        ("", _) => "expected a path that begins with `$` or an intrinsic function".to_owned(),
        (name, Some(closest)) => {
            format!(
                "there is no intrinsic function `{name}`; did you mean `{}`?",
                closest.name()
            )
        }
        (name, None) => format!("there is no intrinsic function `{name}`"),
    }
}

/// The arguments up to the closing parenthesis, which is read too.
fn arguments(cursor: &mut Cursor<'_>, level: usize) -> Result<Vec<Argument>, PathError> {
    let mut arguments = Vec::new();
    cursor.skip_whitespace();
    if cursor.eat(')') {
        return Ok(arguments);
    }
    loop {
        cursor.skip_whitespace();
        arguments.push(argument(cursor, level)?);
        cursor.skip_whitespace();
        if cursor.eat(')') {
            return Ok(arguments);
        }
        if !cursor.eat(',') {
            return Err(cursor.unexpected("`,` or `)`"));
        }
    }
}

fn argument(cursor: &mut Cursor<'_>, level: usize) -> Result<Argument, PathError> {
    let start = cursor.offset();
    match cursor.peek() {
        Some('\'') => string(cursor).map(|text| Argument::Literal(Value::String(text))),
        Some('$') => {
            let query = path::query(cursor, Place::Argument)?;
            Ok(Argument::Path(Path::of(cursor.since(start), query)))
        }
        Some('-' | '0'..='9') => number(cursor),
        Some('"') => Err(cursor.fail("a string is written in single quotes")),
        Some(first) if first.is_alphabetic() => word(cursor, level),
        _ => Err(cursor.unexpected("an argument")),
    }
}

fn word(cursor: &mut Cursor<'_>, level: usize) -> Result<Argument, PathError> {
    let mut ahead = cursor.clone();
    let value = match ahead.take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '_')) {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        _ => return call(cursor, level + 1).map(Argument::Call),
    };
    *cursor = ahead;
    Ok(Argument::Literal(value))
}

fn number(cursor: &mut Cursor<'_>) -> Result<Argument, PathError> {
    let start = cursor.offset();
    let text = cursor.take_while(|c| matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'));
    match text.parse() {
        Ok(number) => Ok(Argument::Literal(Value::Number(number))),
        Err(_) => Err(cursor.fail_at(start, format!("`{text}` is not a number"))),
    }
}

/// A string in single quotes, its escapes resolved.
fn string(cursor: &mut Cursor<'_>) -> Result<String, PathError> {
    let raw = raw_string(cursor)?;
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars();
    while let Some(c) = characters.next() {
        // `raw_string` has seen that an escape is complete.
        text.extend(if c == '\\' {
            characters.next()
        } else {
            Some(c)
        });
    }
    Ok(text)
}

/// What stands between single quotes, its escapes checked and kept. Only `\'`, `\{`, `\}` and `\\` are
/// escapes (recorded: `test_illegal_escapes`).
fn raw_string<'t>(cursor: &mut Cursor<'t>) -> Result<&'t str, PathError> {
    let open = cursor.offset();
    cursor.eat('\'');
    let start = cursor.offset();
    loop {
        let at = cursor.offset();
        match cursor.peek() {
            None => return Err(cursor.fail_at(open, "the quote is never closed")),
            Some('\'') => {
                let raw = cursor.since(start);
                cursor.advance();
                return Ok(raw);
            }
            Some('\\') => {
                cursor.advance();
                if !matches!(cursor.advance(), Some('\'' | '{' | '}' | '\\')) {
                    return Err(
                        cursor.fail_at(at, "a backslash may only precede `'`, `{`, `}` or `\\`")
                    );
                }
            }
            Some(_) => {
                cursor.advance();
            }
        }
    }
}
