//! Conditions on JSON lines: `{ $.status = "FAILED" && $.count > 3 }`.

use serde_json::Value;

use super::{PatternError, quoted, refused};
use crate::limits::LOG_PATTERN_DEPTH_MAX;

/// What a JSON line has to meet.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    /// The member at this path, compared.
    Member(Vec<Step>, Test),
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Name(String),
    Index(usize),
}

/// What a member has to be.
#[derive(Clone, Debug)]
pub(super) enum Test {
    /// Equal to a text with `*` for anything; or, with `false`, not.
    Text(String, bool),
    /// So much.
    Number(Comparison, f64),
    Null,
    Flag(bool),
    Absent,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Condition {
    pub(super) fn holds(&self, line: &Value) -> bool {
        match self {
            Condition::All(all) => all.iter().all(|one| one.holds(line)),
            Condition::Any(any) => any.iter().any(|one| one.holds(line)),
            Condition::Member(path, test) => test.holds(find(line, path)),
        }
    }
}

fn find<'a>(line: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter().try_fold(line, |value, step| match step {
        Step::Name(name) => value.get(name),
        Step::Index(index) => value.get(index),
    })
}

impl Test {
    fn holds(&self, member: Option<&Value>) -> bool {
        let Some(member) = member else {
            return matches!(self, Test::Absent);
        };
        match self {
            Test::Absent => false,
            Test::Null => member.is_null(),
            Test::Flag(flag) => member.as_bool() == Some(*flag),
            Test::Number(comparison, wanted) => member
                .as_f64()
                .is_some_and(|number| comparison.holds(number, *wanted)),
            Test::Text(wanted, equal) => {
                let text = match member {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                is_like(&text, wanted) == *equal
            }
        }
    }
}

impl Comparison {
    fn holds(self, number: f64, wanted: f64) -> bool {
        match self {
            Comparison::Equal => number == wanted,
            Comparison::NotEqual => number != wanted,
            Comparison::Less => number < wanted,
            Comparison::LessOrEqual => number <= wanted,
            Comparison::Greater => number > wanted,
            Comparison::GreaterOrEqual => number >= wanted,
        }
    }
}

/// Whether a text is like another one with `*` for anything.
fn is_like(text: &str, wanted: &str) -> bool {
    let mut parts = wanted.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

pub(super) fn parse(text: &str) -> Result<Condition, PatternError> {
    let mut reader = Reader {
        rest: text,
        depth: 0,
    };
    reader.expect("{")?;
    let condition = reader.any()?;
    reader.expect("}")?;
    if !reader.rest.trim().is_empty() {
        return refused("there is something behind the }");
    }
    Ok(condition)
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    /// Whether this is next; it is taken.
    fn takes(&mut self, wanted: &str) -> bool {
        let rest = self.rest.trim_start();
        let taken = rest.strip_prefix(wanted);
        self.rest = taken.unwrap_or(rest);
        taken.is_some()
    }

    fn expect(&mut self, wanted: &str) -> Result<(), PatternError> {
        if self.takes(wanted) {
            return Ok(());
        }
        refused(&format!("{wanted} is expected before '{}'", self.rest))
    }

    fn any(&mut self) -> Result<Condition, PatternError> {
        let mut any = vec![self.all()?];
        while self.takes("||") {
            any.push(self.all()?);
        }
        Ok(Condition::Any(any))
    }

    fn all(&mut self) -> Result<Condition, PatternError> {
        let mut all = vec![self.one()?];
        while self.takes("&&") {
            all.push(self.one()?);
        }
        Ok(Condition::All(all))
    }

    fn one(&mut self) -> Result<Condition, PatternError> {
        if !self.takes("(") {
            let path = self.path()?;
            return Ok(Condition::Member(path, self.test()?));
        }
        self.depth += 1;
        if self.depth > LOG_PATTERN_DEPTH_MAX {
            return refused("too many parentheses");
        }
        let condition = self.any()?;
        self.expect(")")?;
        self.depth -= 1;
        Ok(condition)
    }

    fn path(&mut self) -> Result<Vec<Step>, PatternError> {
        self.expect("$")?;
        let mut path = Vec::new();
        loop {
            if let Some(behind) = self.rest.strip_prefix('.') {
                let is_name = |c: char| c.is_alphanumeric() || "_-".contains(c);
                let end = behind.find(|c| !is_name(c)).unwrap_or(behind.len());
                let (name, rest) = behind.split_at(end);
                if name.is_empty() {
                    return refused("a name is expected after the .");
                }
                path.push(Step::Name(name.to_owned()));
                self.rest = rest;
            } else if let Some(behind) = self.rest.strip_prefix('[') {
                let (step, rest) = subscript(behind)?;
                path.push(step);
                self.rest = rest;
            } else if path.is_empty() {
                return refused("a name is expected after the $");
            } else {
                return Ok(path);
            }
        }
    }

    fn test(&mut self) -> Result<Test, PatternError> {
        if self.takes("NOT EXISTS") {
            return Ok(Test::Absent);
        }
        if self.takes("IS") {
            return match () {
                () if self.takes("NULL") => Ok(Test::Null),
                () if self.takes("TRUE") => Ok(Test::Flag(true)),
                () if self.takes("FALSE") => Ok(Test::Flag(false)),
                () => refused("NULL, TRUE or FALSE is expected after IS"),
            };
        }
        let comparison = match () {
            () if self.takes("!=") => Comparison::NotEqual,
            () if self.takes("<=") => Comparison::LessOrEqual,
            () if self.takes(">=") => Comparison::GreaterOrEqual,
            () if self.takes("=") => Comparison::Equal,
            () if self.takes("<") => Comparison::Less,
            () if self.takes(">") => Comparison::Greater,
            () => return refused("a comparison is expected"),
        };
        self.operand(comparison)
    }

    fn operand(&mut self, comparison: Comparison) -> Result<Test, PatternError> {
        self.rest = self.rest.trim_start();
        let is_quoted = self.rest.starts_with('"');
        let text = if is_quoted {
            let (text, rest) = quoted(self.rest)?;
            self.rest = rest;
            text
        } else {
            let ends = |c: char| c.is_whitespace() || "{}()&|".contains(c);
            let end = self.rest.find(ends).unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at(end);
            self.rest = rest;
            text.to_owned()
        };
        if !is_quoted && (text.is_empty() || text.starts_with('%')) {
            return refused("a text or a number is expected");
        }
        match (text.parse(), comparison) {
            (Ok(number), _) if !is_quoted => Ok(Test::Number(comparison, number)),
            (_, Comparison::Equal) => Ok(Test::Text(text, true)),
            (_, Comparison::NotEqual) => Ok(Test::Text(text, false)),
            _ => refused("only numbers are less or greater"),
        }
    }
}

/// What is between brackets: a number or a quoted name.
fn subscript(text: &str) -> Result<(Step, &str), PatternError> {
    let (step, rest) = if text.starts_with('"') {
        let (name, rest) = quoted(text)?;
        (Step::Name(name), rest)
    } else {
        let end = text.find(']').unwrap_or(text.len());
        let (index, rest) = text.split_at(end);
        let Ok(index) = index.trim().parse() else {
            return refused("a number or a quoted name is expected between [ and ]");
        };
        (Step::Index(index), rest)
    };
    match rest.strip_prefix(']') {
        Some(rest) => Ok((step, rest)),
        None => refused("a ] is missing"),
    }
}
