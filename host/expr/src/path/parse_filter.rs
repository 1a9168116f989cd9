//! The condition of a filter: `[?(@.price < 10 && !@.sold)]`. Comparisons, existence, `&&`, `||`, `!` and
//! parentheses; what AWS does not know (regular expressions, `in`, `subsetof` …) is refused by name.

use serde_json::Value;

use crate::{
    limits,
    path::{
        PathError,
        ast::{Filter, Operand, Operator, Origin},
        parse::{Parser, Place},
    },
};

/// Jayway operators that AWS does not take.
const WORDS_REFUSED: [&str; 11] = [
    "in", "nin", "subsetof", "anyof", "noneof", "contains", "size", "empty", "all", "type",
    "matches",
];

impl Parser<'_, '_> {
    /// `(condition)`; `?` is read already.
    pub(super) fn filter(&mut self) -> Result<Filter, PathError> {
        self.cursor.skip_whitespace();
        if !self.cursor.eat('(') {
            return Err(self.cursor.unexpected("`(` after `?`"));
        }
        self.parenthesis()
    }

    /// A condition up to its `)`; `(` is read already.
    fn parenthesis(&mut self) -> Result<Filter, PathError> {
        self.enter()?;
        let condition = self.any()?;
        self.cursor.skip_whitespace();
        if !self.cursor.eat(')') {
            return Err(self.cursor.unexpected("`)`"));
        }
        self.levels -= 1;
        Ok(condition)
    }

    fn enter(&mut self) -> Result<(), PathError> {
        self.levels += 1;
        if self.levels > limits::FILTER_LEVELS_MAX {
            return Err(self.cursor.fail(format!(
                "filters are nested at most {} levels deep",
                limits::FILTER_LEVELS_MAX
            )));
        }
        Ok(())
    }

    fn any(&mut self) -> Result<Filter, PathError> {
        let mut parts = vec![self.all()?];
        loop {
            self.cursor.skip_whitespace();
            if !self.cursor.eat_text("||") {
                break;
            }
            parts.push(self.all()?);
        }
        Ok(only_or(parts, Filter::Any))
    }

    fn all(&mut self) -> Result<Filter, PathError> {
        let mut parts = vec![self.unary()?];
        loop {
            self.cursor.skip_whitespace();
            if !self.cursor.eat_text("&&") {
                break;
            }
            parts.push(self.unary()?);
        }
        Ok(only_or(parts, Filter::All))
    }

    fn unary(&mut self) -> Result<Filter, PathError> {
        self.cursor.skip_whitespace();
        if self.cursor.eat('!') {
            self.enter()?;
            let inner = self.unary()?;
            self.levels -= 1;
            return Ok(Filter::Not(Box::new(inner)));
        }
        if self.cursor.eat('(') {
            return self.parenthesis();
        }
        self.relation()
    }

    fn relation(&mut self) -> Result<Filter, PathError> {
        let start = self.cursor.offset();
        let left = self.operand()?;
        self.cursor.skip_whitespace();
        match self.operator()? {
            Some(operator) => {
                self.cursor.skip_whitespace();
                let right = self.operand()?;
                Ok(Filter::Compare {
                    left,
                    operator,
                    right,
                })
            }
            None => match left {
                Operand::Query(query) => Ok(Filter::Exists(query)),
                Operand::Literal(_) => Err(self.cursor.fail_at(
                    start,
                    "a value alone is no condition: compare it with a path",
                )),
            },
        }
    }

    fn operator(&mut self) -> Result<Option<Operator>, PathError> {
        if self.cursor.rest().starts_with("=~") {
            return Err(self
                .cursor
                .fail("regular expressions are not supported in a path"));
        }
        let symbols = [
            ("==", Operator::Equal),
            ("!=", Operator::NotEqual),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ];
        for (symbol, operator) in symbols {
            if self.cursor.eat_text(symbol) {
                return Ok(Some(operator));
            }
        }
        if self.cursor.peek() == Some('=') {
            return Err(self.cursor.fail("equality is written `==`"));
        }
        let rest = self.cursor.rest();
        let word = rest
            .split(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or_default();
        if WORDS_REFUSED.contains(&word) {
            return Err(self
                .cursor
                .fail(format!("the operator `{word}` is not supported in a path")));
        }
        Ok(None)
    }

    fn operand(&mut self) -> Result<Operand, PathError> {
        match self.cursor.peek() {
            Some('@') => {
                self.cursor.advance();
                Ok(Operand::Query(
                    self.segments(Origin::Current, Place::Filter)?,
                ))
            }
            Some('$') => {
                let root = self.root()?;
                Ok(Operand::Query(
                    self.segments(Origin::Root(root), Place::Filter)?,
                ))
            }
            Some('\'' | '"') => Ok(Operand::Literal(Value::String(self.quoted()?))),
            Some('-' | '0'..='9') => self.number(),
            Some('/') => Err(self
                .cursor
                .fail("regular expressions are not supported in a path")),
            _ => self.word(),
        }
    }

    fn number(&mut self) -> Result<Operand, PathError> {
        let start = self.cursor.offset();
        let text = self
            .cursor
            .take_while(|c| matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'));
        match text.parse() {
            Ok(number) => Ok(Operand::Literal(Value::Number(number))),
            Err(_) => Err(self
                .cursor
                .fail_at(start, format!("`{text}` is not a number"))),
        }
    }

    fn word(&mut self) -> Result<Operand, PathError> {
        for (word, value) in [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ] {
            if self.cursor.eat_text(word) {
                return Ok(Operand::Literal(value));
            }
        }
        Err(self
            .cursor
            .unexpected("`@`, a path, a string, a number, `true`, `false` or `null`"))
    }
}

/// The only part, or all of them joined.
fn only_or(parts: Vec<Filter>, join: fn(Vec<Filter>) -> Filter) -> Filter {
    match <[Filter; 1]>::try_from(parts) {
        Ok([only]) => only,
        Err(parts) => join(parts),
    }
}
