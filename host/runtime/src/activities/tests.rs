use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use engine::{AttemptId, ExecutionArn};
use expr::Data;
use store::{Expect, MemoryStore};
use tokio::sync::Notify;

use super::*;
use crate::clock::Clock;
use crate::committer::Queue;
use crate::records::put;
use crate::tags::{Tag, Tags};

fn records() -> Records {
    Records::new(Arc::new(MemoryStore::new()), Arc::new(Queue::default()))
}

fn over(records: &Records) -> Activities {
    Activities::new(records.clone(), Place::default(), Clock::real())
}

fn activities() -> Activities {
    over(&records())
}

fn impatient() -> Activities {
    activities().polling_for(Duration::ZERO)
}

fn arn(name: &str) -> String {
    Place::default().arn("states", &format!("activity:{name}"))
}

fn task(name: &str, attempt: u64) -> ActivityTask {
    ActivityTask {
        activity: arn(name).into(),
        execution: ExecutionArn("arn:aws:states:us-east-1:123456789012:execution:a:b".into()),
        attempt: AttemptId(attempt),
        token: format!("token-{attempt}").into(),
        input: Data::empty_object(),
    }
}

/// Says what it is told to say of every attempt, and counts how often it was asked.
struct Says {
    waited_for: fn(u64) -> Result<bool, NotStarted>,
    asked: AtomicUsize,
}

impl Says {
    fn yes() -> Says {
        Says::with(|_| Ok(true))
    }

    fn with(waited_for: fn(u64) -> Result<bool, NotStarted>) -> Says {
        Says {
            waited_for,
            asked: AtomicUsize::new(0),
        }
    }
}

impl Starter for Says {
    async fn start(&self, task: &ActivityTask, _: Option<&str>) -> Result<bool, NotStarted> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        (self.waited_for)(task.attempt.0)
    }
}

/// Does not come back until it is let go.
#[derive(Default)]
struct Hangs {
    entered: Notify,
    go_on: Notify,
}

impl Starter for Hangs {
    async fn start(&self, _: &ActivityTask, _: Option<&str>) -> Result<bool, NotStarted> {
        self.entered.notify_one();
        self.go_on.notified().await;
        Ok(true)
    }
}

async fn taken(activities: &Activities, starter: &impl Starter) -> Option<u64> {
    let taken = activities.take(starter, &arn("a"), None).await.unwrap();
    taken.map(|task| task.attempt.0)
}

#[tokio::test]
async fn the_same_name_again_is_the_same_activity() {
    let activities = activities();
    let first = activities.create("approve", &[]).await.unwrap();
    let again = activities.create("approve", &[]).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(activities.describe(&first.arn), Ok(first.clone()));
    assert_eq!(activities.list(None, 10), Ok(vec![first]));
}

#[tokio::test]
async fn an_activity_and_its_tags_are_there_after_a_restart_and_go_together() {
    let records = records();
    let tag = Tag {
        key: "team".into(),
        value: "a".into(),
    };
    let before = over(&records);
    let created = before.create("approve", std::slice::from_ref(&tag));
    let created = created.await.unwrap();
    let again = over(&records);
    assert!(again.exists(&created.arn).unwrap());
    let tags = Tags::new(records.clone());
    assert_eq!(tags.of(&created.arn).unwrap(), [tag]);

    assert_eq!(again.delete(&created.arn).await, Ok(true));
    assert_eq!(again.delete(&created.arn).await, Ok(false));
    assert!(!again.exists(&created.arn).unwrap());
    assert_eq!(tags.of(&created.arn).unwrap(), []);
    let gone = ActivityError::DoesNotExist(created.arn.to_string());
    assert_eq!(again.describe(&created.arn), Err(gone));
}

#[tokio::test]
async fn there_are_10000_activities_and_no_10001st() {
    let records = records();
    let mut batch = Vec::new();
    for number in 1..limits::ACTIVITIES_MAX {
        let name = format!("a{number}");
        let activity = Activity {
            arn: arn(&name).into(),
            name: name.into(),
            created_at: engine::Timestamp(0),
        };
        let key = activity.arn.clone();
        batch.push(put(catalogue::ACTIVITIES, key, &activity, Expect::Absent));
    }
    records.write(batch).await.unwrap();
    let activities = over(&records);
    let last = activities.create("last", &[]).await.unwrap();
    let refused = activities.create("more", &[]).await;
    assert_eq!(refused, Err(ActivityError::LimitExceeded(10_000)));
    // One that is there already is no more.
    assert!(activities.create("last", &[]).await.is_ok());
    assert_eq!(activities.delete(&last.arn).await, Ok(true));
    assert!(activities.create("more", &[]).await.is_ok());
}

#[tokio::test]
async fn tasks_are_taken_in_the_order_in_which_they_came() {
    let activities = impatient();
    activities.create("a", &[]).await.unwrap();
    for attempt in [1, 2, 3, 2] {
        activities.offer(task("a", attempt)).unwrap();
    }
    activities.offer(task("b", 9)).unwrap();
    let starter = Says::yes();
    for expected in [Some(1), Some(2), Some(3), None] {
        assert_eq!(taken(&activities, &starter).await, expected);
    }
    assert_eq!(starter.asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_task_that_nobody_waits_for_any_more_is_passed_over() {
    let activities = impatient();
    activities.create("a", &[]).await.unwrap();
    for attempt in 1..=4 {
        activities.offer(task("a", attempt)).unwrap();
    }
    activities.withdraw(&task("a", 3).execution, AttemptId(3));
    let starter = Says::with(|attempt| Ok(attempt > 2));
    assert_eq!(taken(&activities, &starter).await, Some(4));
    assert_eq!(starter.asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_task_whose_execution_cannot_say_stays_in_its_place() {
    let activities = impatient();
    activities.create("a", &[]).await.unwrap();
    activities.offer(task("a", 1)).unwrap();
    activities.offer(task("a", 2)).unwrap();
    let busy = Says::with(|_| Err(NotStarted::Throttled));
    let refused = activities.take(&busy, &arn("a"), None).await.unwrap_err();
    assert_eq!(refused, ActivityError::NotStarted(NotStarted::Throttled));
    assert_eq!(taken(&activities, &Says::yes()).await, Some(1));
}

#[tokio::test]
async fn a_worker_that_goes_away_takes_no_task_with_it() {
    let activities = Arc::new(activities());
    activities.create("a", &[]).await.unwrap();
    let hangs = Arc::new(Hangs::default());
    let worker = tokio::spawn({
        let (activities, hangs) = (activities.clone(), hangs.clone());
        async move { taken(&activities, &*hangs).await }
    });
    activities.offer(task("a", 1)).unwrap();
    hangs.entered.notified().await;
    worker.abort();
    assert!(worker.await.unwrap_err().is_cancelled());
    assert_eq!(taken(&activities, &Says::yes()).await, Some(1));
}

#[tokio::test]
async fn a_worker_is_woken_by_the_task_it_waits_for() {
    let activities = Arc::new(activities());
    activities.create("a", &[]).await.unwrap();
    let workers: Vec<_> = (0..3)
        .map(|_| {
            let activities = activities.clone();
            tokio::spawn(async move { taken(&activities, &Says::yes()).await })
        })
        .collect();
    tokio::task::yield_now().await;
    for attempt in 1..=3 {
        activities.offer(task("a", attempt)).unwrap();
    }
    let mut found = Vec::new();
    for worker in workers {
        found.extend(worker.await.unwrap());
    }
    found.sort_unstable();
    assert_eq!(found, [1, 2, 3]);
    assert_eq!(activities.waiting().lines(), 0);
}

#[tokio::test]
async fn a_poll_ends_empty_when_the_server_shuts_down() {
    let activities = Arc::new(activities());
    activities.create("a", &[]).await.unwrap();
    let worker = tokio::spawn({
        let activities = activities.clone();
        async move { taken(&activities, &Says::yes()).await }
    });
    tokio::task::yield_now().await;
    activities.close();
    assert_eq!(worker.await.unwrap(), None);
    assert_eq!(taken(&activities, &Says::yes()).await, None);
}

#[tokio::test]
async fn a_worker_is_told_when_its_activity_is_deleted() {
    let activities = Arc::new(activities());
    let created = activities.create("a", &[]).await.unwrap();
    let worker = tokio::spawn({
        let activities = activities.clone();
        async move { activities.take(&Says::yes(), &arn("a"), None).await }
    });
    tokio::task::yield_now().await;
    activities.delete(&created.arn).await.unwrap();
    let told = worker.await.unwrap().unwrap_err();
    assert_eq!(told, ActivityError::DoesNotExist(arn("a")));
}

#[tokio::test]
async fn an_activity_has_1000_pollers_and_no_1001st() {
    let activities = Arc::new(activities());
    activities.create("a", &[]).await.unwrap();
    for _ in 0..limits::ACTIVITY_POLLERS_MAX {
        activities.waiting().arrive(&arn("a")).unwrap();
    }
    let refused = activities.take(&Says::yes(), &arn("a"), None).await;
    let text = ActivityError::WorkerLimitExceeded(arn("a"));
    assert_eq!(refused.unwrap_err(), text);
    activities.waiting().leave(&arn("a"));
    activities.offer(task("a", 1)).unwrap();
    assert_eq!(taken(&activities, &Says::yes()).await, Some(1));
}

#[tokio::test]
async fn a_line_holds_100000_tasks_and_no_more() {
    let activities = activities();
    for attempt in 0..limits::ACTIVITY_TASKS_MAX as u64 {
        activities.offer(task("a", attempt)).unwrap();
    }
    let refused = activities.offer(task("a", 1_000_000)).unwrap_err();
    assert_eq!(refused.count, limits::ACTIVITY_TASKS_MAX);
    // Another activity's line has room, and so has this one when somebody leaves it.
    activities.offer(task("b", 2_000_000)).unwrap();
    activities.withdraw(&task("a", 7).execution, AttemptId(7));
    activities.offer(task("a", 1_000_000)).unwrap();
}
