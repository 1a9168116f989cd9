//! The attributes of a queue that can be set: their names, values, defaults, and what they mean.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::QueueError;
use crate::limits::MESSAGE_BYTES_MAX;

/// Attributes as they were set, by name; what was not set has its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Settings(BTreeMap<String, String>);

/// Where messages go that were received too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Redrive {
    pub(super) queue_arn: String,
    pub(super) receive_count_max: u32,
}

/// What can be said of the value of an attribute.
enum Kind {
    /// A number within these bounds, with this default.
    Number(u64, u64, u64),
    /// `true` or `false`, with this default.
    Flag(&'static str),
    /// One of these; the first is the default.
    OneOf(&'static [&'static str]),
    /// `RedrivePolicy`.
    Redrive,
    /// Any text; kept, without effect.
    Text,
}

const EVERY: &[(&str, Kind)] = &[
    ("VisibilityTimeout", Kind::Number(0, 43_200, 30)),
    (
        "MaximumMessageSize",
        Kind::Number(1_024, MESSAGE_BYTES_MAX, MESSAGE_BYTES_MAX),
    ),
    (
        "MessageRetentionPeriod",
        Kind::Number(60, 1_209_600, 345_600),
    ),
    ("DelaySeconds", Kind::Number(0, 900, 0)),
    ("ReceiveMessageWaitTimeSeconds", Kind::Number(0, 20, 0)),
    ("SqsManagedSseEnabled", Kind::Flag("true")),
    ("RedrivePolicy", Kind::Redrive),
    ("Policy", Kind::Text),
    ("RedriveAllowPolicy", Kind::Text),
    ("KmsMasterKeyId", Kind::Text),
    ("KmsDataKeyReusePeriodSeconds", Kind::Text),
];

const FIFO: &[(&str, Kind)] = &[
    ("FifoQueue", Kind::Flag("true")),
    ("ContentBasedDeduplication", Kind::Flag("false")),
    (
        "DeduplicationScope",
        Kind::OneOf(&["queue", "messageGroup"]),
    ),
    (
        "FifoThroughputLimit",
        Kind::OneOf(&["perQueue", "perMessageGroupId"]),
    ),
];

/// Characters of an attribute that is only kept. Source: our own; IAM's bound for a policy.
const TEXT_CHARS_MAX: usize = 20_480;

fn kind(name: &str, fifo: bool) -> Option<&'static Kind> {
    let fifo = FIFO.iter().filter(|_| fifo);
    let found = EVERY.iter().chain(fifo).find(|(known, _)| *known == name);
    found.map(|(_, kind)| kind)
}

impl Settings {
    /// Attributes for a new queue.
    pub(super) fn new(given: &BTreeMap<String, String>) -> Result<Settings, QueueError> {
        // A standard queue has no such attribute, not even with another value.
        let fifo = match given.get("FifoQueue").map(String::as_str) {
            Some("true") => true,
            Some("false") => return Err(QueueError::InvalidAttributeName("FifoQueue".into())),
            Some(_) => return Err(QueueError::InvalidAttributeValue("FifoQueue".into())),
            None => false,
        };
        let mut settings = Settings::default();
        settings.take(given, fifo)?;
        Ok(settings)
    }

    /// These attributes, changed.
    pub(super) fn with(&self, given: &BTreeMap<String, String>) -> Result<Settings, QueueError> {
        if let Some(value) = given.get("FifoQueue")
            && (value == "true") != self.is_fifo()
        {
            return Err(QueueError::InvalidAttributeName("FifoQueue".into()));
        }
        let mut settings = self.clone();
        settings.take(given, self.is_fifo())?;
        Ok(settings)
    }

    fn take(&mut self, given: &BTreeMap<String, String>, fifo: bool) -> Result<(), QueueError> {
        for (name, value) in given {
            let Some(kind) = kind(name, fifo) else {
                return Err(QueueError::InvalidAttributeName(name.clone()));
            };
            if value.is_empty() && matches!(kind, Kind::Redrive | Kind::Text) {
                self.0.remove(name);
                continue;
            }
            let fits = match kind {
                Kind::Number(min, max, _) => value
                    .parse()
                    .is_ok_and(|number| (*min..=*max).contains(&number)),
                Kind::Flag(_) => matches!(value.as_str(), "true" | "false"),
                Kind::OneOf(values) => values.contains(&value.as_str()),
                Kind::Redrive => redrive(value).is_some(),
                Kind::Text => value.chars().count() <= TEXT_CHARS_MAX,
            };
            if !fits {
                return Err(QueueError::InvalidAttributeValue(name.clone()));
            }
            self.0.insert(name.clone(), value.clone());
        }
        Ok(())
    }

    /// The first of these attributes that a queue with these settings has another value for.
    pub(super) fn differs(&self, given: &BTreeMap<String, String>) -> Option<String> {
        let mut given = given.iter();
        given
            .find(|(name, value)| self.text(name).unwrap_or_default() != **value)
            .map(|(name, _)| name.clone())
    }

    /// An attribute as it is told: what was set, or its default; `None`: it has no value.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        if let Some(value) = self.0.get(name) {
            return Some(value.clone());
        }
        match kind(name, self.is_fifo())? {
            Kind::Number(_, _, default) => Some(default.to_string()),
            Kind::Flag(default) => Some((*default).to_owned()),
            Kind::OneOf(values) => values.first().map(|value| (*value).to_owned()),
            Kind::Redrive | Kind::Text => None,
        }
    }

    /// All that have a value.
    pub(super) fn all(&self) -> BTreeMap<String, String> {
        let fifo = FIFO.iter().filter(|_| self.is_fifo());
        let names = EVERY.iter().chain(fifo).map(|(name, _)| *name);
        names
            .filter_map(|name| Some((name.to_owned(), self.text(name)?)))
            .collect()
    }

    fn number(&self, name: &str) -> u64 {
        let text = self.text(name).unwrap_or_default();
        text.parse().unwrap_or_default()
    }

    pub(super) fn is_fifo(&self) -> bool {
        self.0.get("FifoQueue").is_some_and(|value| value == "true")
    }

    pub(super) fn visibility_seconds(&self) -> u64 {
        self.number("VisibilityTimeout")
    }

    pub(super) fn delay_seconds(&self) -> u64 {
        self.number("DelaySeconds")
    }

    pub(super) fn retention_seconds(&self) -> u64 {
        self.number("MessageRetentionPeriod")
    }

    pub(super) fn wait_seconds(&self) -> u64 {
        self.number("ReceiveMessageWaitTimeSeconds")
    }

    pub(super) fn message_bytes_max(&self) -> u64 {
        self.number("MaximumMessageSize")
    }

    pub(super) fn deduplicates_by_content(&self) -> bool {
        self.text("ContentBasedDeduplication")
            .is_some_and(|value| value == "true")
    }

    /// Whether a deduplication id counts in its group only.
    pub(super) fn deduplicates_by_group(&self) -> bool {
        self.text("DeduplicationScope")
            .is_some_and(|value| value == "messageGroup")
    }

    pub(super) fn redrive(&self) -> Option<Redrive> {
        redrive(self.0.get("RedrivePolicy")?)
    }
}

/// `{"deadLetterTargetArn": "…", "maxReceiveCount": 5}`; the count may be a text.
fn redrive(policy: &str) -> Option<Redrive> {
    let policy: Value = serde_json::from_str(policy).ok()?;
    let count = policy.get("maxReceiveCount")?;
    let count = match count {
        Value::String(text) => text.parse().ok()?,
        other => other.as_u64()?,
    };
    let receive_count_max = u32::try_from(count).ok()?;
    let queue_arn = policy.get("deadLetterTargetArn")?.as_str()?;
    (1..=1_000).contains(&receive_count_max).then(|| Redrive {
        queue_arn: queue_arn.to_owned(),
        receive_count_max,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(pairs: &[(&str, &str)]) -> Result<Settings, QueueError> {
        let given = pairs
            .iter()
            .map(|(name, value)| ((*name).into(), (*value).into()));
        Settings::new(&given.collect())
    }

    #[test]
    fn a_number_is_taken_up_to_its_bounds() {
        for (name, low, high) in [
            ("VisibilityTimeout", 0, 43_200),
            ("MaximumMessageSize", 1_024, 1_048_576),
            ("MessageRetentionPeriod", 60, 1_209_600),
            ("DelaySeconds", 0, 900),
            ("ReceiveMessageWaitTimeSeconds", 0, 20),
        ] {
            for (value, taken) in [
                (low - 1, false),
                (low, true),
                (high, true),
                (high + 1, false),
            ] {
                let found = set(&[(name, &value.to_string())]);
                assert_eq!(found.is_ok(), taken, "{name} {value}");
            }
        }
    }

    #[test]
    fn an_attribute_of_fifo_queues_is_unknown_to_a_standard_one() {
        let refused = set(&[("ContentBasedDeduplication", "true")]);
        let name = "ContentBasedDeduplication".to_owned();
        assert_eq!(refused, Err(QueueError::InvalidAttributeName(name)));
        let settings = set(&[("ContentBasedDeduplication", "true"), ("FifoQueue", "true")]);
        assert!(settings.is_ok_and(|settings| settings.deduplicates_by_content()));
    }

    #[test]
    fn a_redrive_policy_names_a_queue_and_a_count() {
        for (policy, taken) in [
            (r#"{"deadLetterTargetArn":"a","maxReceiveCount":1}"#, true),
            (
                r#"{"deadLetterTargetArn":"a","maxReceiveCount":"1000"}"#,
                true,
            ),
            (r#"{"deadLetterTargetArn":"a","maxReceiveCount":0}"#, false),
            (
                r#"{"deadLetterTargetArn":"a","maxReceiveCount":1001}"#,
                false,
            ),
            (r#"{"maxReceiveCount":3}"#, false),
            ("no", false),
        ] {
            assert_eq!(set(&[("RedrivePolicy", policy)]).is_ok(), taken, "{policy}");
        }
    }

    #[test]
    fn what_was_not_set_has_its_default() {
        let settings = set(&[("DelaySeconds", "5")]).unwrap();
        let all = settings.all();
        assert_eq!(all["DelaySeconds"], "5");
        assert_eq!(all["VisibilityTimeout"], "30");
        assert!(!all.contains_key("Policy"));
        assert!(!all.contains_key("FifoQueue"));
        let given = BTreeMap::from([("VisibilityTimeout".to_owned(), "31".to_owned())]);
        assert_eq!(
            settings.differs(&given).as_deref(),
            Some("VisibilityTimeout")
        );
    }
}
