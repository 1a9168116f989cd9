//! How a function is named: by name, partial ARN or ARN, each with or without a qualifier. A function is
//! found by its name; region and account of an ARN may be anything, as in definitions.

use super::error::FunctionError;
use crate::limits::FUNCTION_NAME_CHARS_MAX;

/// A function, maybe one version or alias of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionReference {
    /// Its name.
    pub name: String,
    /// Version or alias.
    pub qualifier: Option<String>,
}

impl FunctionReference {
    /// Reads `NAME`, `ACCOUNT:function:NAME` or `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME`, and
    /// what may follow each, `:QUALIFIER`. `None`: it is none of these.
    pub fn parse(text: &str) -> Option<FunctionReference> {
        let rest = match text.split_once("function:") {
            Some((before, rest)) if is_arn_start(before) => rest,
            Some(_) => return None,
            None => text,
        };
        let (name, qualifier) = match rest.split_once(':') {
            Some((name, qualifier)) => (name, Some(qualifier)),
            None => (rest, None),
        };
        let is_named = is_name(name) && name.len() <= FUNCTION_NAME_CHARS_MAX;
        (is_named && qualifier.is_none_or(is_qualifier)).then(|| FunctionReference {
            name: name.to_owned(),
            qualifier: qualifier.map(str::to_owned),
        })
    }

    /// The same with a qualifier that is given beside it.
    ///
    /// # Errors
    /// [`FunctionError::Invalid`]: it has another one already.
    pub fn qualified(
        mut self,
        qualifier: Option<&str>,
    ) -> Result<FunctionReference, FunctionError> {
        let Some(given) = qualifier else {
            return Ok(self);
        };
        match &self.qualifier {
            Some(own) if own != given => Err(FunctionError::Invalid(
                "The derived qualifier from the function name does not match the specified qualifier."
                    .to_owned(),
            )),
            _ => {
                self.qualifier = Some(given.to_owned());
                Ok(self)
            }
        }
    }
}

/// `arn:aws:lambda:us-east-1:123456789012:`, `123456789012:` or nothing.
fn is_arn_start(text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    let Some(text) = text.strip_suffix(':') else {
        return false;
    };
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        [account] => is_account(account),
        ["arn", partition, "lambda", _region, account] => {
            partition.starts_with("aws") && is_account(account)
        }
        _ => false,
    }
}

fn is_account(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Letters, digits, `-` and `_`.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn is_qualifier(text: &str) -> bool {
    text == "$LATEST" || (is_name(text) && text.len() <= 128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_named_in_six_ways() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:pay";
        for (text, qualifier) in [
            ("pay".to_owned(), None),
            ("pay:live".to_owned(), Some("live")),
            ("123456789012:function:pay".to_owned(), None),
            ("123456789012:function:pay:7".to_owned(), Some("7")),
            (arn.to_owned(), None),
            (format!("{arn}:$LATEST"), Some("$LATEST")),
        ] {
            let read = FunctionReference::parse(&text).unwrap();
            assert_eq!(
                (read.name.as_str(), read.qualifier.as_deref()),
                ("pay", qualifier)
            );
        }
    }

    #[test]
    fn what_names_no_function_is_refused() {
        let long = "a".repeat(FUNCTION_NAME_CHARS_MAX + 1);
        for text in [
            "",
            "a b",
            "a:b:c",
            "a:",
            ":a",
            "a:$latest",
            "function:",
            "x:function:a",
            "arn:aws:states:us-east-1:1:function:a",
            "arn:aws:lambda:us-east-1:1:layer:a",
            &long,
        ] {
            assert_eq!(FunctionReference::parse(text), None, "{text}");
        }
        assert!(FunctionReference::parse(&long[1..]).is_some());
    }

    #[test]
    fn a_second_qualifier_has_to_be_the_same() {
        let read = FunctionReference::parse("pay:1").unwrap();
        assert_eq!(read.clone().qualified(Some("1")), Ok(read.clone()));
        assert!(read.qualified(Some("2")).is_err());
    }
}
