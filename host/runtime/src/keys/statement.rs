//! What a key may do: statements over actions and resources, as in an identity-based policy of AWS's.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits::{KEY_PATTERN_CHARS_MAX, KEY_PATTERNS_MAX};

/// Whether what a statement covers may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// It may.
    Allow,
    /// It may not, whatever else is said.
    Deny,
}

/// A text in which `*` stands for any characters and `?` for one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Pattern(String);

/// A text that is no pattern for actions or resources.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPattern {
    /// Of an action.
    #[error(
        "'{0}' is no action: it has to be * or SERVICE:OPERATION, as states:StartExecution or lambda:*"
    )]
    Action(String),
    /// Of a resource.
    #[error(
        "'{0}' is no resource: it has to be * or an ARN, as arn:aws:states:*:*:stateMachine:orders"
    )]
    Resource(String),
}

impl Pattern {
    /// A pattern for actions.
    ///
    /// # Errors
    /// [`InvalidPattern::Action`] for what cannot match any.
    pub fn action(text: &str) -> Result<Pattern, InvalidPattern> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"*?-".contains(&byte);
        let is_part = |part: &str| !part.is_empty() && part.bytes().all(fits);
        let is_action = text.len() <= KEY_PATTERN_CHARS_MAX
            && match text.split_once(':') {
                Some((service, operation)) => is_part(service) && is_part(operation),
                None => text == "*",
            };
        if is_action {
            Ok(Pattern(text.to_owned()))
        } else {
            Err(InvalidPattern::Action(text.to_owned()))
        }
    }

    /// A pattern for resources.
    ///
    /// # Errors
    /// [`InvalidPattern::Resource`] for what cannot match any.
    pub fn resource(text: &str) -> Result<Pattern, InvalidPattern> {
        let is_whole = text.contains('*') || text.split(':').count() >= 6;
        let is_arn = text.starts_with("arn:") && is_whole;
        let fits = text.len() <= KEY_PATTERN_CHARS_MAX && !text.contains(char::is_control);
        if fits && (is_arn || text == "*") {
            Ok(Pattern(text.to_owned()))
        } else {
            Err(InvalidPattern::Resource(text.to_owned()))
        }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it covers the whole text.
    fn matches(&self, text: &str) -> bool {
        matches(self.0.as_bytes(), text.as_bytes(), u8::eq)
    }

    /// The same, without regard to the case of letters: so AWS compares actions.
    fn matches_any_case(&self, text: &str) -> bool {
        matches(self.0.as_bytes(), text.as_bytes(), u8::eq_ignore_ascii_case)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, try_from = "StatementText")]
pub struct Statement {
    /// What becomes of what it covers.
    pub effect: Effect,
    /// `states:StartExecution`, `lambda:Get*`, `*`.
    pub actions: Vec<Pattern>,
    /// `arn:aws:states:*:*:stateMachine:orders*`, `*`.
    pub resources: Vec<Pattern>,
}

impl Statement {
    pub(super) fn covers(&self, action: &str, resource: &str) -> bool {
        let mut actions = self.actions.iter();
        let mut resources = self.resources.iter();
        actions.any(|pattern| pattern.matches_any_case(action))
            && resources.any(|pattern| pattern.matches(resource))
    }
}

/// A statement as it is in the file, not checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatementText {
    effect: Effect,
    actions: Vec<String>,
    resources: Vec<String>,
}

impl TryFrom<StatementText> for Statement {
    type Error = String;

    fn try_from(text: StatementText) -> Result<Statement, String> {
        if text.actions.len().max(text.resources.len()) > KEY_PATTERNS_MAX {
            return Err(format!("more than {KEY_PATTERNS_MAX} patterns"));
        }
        let actions = text.actions.iter().map(|text| Pattern::action(text));
        let resources = text.resources.iter().map(|text| Pattern::resource(text));
        Ok(Statement {
            effect: text.effect,
            actions: actions
                .collect::<Result<_, _>>()
                .map_err(|error| error.to_string())?,
            resources: resources
                .collect::<Result<_, _>>()
                .map_err(|error| error.to_string())?,
        })
    }
}

/// Why something is not allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// No statement allows it.
    #[error("because no identity-based policy allows it")]
    Unsaid,
    /// A statement denies it.
    #[error("with an explicit deny in an identity-based policy")]
    Explicit,
}

/// In one pass over the text; after a mismatch only the last `*` is given one character more, which is
/// enough, so that no pattern takes longer than its length times that of the text.
///
/// A `?` is one byte here: ARNs and actions are ASCII but for names of state machines, where `?` may
/// have to be said more than once.
fn matches(pattern: &[u8], text: &[u8], same: impl Fn(&u8, &u8) -> bool) -> bool {
    let (mut at, mut star) = ((pattern, text), None);
    loop {
        at = match at {
            ([b'*', pattern @ ..], text) => {
                star = Some((pattern, text));
                (pattern, text)
            }
            ([], []) => return true,
            ([one, pattern @ ..], [other, text @ ..]) if *one == b'?' || same(one, other) => {
                (pattern, text)
            }
            _ => {
                let Some((pattern, [_, text @ ..])) = star else {
                    return false;
                };
                star = Some((pattern, text));
                (pattern, text)
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_characters_and_a_question_mark_is_one() {
        let cases = [
            ("*", "", true),
            ("*", "anything", true),
            ("a*", "a", true),
            ("a*c", "abcbc", true),
            ("a*c", "abcb", false),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("", "", true),
            ("", "a", false),
            ("a", "", false),
            ("a", "A", false),
            ("**", "ab", true),
            ("?*", "", false),
            (
                "arn:*:stateMachine:orders",
                "arn:aws:states:r:1:stateMachine:orders",
                true,
            ),
            (
                "arn:*:stateMachine:orders",
                "arn:aws:states:r:1:stateMachine:orders:2",
                false,
            ),
        ];
        for (pattern, text, expected) in cases {
            let found = Pattern(pattern.into()).matches(text);
            assert_eq!(found, expected, "{pattern} {text}");
        }
        assert!(Pattern("States:start*".into()).matches_any_case("states:StartExecution"));
    }

    #[test]
    fn many_stars_take_no_longer_than_few() {
        let pattern = Pattern("*a".repeat(500) + "b");
        assert!(!pattern.matches(&"a".repeat(2_000)));
    }

    #[test]
    fn what_can_match_nothing_is_no_pattern() {
        for action in ["", "states", "states:", ":Get", "states:a:b", "states: Get"] {
            assert!(Pattern::action(action).is_err(), "{action}");
        }
        for action in ["*", "*:*", "states:*", "lambda:Invoke?unction"] {
            assert!(Pattern::action(action).is_ok(), "{action}");
        }
        for resource in ["", "orders", "arn:aws:states", "arn:a:b:c:d:\n"] {
            assert!(Pattern::resource(resource).is_err(), "{resource}");
        }
        for resource in [
            "*",
            "arn:aws:states:us-east-1:1:stateMachine:x",
            "arn:*:orders",
        ] {
            assert!(Pattern::resource(resource).is_ok(), "{resource}");
        }
        assert!(Pattern::action(&format!("a:{}", "b".repeat(KEY_PATTERN_CHARS_MAX - 2))).is_ok());
        assert!(Pattern::action(&format!("a:{}", "b".repeat(KEY_PATTERN_CHARS_MAX - 1))).is_err());
    }
}
