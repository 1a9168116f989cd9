//! Names and ARNs of machines, executions and activities (ASL.md §8.5).

use crate::limits::{ARN_CHARS_MAX, NAME_CHARS_MAX};

/// A name that the service would refuse, in its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid Name: '{name}'")]
pub struct InvalidName {
    /// The name as given.
    pub name: String,
}

/// Whether `name` may name a machine, an execution or an activity: 1 to 80 characters, none of them
/// white space, a control character or one of ``<>{}[]?*"#%\^|~$&,;:/` ``.
///
/// # Errors
/// [`InvalidName`], in the service's words.
pub fn check_name(name: &str) -> Result<(), InvalidName> {
    let length = name.chars().count();
    if (1..=NAME_CHARS_MAX).contains(&length) && name.chars().all(is_name_char) {
        return Ok(());
    }
    Err(InvalidName {
        name: name.to_owned(),
    })
}

fn is_name_char(c: char) -> bool {
    !c.is_whitespace()
        && !"<>{}[]?*\"#%\\^|~$&,;:/`".contains(c)
        && !matches!(c, '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')
}

/// What an ARN of the service names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arn {
    /// A state machine, maybe one version or alias of it.
    StateMachine {
        /// Its name.
        name: String,
        /// The version's number or the alias's name.
        qualifier: Option<String>,
    },
    /// An execution of a Standard machine.
    Execution {
        /// The machine's name.
        machine: String,
        /// The execution's name.
        name: String,
    },
    /// An execution of an Express machine.
    Express {
        /// The machine's name.
        machine: String,
        /// The execution's name.
        name: String,
        /// Tells runs of one name apart.
        run: String,
    },
    /// An activity.
    Activity {
        /// Its name.
        name: String,
    },
}

/// An ARN that the service would refuse, in its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Invalid Arn: 'Invalid ARN prefix: {arn}'")]
pub struct InvalidArn {
    /// The ARN as given.
    pub arn: String,
}

impl Arn {
    /// Reads `arn:PARTITION:states:REGION:ACCOUNT:KIND:NAME…`. Partition, region and account may be
    /// any: a self-hosted service has one of each.
    ///
    /// # Errors
    /// [`InvalidArn`] when it is not of that form, is too long, or holds a name that cannot be one.
    pub fn parse(arn: &str) -> Result<Arn, InvalidArn> {
        Arn::read(arn).ok_or_else(|| InvalidArn {
            arn: arn.to_owned(),
        })
    }

    fn read(arn: &str) -> Option<Arn> {
        if arn.chars().count() > ARN_CHARS_MAX {
            return None;
        }
        let mut parts = arn.split(':');
        if parts.next()? != "arn" {
            return None;
        }
        let _partition = parts.next().filter(|part| !part.is_empty())?;
        if parts.next()? != "states" {
            return None;
        }
        let (_region, _account) = (parts.next()?, parts.next()?);
        let kind = parts.next()?;
        let names: Vec<&str> = parts.collect();
        if names.iter().any(|name| check_name(name).is_err()) {
            return None;
        }
        match (kind, names.as_slice()) {
            ("stateMachine", [name]) => Some(Arn::StateMachine {
                name: (*name).to_owned(),
                qualifier: None,
            }),
            ("stateMachine", [name, qualifier]) => Some(Arn::StateMachine {
                name: (*name).to_owned(),
                qualifier: Some((*qualifier).to_owned()),
            }),
            ("execution", [machine, name]) => Some(Arn::Execution {
                machine: (*machine).to_owned(),
                name: (*name).to_owned(),
            }),
            ("express", [machine, name, run]) => Some(Arn::Express {
                machine: (*machine).to_owned(),
                name: (*name).to_owned(),
                run: (*run).to_owned(),
            }),
            ("activity", [name]) => Some(Arn::Activity {
                name: (*name).to_owned(),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_1_to_80_characters_and_none_that_an_arn_or_a_shell_would_trip_over() {
        for name in ["a", "order-2026.01_x", "Bestellung-Ü", &"x".repeat(80)] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in ["", "a b", "a:b", "a/b", "a\u{7f}", "a`", &"x".repeat(81)] {
            let refused = check_name(name).unwrap_err();
            assert_eq!(refused.to_string(), format!("Invalid Name: '{name}'"));
        }
    }

    #[test]
    fn an_arn_is_read_whatever_its_account_says() {
        let arn = Arn::parse("arn:aws:states:us-east-1:123:execution:orders:one");
        let execution = Arn::Execution {
            machine: "orders".into(),
            name: "one".into(),
        };
        assert_eq!(arn, Ok(execution));
        let arn = Arn::parse("arn:aws:states:us-east-1:123456789012:stateMachine:orders:PROD");
        let alias = Arn::StateMachine {
            name: "orders".into(),
            qualifier: Some("PROD".into()),
        };
        assert_eq!(arn, Ok(alias));
    }

    #[test]
    fn an_arn_of_another_service_or_shape_is_refused_in_the_services_words() {
        for arn in [
            "",
            "orders",
            "arn:aws:lambda:us-east-1:123:function:f",
            "arn:aws:states:us-east-1:123:execution:orders",
            "arn:aws:states:us-east-1:123:stateMachine:a b",
            "arn:aws:states:::stateMachine:a:b:c",
        ] {
            let refused = Arn::parse(arn).unwrap_err();
            let text = format!("Invalid Arn: 'Invalid ARN prefix: {arn}'");
            assert_eq!(refused.to_string(), text);
        }
    }
}
