//! The service's words for what goes wrong. It evaluates with another implementation of JSONata; where the
//! texts differ they are put right here.

use jsonata_core::evaluator::EvaluatorError;
use jsonata_core::parser::ParserError;

use super::compile::Names;

/// Of an expression that is nested too deeply to be compiled.
pub(super) const TOO_DEEP: &str = "Expression is nested too deeply";

/// What the functions of this module say when an expression would take too much memory.
pub(super) const MEMORY: &str = "!memory";

const MEMORY_CAUSE: &str =
    "Expression evaluation memory limit exceeded: Check for excessive memory usage";
const STACK_CAUSE: &str = "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive.";
const TIME_CAUSE: &str = "Expression evaluation timeout: Check for infinite loop";

/// Names of tokens, as the parser says them, and how they are written.
const TOKENS: [(&str, &str); 46] = [
    ("LeftParen", "("),
    ("RightParen", ")"),
    ("LeftBracket", "["),
    ("RightBracket", "]"),
    ("LeftBrace", "{"),
    ("RightBrace", "}"),
    ("Dot", "."),
    ("DotDot", ".."),
    ("Comma", ","),
    ("Semicolon", ";"),
    ("Colon", ":"),
    ("ColonEqual", ":="),
    ("Question", "?"),
    ("QuestionQuestion", "??"),
    ("QuestionColon", "?:"),
    ("Plus", "+"),
    ("Minus", "-"),
    ("Star", "*"),
    ("StarStar", "**"),
    ("Slash", "/"),
    ("Percent", "%"),
    ("Equal", "="),
    ("NotEqual", "!="),
    ("LessThan", "<"),
    ("LessThanOrEqual", "<="),
    ("GreaterThan", ">"),
    ("GreaterThanOrEqual", ">="),
    ("Ampersand", "&"),
    ("Caret", "^"),
    ("At", "@"),
    ("Hash", "#"),
    ("Pipe", "|"),
    ("TildeArrow", "~>"),
    ("ChainPipe", "~>"),
    ("And", "and"),
    ("Or", "or"),
    ("In", "in"),
    ("True", "true"),
    ("False", "false"),
    ("Null", "null"),
    ("Undefined", "undefined"),
    ("Function", "function"),
    ("Eof", "(end)"),
    ("Exclamation", "!"),
    ("Bang", "!"),
    ("DoubleStar", "**"),
];

/// What the parser has against a text, in the words of the reference implementation and without its code.
pub(super) fn of_parser(error: &ParserError, text: &str) -> String {
    match error {
        ParserError::Expected { expected, found } if expected != "parameter name" => {
            let expected = quoted(expected);
            match found.as_str() {
                "Eof" => format!("Expected {expected} before end of expression"),
                found => format!("Expected {expected}, got {}", quoted(found)),
            }
        }
        ParserError::UnexpectedToken(token) if token == "Eof" => {
            "Unexpected end of expression".to_owned()
        }
        ParserError::UnexpectedToken(token) => {
            format!(
                "The symbol {} cannot be used as a unary operator",
                quoted(token)
            )
        }
        ParserError::UnclosedString => match ends_in_quotes(text) {
            true => "String literal must be terminated by a matching quote".to_owned(),
            false => "No terminating / in regular expression".to_owned(),
        },
        ParserError::UnexpectedEnd => "Unexpected end of expression".to_owned(),
        other => {
            let message = other.to_string();
            let message = without_code(&message);
            match message.strip_prefix("Syntax error: ") {
                Some(token) => format!("Syntax error: {}", quoted(token)),
                None if message.is_empty() => format!("Syntax error: \"{text}\""),
                None => message.to_owned(),
            }
        }
    }
}

/// Whether a string is open at the end of a text.
fn ends_in_quotes(text: &str) -> bool {
    let mut open = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (open, character) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(quote), _) if quote == character => open = None,
            (None, '"' | '\'') => open = Some(character),
            _ => {}
        }
    }
    open.is_some()
}

/// `"["` for `LeftBracket`; `"a"` for `Identifier("a")`.
fn quoted(token: &str) -> String {
    if let Some((_, written)) = TOKENS.iter().find(|(name, _)| *name == token) {
        return format!("\"{written}\"");
    }
    let inner = token
        .split_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    let inner = inner.unwrap_or(token).trim_matches('"');
    let inner = match token.starts_with("Number(") {
        true => inner.trim_end_matches(".0"),
        false => inner,
    };
    format!("\"{inner}\"")
}

/// The text behind `S0202: `, wherever that stands.
fn without_code(message: &str) -> &str {
    let bytes = message.as_bytes();
    for (at, window) in bytes.windows(7).enumerate() {
        let [letter, a, b, c, d, b':', b' '] = window else {
            continue;
        };
        if letter.is_ascii_uppercase() && [a, b, c, d].into_iter().all(u8::is_ascii_digit) {
            return message.get(at + 7..).unwrap_or(message);
        }
    }
    message.strip_prefix("Invalid syntax: ").unwrap_or(message)
}

/// What follows `threw an error during evaluation`: `. T1006: …` or `: Stack overflow error: …`. `functions`
/// are those that the expression names.
pub(super) fn of_evaluator(error: &EvaluatorError, functions: &Names) -> String {
    let message = error.message();
    match error.code() {
        Some("D1011" | "U1001") => format!(": {STACK_CAUSE}"),
        Some("D1012" | "U1003") => format!(": {TIME_CAUSE}"),
        Some("D2014" | "D2015" | "D1009") => memory(),
        Some("T1006") => ". T1006: Attempted to invoke a non-function".to_owned(),
        Some("T0410") => format!(". {}", mismatch(message, functions)),
        Some("T2001" | "T2002") => format!(". {}", with_quoted_operator(message)),
        Some(_) => format!(". {message}"),
        None if message == MEMORY => memory(),
        None => format!(": {message}"),
    }
}

/// `T0410: Argument 1 must be Number` as the service says it, if it can be told which function is meant.
fn mismatch(message: &str, functions: &Names) -> String {
    let argument = message.strip_prefix("T0410: Argument ").and_then(|rest| {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        (!digits.is_empty()).then_some(digits)
    });
    let mut names = functions.iter();
    match (argument, names.next(), names.next()) {
        (Some(argument), Some(name), None) if !message.contains('"') => {
            format!(
                "T0410: Argument {argument} of function \"{name}\" does not match function signature"
            )
        }
        _ => message.to_owned(),
    }
}

/// `of the + operator` with quotes around the operator.
fn with_quoted_operator(message: &str) -> String {
    let parts = message
        .split_once(" of the ")
        .and_then(|(before, rest)| Some((before, rest.split_once(" operator ")?)));
    match parts {
        Some((before, (operator, after))) if !operator.contains('"') => {
            format!("{before} of the \"{operator}\" operator {after}")
        }
        _ => message.to_owned(),
    }
}

/// The same for an expression that takes too much memory.
pub(super) fn memory() -> String {
    format!(": {MEMORY_CAUSE}")
}
