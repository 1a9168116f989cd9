//! What a queue refuses.

use engine::Timestamp;

use super::index::{Index, Standing};
use super::message::Slot;
use super::*;

#[tokio::test]
async fn a_name_has_up_to_80_letters_digits_hyphens_and_underscores() {
    let bench = Bench::new();
    let fifo = map(&[("FifoQueue", "true")]);
    let none = BTreeMap::new();
    for (name, attributes, taken) in [
        ("a-b_C1", &none, true),
        (&*"x".repeat(80), &none, true),
        (&*"x".repeat(81), &none, false),
        ("", &none, false),
        ("a b", &none, false),
        ("a.fifo", &none, false),
        ("a.fifo", &fifo, true),
        ("a", &fifo, false),
        (".fifo", &fifo, false),
        (&*format!("{}.fifo", "x".repeat(75)), &fifo, true),
        (&*format!("{}.fifo", "x".repeat(76)), &fifo, false),
    ] {
        let created = bench.queues.create(name, attributes, BTreeMap::new()).await;
        assert_eq!(created.is_ok(), taken, "{name}");
    }
}

#[tokio::test]
async fn a_queue_has_fifty_tags_and_not_fifty_one() {
    let bench = Bench::with(&[]).await;
    let tags: BTreeMap<_, _> = (0..50)
        .map(|index| (format!("t{index}"), String::new()))
        .collect();
    assert_eq!(bench.queues.tag("q", &tags).await, Ok(()));
    let refused = bench.queues.tag("q", &map(&[("more", "")])).await;
    assert!(matches!(refused, Err(QueueError::InvalidParameterValue(_))));
}

#[tokio::test]
async fn a_message_that_is_refused_does_not_take_its_neighbours_down() {
    let bench = Bench::with(&[]).await;
    let messages = vec![text("a"), text("\u{0}"), text("b")];
    let answers = bench.queues.send_batch("q", messages).await.unwrap();
    let taken: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(taken, [true, false, true]);
    assert_eq!(bench.bodies().await, ["a", "b"]);
}

#[tokio::test]
async fn the_store_is_not_asked_for_more_than_all_queues_may_take() {
    let bench = Bench::with(&[]).await;
    let total = &bench.queues.parts.total_bytes;
    let room = text("a").cost_bytes();
    let full = crate::limits::QUEUE_BYTES_MAX - room;
    total.store(full, std::sync::atomic::Ordering::Relaxed);
    bench.send(text("a")).await;
    let refused = bench.queues.send("q", text("b")).await;
    assert!(matches!(refused, Err(QueueError::OverLimit(_))));
    let received = bench.receive(1).await;
    bench.delete(&received[0].receipt_handle).await.unwrap();
    bench.send(text("b")).await;
}

#[test]
fn the_index_takes_what_is_ready_in_order_and_counts_where_messages_stand() {
    let slot = |visible_at| Slot {
        sent_at: Timestamp(0),
        visible_at: Timestamp(visible_at),
        first_received_at: None,
        receive_count: 0,
        bytes: 1,
        group: None,
    };
    let mut index = Index::new(false);
    index.insert(1, slot(5), Standing::Delayed);
    index.insert(2, slot(0), Standing::Ready);
    index.insert(3, slot(0), Standing::Arriving);
    assert_eq!(index.next_wake(), Some(Timestamp(5)));
    let taken: Vec<u64> = index
        .take(10)
        .into_iter()
        .map(|(number, _)| number)
        .collect();
    assert_eq!(taken, [2]);
    assert_eq!(index.counts().in_flight, 1);
    index.wake(Timestamp(5));
    index.stand(3, Standing::Ready);
    assert_eq!(index.counts().visible, 2);
    assert_eq!(index.take(1).len(), 1);
    assert_eq!(index.below(3, 10), (vec![], true), "both are busy");
    for number in 1..=3 {
        index.remove(number);
    }
    assert_eq!((index.len(), index.bytes()), (0, 0));
    assert_eq!(index.counts(), Default::default());
}
