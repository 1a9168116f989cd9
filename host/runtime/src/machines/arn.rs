//! ARNs of machines, their versions, aliases and labels (ASL.md §8.5).

/// The ARN of a machine, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineArn<'a> {
    /// The ARN without version, alias or label.
    pub machine: &'a str,
    /// The machine's name.
    pub name: &'a str,
    /// What else it says.
    pub qualifier: Option<Qualifier<'a>>,
}

/// What an ARN says beyond the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Qualifier<'a> {
    /// `:3`; 0 for a number that no version can have.
    Version(u64),
    /// `:PROD`.
    Alias(&'a str),
    /// `/LABEL`: a Distributed Map in the machine.
    Label(&'a str),
}

impl<'a> MachineArn<'a> {
    /// Reads `arn:PARTITION:states:REGION:ACCOUNT:stateMachine:NAME[:QUALIFIER]`, any partition, region
    /// and account: a machine is found by its whole ARN, so those of another place name none.
    /// `None`: it is not of that form.
    pub fn parse(arn: &'a str) -> Option<MachineArn<'a>> {
        let mut parts = arn.split(':');
        let head = [
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
            parts.next()?,
        ];
        let ["arn", partition, "states", _, _, "stateMachine"] = head else {
            return None;
        };
        let (named, qualifier) = (parts.next()?, parts.next());
        if partition.is_empty() || parts.next().is_some() || qualifier.is_some_and(str::is_empty) {
            return None;
        }
        let (name, label) = match named.split_once('/') {
            Some((name, label)) => (name, Some(label)),
            None => (named, None),
        };
        if name.is_empty() || label.is_some_and(str::is_empty) {
            return None;
        }
        let after_name = qualifier.map_or(0, |qualifier| qualifier.len() + 1)
            + label.map_or(0, |label| label.len() + 1);
        Some(MachineArn {
            machine: arn.get(..arn.len() - after_name)?,
            name,
            qualifier: match (label, qualifier) {
                (Some(label), _) => Some(Qualifier::Label(label)),
                (None, Some(text)) => Some(Qualifier::read(text)),
                (None, None) => None,
            },
        })
    }
}

impl<'a> Qualifier<'a> {
    fn read(text: &'a str) -> Qualifier<'a> {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Qualifier::Version(text.parse().unwrap_or(0));
        }
        Qualifier::Alias(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:orders";

    #[test]
    fn digits_are_a_version_and_anything_else_is_an_alias() {
        for (suffix, qualifier) in [
            ("", None),
            (":3", Some(Qualifier::Version(3))),
            (":PROD", Some(Qualifier::Alias("PROD"))),
            (":3a", Some(Qualifier::Alias("3a"))),
            ("/Each", Some(Qualifier::Label("Each"))),
            ("/Each:3", Some(Qualifier::Label("Each"))),
            (":99999999999999999999999", Some(Qualifier::Version(0))),
        ] {
            let arn = format!("{BASE}{suffix}");
            let parsed = MachineArn::parse(&arn).unwrap();
            assert_eq!(parsed.qualifier, qualifier, "{arn}");
            assert_eq!((parsed.machine, parsed.name), (BASE, "orders"), "{arn}");
        }
    }

    #[test]
    fn what_is_not_a_machines_arn_is_none() {
        for arn in [
            "",
            "orders",
            "arn:aws:states:us-east-1:1:stateMachine",
            "arn:aws:states:us-east-1:1:stateMachine:",
            "arn:aws:states:us-east-1:1:stateMachine:a:",
            "arn:aws:states:us-east-1:1:stateMachine:a/",
            "arn:aws:states:us-east-1:1:stateMachine:a:b:c",
            "arn:aws:states:us-east-1:1:execution:a:b",
            "arn:aws:lambda:us-east-1:1:stateMachine:a",
        ] {
            assert_eq!(MachineArn::parse(arn), None, "{arn}");
        }
    }
}
