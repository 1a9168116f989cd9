use std::sync::Mutex;

use store::MemoryStore;

use super::*;
use crate::committer::Queue;
use crate::lock::locked;

const NOW: Timestamp = Timestamp(1_700_000_000_000_000);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refused {
    Running,
    Store,
}

impl From<RecordError> for Refused {
    fn from(_: RecordError) -> Refused {
        Refused::Store
    }
}

/// An execution: how often it was redriven, and whether it runs.
#[derive(Default)]
struct Fake(Mutex<(u32, bool)>);

impl Fake {
    fn fail(&self) {
        locked(&self.0).1 = false;
    }

    fn count(&self) -> u32 {
        locked(&self.0).0
    }
}

impl Redriver for Fake {
    type Error = Refused;

    fn redrives(&self, _: &ExecutionArn) -> Result<Option<(u32, Option<Timestamp>)>, Refused> {
        let count = self.count();
        Ok(Some((count, (count > 0).then(|| at(count)))))
    }

    async fn redrive(&self, _: &ExecutionArn) -> Result<Timestamp, Refused> {
        let mut state = locked(&self.0);
        if state.1 {
            return Err(Refused::Running);
        }
        *state = (state.0 + 1, true);
        Ok(at(state.0))
    }
}

fn at(count: u32) -> Timestamp {
    NOW.plus_seconds(u64::from(count))
}

fn records() -> Records {
    Records::new(Arc::new(MemoryStore::new()), Arc::new(Queue::default()))
}

fn arn(name: &str) -> ExecutionArn {
    ExecutionArn(format!("arn:aws:states:us-east-1:123456789012:execution:a:{name}").into())
}

async fn redrive(
    records: &Records,
    fake: &Fake,
    token: &str,
    now: Timestamp,
) -> Result<Timestamp, Refused> {
    redrive_once(records, fake, &arn("one"), token, now).await
}

#[tokio::test]
async fn the_same_token_again_is_the_same_redrive() {
    let (records, fake) = (records(), Fake::default());
    assert_eq!(redrive(&records, &fake, "t", NOW).await, Ok(at(1)));
    assert_eq!(redrive(&records, &fake, "t", NOW).await, Ok(at(1)));
    fake.fail();
    assert_eq!(redrive(&records, &fake, "t", NOW).await, Ok(at(1)));
    assert_eq!(redrive(&records, &fake, "u", NOW).await, Ok(at(2)));
    assert_eq!(redrive(&records, &fake, "t", NOW).await, Ok(at(1)));
    assert_eq!(fake.count(), 2);
}

#[tokio::test]
async fn a_token_whose_redrive_was_refused_is_not_used_up() {
    let (records, fake) = (records(), Fake::default());
    redrive(&records, &fake, "t", NOW).await.unwrap();
    let refused = redrive(&records, &fake, "u", NOW).await;
    assert_eq!(refused, Err(Refused::Running));
    fake.fail();
    assert_eq!(redrive(&records, &fake, "u", NOW).await, Ok(at(2)));
}

#[tokio::test]
async fn a_redrive_whose_answer_was_lost_in_a_crash_is_found_again() {
    let (records, fake) = (records(), Fake::default());
    // The token is written down, and the execution is redriven; then the host dies.
    let claimed = claim(&records, &arn("one"), "t", 0, NOW).await.unwrap();
    assert_eq!(claimed, None);
    fake.redrive(&arn("one")).await.unwrap();
    assert_eq!(redrive(&records, &fake, "t", NOW).await, Ok(at(1)));
    assert_eq!(fake.count(), 1);
}

#[tokio::test]
async fn the_redrive_of_another_token_is_not_taken_for_its_own() {
    let (records, fake) = (records(), Fake::default());
    // Two ask at the same moment; one of them is refused.
    claim(&records, &arn("one"), "u", 0, NOW).await.unwrap();
    assert_eq!(redrive(&records, &fake, "t", NOW).await, Ok(at(1)));
    assert_eq!(
        redrive(&records, &fake, "u", NOW).await,
        Err(Refused::Running)
    );
    fake.fail();
    assert_eq!(redrive(&records, &fake, "u", NOW).await, Ok(at(2)));
}

#[tokio::test]
async fn a_token_that_was_only_written_down_in_a_crash_redrives() {
    let (records, fake) = (records(), Fake::default());
    claim(&records, &arn("one"), "t", 0, NOW).await.unwrap();
    assert_eq!(redrive(&records, &fake, "t", NOW).await, Ok(at(1)));
}

#[tokio::test]
async fn a_token_is_known_for_15_minutes() {
    let (records, fake) = (records(), Fake::default());
    redrive(&records, &fake, "t", NOW).await.unwrap();
    fake.fail();
    let later = NOW.plus_seconds(900);
    assert_eq!(redrive(&records, &fake, "t", later).await, Ok(at(1)));
    let too_late = later.plus_micros(1);
    assert_eq!(redrive(&records, &fake, "t", too_late).await, Ok(at(2)));
}

#[tokio::test]
async fn the_last_10_tokens_are_known() {
    let (records, fake) = (records(), Fake::default());
    for number in 1..=11 {
        let token = format!("t{number}");
        assert_eq!(redrive(&records, &fake, &token, NOW).await, Ok(at(number)));
        fake.fail();
    }
    assert_eq!(redrive(&records, &fake, "t2", NOW).await, Ok(at(2)));
    assert_eq!(redrive(&records, &fake, "t1", NOW).await, Ok(at(12)));
}

#[tokio::test]
async fn tokens_of_other_executions_are_forgotten_when_their_time_is_up() {
    let (records, fake) = (records(), Fake::default());
    redrive(&records, &fake, "t", NOW).await.unwrap();
    let other = Fake::default();
    let later = NOW.plus_seconds(901);
    let redriven = redrive_once(&records, &other, &arn("two"), "t", later).await;
    assert_eq!(redriven, Ok(at(1)));
    assert_eq!(read(&records, &arn("one")).unwrap().0, []);
    let left = records.scan::<()>(&Scan::of(EXPIRY, "")).unwrap();
    assert_eq!(left.len(), 1);
}
