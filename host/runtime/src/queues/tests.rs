//! Queues over a store in memory, with a clock that jumps.

mod fifo;
mod limits;
mod standard;

use std::collections::BTreeMap;
use std::sync::Arc;

use store::{MemoryStore, Store};

use super::*;

/// A store, and the queues over it, which can be opened again.
struct Bench {
    store: Arc<dyn Store>,
    clock: Clock,
    queues: Arc<Queues>,
}

impl Bench {
    fn new() -> Bench {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let clock = Clock::skipping();
        let queues = open(&store, &clock);
        Bench {
            store,
            clock,
            queues,
        }
    }

    /// With one queue of the name `q`, or `q.fifo`.
    async fn with(attributes: &[(&str, &str)]) -> Bench {
        let bench = Bench::new();
        let attributes = map(attributes);
        let fifo = attributes.contains_key("FifoQueue");
        let name = if fifo { "q.fifo" } else { "q" };
        let created = bench.queues.create(name, &attributes, BTreeMap::new());
        created.await.unwrap();
        bench
    }

    /// As after a restart.
    fn reopen(&mut self) {
        self.queues = open(&self.store, &self.clock);
    }

    fn pass(&self, seconds: u64) {
        self.clock.skip_to(self.clock.now().plus_seconds(seconds));
    }

    fn name(&self) -> &'static str {
        if self.queues.exists("q") {
            "q"
        } else {
            "q.fifo"
        }
    }

    async fn send(&self, message: NewMessage) -> Sent {
        self.queues.send(self.name(), message).await.unwrap()
    }

    /// The bodies of what is received at once.
    async fn bodies(&self) -> Vec<String> {
        bodies(&self.receive(10).await)
    }

    async fn receive(&self, max: usize) -> Vec<Received> {
        self.queues
            .receive(self.name(), &request(max))
            .await
            .unwrap()
    }

    async fn delete(&self, handle: &str) -> Result<(), QueueError> {
        let handles = vec![handle.to_owned()];
        let answers = self.queues.delete_messages(self.name(), handles).await;
        answers.unwrap().remove(0)
    }

    async fn change(&self, handle: &str, seconds: u64) -> Result<(), QueueError> {
        let changes = vec![(handle.to_owned(), seconds)];
        let answers = self.queues.change_visibility(self.name(), changes).await;
        answers.unwrap().remove(0)
    }

    /// Visible, in flight, delayed.
    fn counts(&self) -> (String, String, String) {
        let attributes = self.queues.attributes(self.name()).unwrap();
        let get =
            |suffix: &str| attributes[&format!("ApproximateNumberOfMessages{suffix}")].clone();
        (get(""), get("NotVisible"), get("Delayed"))
    }
}

fn open(store: &Arc<dyn Store>, clock: &Clock) -> Arc<Queues> {
    let records = Records::new(store.clone(), Arc::default());
    Arc::new(Queues::open(records, Place::default(), clock.clone()).unwrap())
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect()
}

fn text(body: &str) -> NewMessage {
    NewMessage {
        body: body.into(),
        ..NewMessage::default()
    }
}

fn request(max: usize) -> ReceiveRequest {
    ReceiveRequest {
        max,
        visibility_seconds: None,
        wait_seconds: Some(0),
        attempt_id: None,
    }
}

fn bodies(received: &[Received]) -> Vec<String> {
    received
        .iter()
        .map(|one| one.contents.body.clone())
        .collect()
}
