//! `ACTION[=RESOURCE]`: what may be done, or may not, as it is typed.

use std::fmt;
use std::str::FromStr;

use runtime::keys::{Effect, InvalidPattern, Pattern, Statement};

/// An action and the resource it is about; without one, every resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    action: Pattern,
    resource: Pattern,
}

impl Rule {
    /// The statement that says it.
    pub(super) fn statement(&self, effect: Effect) -> Statement {
        Statement {
            effect,
            actions: vec![self.action.clone()],
            resources: vec![self.resource.clone()],
        }
    }
}

impl FromStr for Rule {
    type Err = InvalidPattern;

    fn from_str(text: &str) -> Result<Rule, InvalidPattern> {
        let (action, resource) = text.split_once('=').unwrap_or((text, "*"));
        Ok(Rule {
            action: Pattern::action(action)?,
            resource: Pattern::resource(resource)?,
        })
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.action, self.resource)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_without_a_resource_is_about_all() {
        let rule = |text: &str| text.parse::<Rule>().map(|rule| rule.to_string());
        assert_eq!(rule("states:*"), Ok("states:*=*".into()));
        let orders = "states:Start*=arn:aws:states:*:*:stateMachine:orders";
        assert_eq!(rule(orders), Ok(orders.into()));
        for text in ["", "states", "=*", "states:*=", "states:*=orders"] {
            assert!(rule(text).is_err(), "{text}");
        }
    }
}
