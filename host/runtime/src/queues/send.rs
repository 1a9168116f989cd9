//! Sending: a message is durable before its sender hears of it, and an id that was sent before is not
//! stored again.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Batch, Expect};

use super::error::QueueError;
use super::message::{Contents, NewMessage, Sent};
use super::queue::{CONTENTS, Queue, SENT, SLOT};
use super::settings::Settings;
use crate::hex::hex;
use crate::limits::{DEDUPLICATION_SECONDS, SENT_ID_SECONDS};
use crate::records::{RecordError, put};

/// An id that was sent, and what its sender was told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SentRecord {
    pub(super) message_id: String,
    pub(super) sequence_number: Option<String>,
    pub(super) expires_at: Timestamp,
}

/// How a message is known again.
struct Identity {
    key: Arc<str>,
    seconds: u64,
}

/// What is written for one message.
struct Plan {
    /// Its place among those to send.
    place: usize,
    number: u64,
    sent: Sent,
}

type Answers = Vec<Option<Result<Sent, QueueError>>>;

impl Queue {
    /// Sends messages, in order; each is answered for itself. All that can be stored are stored together.
    pub(super) async fn send(
        self: Arc<Self>,
        messages: Vec<NewMessage>,
    ) -> Vec<Result<Sent, QueueError>> {
        let lost = || QueueError::from(RecordError::ShutDown);
        let count = messages.len();
        // Whoever sends may go away; what has begun is finished all the same, so that the index and
        // the store agree.
        let answers = tokio::spawn(async move { self.send_all(&messages).await }).await;
        match answers {
            Ok(answers) => answers
                .into_iter()
                .map(|answer| answer.unwrap_or_else(|| Err(lost())))
                .collect(),
            Err(_) => (0..count).map(|_| Err(lost())).collect(),
        }
    }

    async fn send_all(&self, messages: &[NewMessage]) -> Answers {
        let settings = match self.settings() {
            Ok(settings) => settings,
            Err(error) => return messages.iter().map(|_| Some(Err(error.clone()))).collect(),
        };
        loop {
            let mut answers: Answers = Vec::new();
            let mut batch = Batch::new();
            let plans = self.plan(messages, &settings, &mut answers, &mut batch);
            if plans.is_empty() {
                return answers;
            }
            match self.records.write(batch).await {
                Ok(()) => {
                    for plan in plans {
                        self.arrived(plan.number);
                        if let Some(answer) = answers.get_mut(plan.place) {
                            *answer = Some(Ok(plan.sent));
                        }
                    }
                    return answers;
                }
                // Another sender of the same id was faster: what it stored is found now.
                Err(RecordError::Stale(_)) => {
                    plans.iter().for_each(|plan| self.forget(plan.number))
                }
                Err(error) => {
                    for plan in plans {
                        self.forget(plan.number);
                        if let Some(answer) = answers.get_mut(plan.place) {
                            *answer = Some(Err(error.clone().into()));
                        }
                    }
                    return answers;
                }
            }
        }
    }

    /// Decides what to store; what needs no write is answered at once.
    fn plan(
        &self,
        messages: &[NewMessage],
        settings: &Settings,
        answers: &mut Answers,
        batch: &mut Batch,
    ) -> Vec<Plan> {
        let mut plans = Vec::new();
        // Ids that came before in this very request.
        let mut planned: BTreeMap<Arc<str>, Sent> = BTreeMap::new();
        for (place, message) in messages.iter().enumerate() {
            let answer = match self.plan_one(message, settings, &planned, batch) {
                Ok(Planned::Known(sent)) => Some(Ok(sent)),
                Ok(Planned::New { number, sent, keys }) => {
                    planned.extend(keys.into_iter().map(|key| (key, sent.clone())));
                    plans.push(Plan {
                        place,
                        number,
                        sent,
                    });
                    None
                }
                Err(error) => Some(Err(error)),
            };
            answers.push(answer);
        }
        plans
    }

    fn plan_one(
        &self,
        message: &NewMessage,
        settings: &Settings,
        planned: &BTreeMap<Arc<str>, Sent>,
        batch: &mut Batch,
    ) -> Result<Planned, QueueError> {
        message.check(settings.message_bytes_max())?;
        check_kind(message, settings)?;
        let now = self.clock.now();
        let mut identities = Vec::new();
        for identity in self.identities(message, settings)? {
            if let Some(earlier) = planned.get(&identity.key) {
                let sequence_number = earlier.sequence_number.clone();
                return Ok(Planned::Known(
                    message.sent(&earlier.message_id, sequence_number),
                ));
            }
            let mut expect = Expect::Absent;
            if let Some(stored) = self.records.get::<SentRecord>(SENT, &identity.key)? {
                if stored.value.expires_at > now {
                    let SentRecord {
                        message_id,
                        sequence_number,
                        ..
                    } = stored.value;
                    return Ok(Planned::Known(message.sent(&message_id, sequence_number)));
                }
                expect = stored.unchanged();
            }
            identities.push((identity, expect));
        }
        let slot = self.slot_for(message, settings, now);
        let number = self.reserve(slot.clone())?;
        let id = message
            .id
            .clone()
            .unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        let sent = message.sent(&id, self.sequence_number(number));
        let contents = Contents {
            message_id: id,
            body: message.body.clone(),
            attributes: message.attributes.clone(),
            group_id: message.group_id.clone(),
            deduplication_id: deduplication_id(message, settings),
            trace_header: message.trace_header.clone(),
            sender: message
                .sender
                .clone()
                .unwrap_or_else(|| self.account.clone()),
            source_arn: None,
        };
        batch.push(put(SLOT, self.key(number), &slot, Expect::Anything));
        batch.push(put(CONTENTS, self.key(number), &contents, Expect::Anything));
        let mut keys = Vec::new();
        for (identity, expect) in identities {
            let record = SentRecord {
                message_id: sent.message_id.clone(),
                sequence_number: sent.sequence_number.clone(),
                expires_at: now.plus_seconds(identity.seconds),
            };
            batch.push(put(SENT, identity.key.clone(), &record, expect));
            keys.push(identity.key);
        }
        Ok(Planned::New { number, sent, keys })
    }

    /// What tells whether the message was sent before; nothing: it is always a new one.
    fn identities(
        &self,
        message: &NewMessage,
        settings: &Settings,
    ) -> Result<Vec<Identity>, QueueError> {
        let mut identities = Vec::new();
        if let Some(id) = &message.id {
            let key = format!("{}/i/{id}", self.id).into();
            let seconds = SENT_ID_SECONDS;
            identities.push(Identity { key, seconds });
        }
        if !settings.is_fifo() {
            return Ok(identities);
        }
        let Some(id) = deduplication_id(message, settings) else {
            return Err(QueueError::InvalidParameterValue(String::from(
                "The queue should either have ContentBasedDeduplication enabled or \
                 MessageDeduplicationId provided explicitly",
            )));
        };
        let group = message.group_id.as_deref().unwrap_or_default();
        let group = if settings.deduplicates_by_group() {
            group
        } else {
            ""
        };
        identities.push(Identity {
            key: format!("{}/d/{}/{group}/{id}", self.id, group.len()).into(),
            seconds: DEDUPLICATION_SECONDS,
        });
        Ok(identities)
    }
}

enum Planned {
    /// It was sent before.
    Known(Sent),
    /// It is to be stored.
    New {
        number: u64,
        sent: Sent,
        keys: Vec<Arc<str>>,
    },
}

fn deduplication_id(message: &NewMessage, settings: &Settings) -> Option<String> {
    let by_content = || {
        let by_content = settings.is_fifo() && settings.deduplicates_by_content();
        by_content.then(|| hex(&Sha256::digest(&message.body)))
    };
    message.deduplication_id.clone().or_else(by_content)
}

/// Whether a queue of this kind takes such a message.
fn check_kind(message: &NewMessage, settings: &Settings) -> Result<(), QueueError> {
    if let Some(delay) = message.delay_seconds {
        let value = delay.to_string();
        if delay > 900 {
            let reason = "DelaySeconds must be >= 0 and <= 900.";
            return Err(QueueError::invalid(&value, "DelaySeconds", reason));
        }
        if settings.is_fifo() && delay > 0 {
            let reason = "The request include parameter that is not valid for this queue type.";
            return Err(QueueError::invalid(&value, "DelaySeconds", reason));
        }
    }
    if settings.is_fifo() && message.group_id.is_none() {
        return Err(QueueError::MissingParameter("MessageGroupId"));
    }
    if !settings.is_fifo()
        && let Some(id) = &message.deduplication_id
    {
        let reason = "The request includes a parameter that is not valid for this queue type.";
        return Err(QueueError::invalid(id, "MessageDeduplicationId", reason));
    }
    Ok(())
}
