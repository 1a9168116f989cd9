//! The digests by which a client checks that a message came as it was sent.

use std::collections::BTreeMap;

use md5::{Digest, Md5};

use super::message::{Attribute, AttributeValue};
use crate::hex::hex;

/// `MD5OfMessageBody`.
pub(crate) fn of_body(body: &str) -> String {
    hex(&Md5::digest(body))
}

/// `MD5OfMessageAttributes`: name, type and value of each attribute in the order of the names, each with
/// its length before it, the value also with what it is. `None` without attributes.
pub fn of_attributes(attributes: &BTreeMap<String, Attribute>) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut digest = Md5::new();
    for (name, attribute) in attributes {
        add(&mut digest, name.as_bytes());
        add(&mut digest, attribute.data_type.as_bytes());
        let (kind, bytes) = match &attribute.value {
            AttributeValue::Text(text) => (1, text.as_bytes()),
            AttributeValue::Binary(bytes) => (2, bytes.as_slice()),
        };
        digest.update([kind]);
        add(&mut digest, bytes);
    }
    Some(hex(&digest.finalize()))
}

fn add(digest: &mut Md5, bytes: &[u8]) {
    // No attribute is longer than a message.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    digest.update(length.to_be_bytes());
    digest.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(data_type: &str, text: &str) -> Attribute {
        Attribute {
            data_type: data_type.into(),
            value: AttributeValue::Text(text.into()),
        }
    }

    #[test]
    fn the_digest_of_a_body_is_the_one_that_aws_returns() {
        assert_eq!(of_body("hello"), "5d41402abc4b2a76b9719d911017c592");
    }

    #[test]
    fn the_digest_of_attributes_does_not_depend_on_the_order_in_which_they_are_given() {
        let attributes = BTreeMap::from([
            ("timestamp".to_owned(), text("Number", "1493147359900")),
            ("name".to_owned(), text("String", "value")),
        ]);
        let other: BTreeMap<_, _> = attributes.clone().into_iter().rev().collect();
        assert_eq!(of_attributes(&attributes), of_attributes(&other));
        assert_eq!(of_attributes(&BTreeMap::new()), None);
    }

    /// Worked out by hand after the description in SQS's developer guide.
    #[test]
    fn the_digest_of_attributes_is_the_one_that_aws_returns() {
        let attributes =
            BTreeMap::from([("timestamp".to_owned(), text("Number", "1493147359900"))]);
        let digest = of_attributes(&attributes);
        assert_eq!(digest.as_deref(), Some("235c5c510d26fb653d073faed50ae77c"));
        let binary = Attribute {
            data_type: "Binary".into(),
            value: AttributeValue::Binary(vec![1, 2, 3]),
        };
        assert_ne!(
            of_attributes(&BTreeMap::from([("timestamp".to_owned(), binary)])),
            digest
        );
    }
}
