//! FIFO queues.

use super::*;

async fn bench() -> Bench {
    Bench::with(&[("FifoQueue", "true"), ("VisibilityTimeout", "10")]).await
}

fn of(group: &str, body: &str) -> NewMessage {
    NewMessage {
        group_id: Some(group.into()),
        deduplication_id: Some(format!("{group}-{body}")),
        ..text(body)
    }
}

#[tokio::test]
async fn a_group_comes_in_order_and_waits_while_somebody_works_on_it() {
    let mut bench = bench().await;
    for message in [of("g", "1"), of("g", "2"), of("h", "1"), of("g", "3")] {
        bench.send(message).await;
    }
    let first = bench.receive(1).await;
    assert_eq!(bodies(&first), ["1"]);
    let other = bench.receive(10).await;
    assert_eq!(bodies(&other), ["1"], "of the other group");
    assert_eq!(other[0].contents.group_id.as_deref(), Some("h"));
    bench.reopen();
    assert!(bench.receive(10).await.is_empty());
    bench.delete(&first[0].receipt_handle).await.unwrap();
    assert_eq!(bench.bodies().await, ["2", "3"]);
}

#[tokio::test]
async fn a_message_that_comes_back_comes_before_the_later_ones() {
    let bench = bench().await;
    for body in ["1", "2"] {
        bench.send(of("g", body)).await;
    }
    bench.receive(1).await;
    bench.pass(10);
    assert_eq!(bench.bodies().await, ["1", "2"]);
}

#[tokio::test]
async fn sequence_numbers_have_twenty_digits_and_grow() {
    let mut bench = bench().await;
    let first = bench.send(of("g", "1")).await.sequence_number.unwrap();
    bench
        .delete(&bench.receive(1).await[0].receipt_handle)
        .await
        .unwrap();
    bench.reopen();
    let second = bench.send(of("g", "2")).await.sequence_number.unwrap();
    assert_eq!(first.len(), 20);
    assert!(second > first, "{second} {first}");
    let received = bench.receive(1).await;
    assert_eq!(received[0].sequence_number, Some(second));
}

#[tokio::test]
async fn a_deduplication_id_counts_for_five_minutes_even_after_a_restart() {
    let mut bench = bench().await;
    let first = bench.send(of("g", "1")).await;
    bench
        .delete(&bench.receive(1).await[0].receipt_handle)
        .await
        .unwrap();
    bench.pass(298);
    bench.reopen();
    assert_eq!(bench.send(of("g", "1")).await, first);
    assert!(bench.bodies().await.is_empty());
    bench.pass(3);
    assert_ne!(bench.send(of("g", "1")).await, first);
    assert_eq!(bench.bodies().await, ["1"]);
}

#[tokio::test]
async fn a_deduplication_id_counts_in_the_queue_or_in_the_group() {
    let same = |group: &str| NewMessage {
        deduplication_id: Some("same".into()),
        ..of(group, "1")
    };
    let bench = bench().await;
    let first = bench.send(same("g")).await;
    assert_eq!(bench.send(same("h")).await.message_id, first.message_id);
    let scope = map(&[("DeduplicationScope", "messageGroup")]);
    bench.queues.set_attributes("q.fifo", &scope).await.unwrap();
    let in_g = bench.send(same("g")).await;
    assert_ne!(bench.send(same("h")).await.message_id, in_g.message_id);
}

#[tokio::test]
async fn a_message_is_known_by_its_content_where_the_queue_says_so() {
    let bench = bench().await;
    let plain = |body: &str| NewMessage {
        deduplication_id: None,
        ..of("g", body)
    };
    let refused = bench.queues.send("q.fifo", plain("1")).await;
    assert!(matches!(refused, Err(QueueError::InvalidParameterValue(_))));
    let by_content = map(&[("ContentBasedDeduplication", "true")]);
    bench
        .queues
        .set_attributes("q.fifo", &by_content)
        .await
        .unwrap();
    let first = bench.send(plain("1")).await;
    assert_eq!(bench.send(plain("1")).await, first);
    bench.send(plain("2")).await;
    assert_eq!(bench.bodies().await, ["1", "2"]);
}

#[tokio::test]
async fn a_handle_whose_time_is_over_is_refused() {
    let bench = bench().await;
    bench.send(of("g", "1")).await;
    let received = bench.receive(1).await;
    bench.pass(10);
    let refused = bench.delete(&received[0].receipt_handle).await;
    assert!(matches!(refused, Err(QueueError::InvalidParameterValue(_))));
    assert_eq!(bench.bodies().await, ["1"]);
}

#[tokio::test]
async fn a_fifo_queue_needs_a_group_and_takes_no_delay_of_a_message() {
    let bench = bench().await;
    let mut message = of("g", "1");
    message.delay_seconds = Some(5);
    let refused = bench.queues.send("q.fifo", message).await;
    assert!(matches!(refused, Err(QueueError::InvalidParameterValue(_))));
    let mut message = of("g", "1");
    message.group_id = None;
    let refused = bench.queues.send("q.fifo", message).await;
    assert_eq!(refused, Err(QueueError::MissingParameter("MessageGroupId")));
}

#[tokio::test]
async fn an_attempt_that_is_repeated_receives_the_same_again() {
    let bench = bench().await;
    for body in ["1", "2", "3"] {
        bench.send(of("g", body)).await;
    }
    let attempt = |id: &str| ReceiveRequest {
        attempt_id: Some(id.into()),
        ..request(2)
    };
    let first = bench.queues.receive("q.fifo", &attempt("a")).await.unwrap();
    let again = bench.queues.receive("q.fifo", &attempt("a")).await.unwrap();
    assert_eq!(again, first);
    let other = bench.queues.receive("q.fifo", &attempt("b")).await.unwrap();
    assert!(other.is_empty());
    bench.delete(&first[0].receipt_handle).await.unwrap();
    let gone = bench.queues.receive("q.fifo", &attempt("a")).await.unwrap();
    assert!(gone.is_empty(), "the group is still worked on");
}

#[tokio::test]
async fn who_waits_for_a_group_is_woken_when_it_is_free() {
    let bench = bench().await;
    for body in ["1", "2"] {
        bench.send(of("g", body)).await;
    }
    let first = bench.receive(1).await;
    let waiting = ReceiveRequest {
        wait_seconds: Some(20),
        ..request(10)
    };
    let receive = bench.queues.receive("q.fifo", &waiting);
    let (received, deleted) = tokio::join!(receive, bench.delete(&first[0].receipt_handle));
    assert_eq!(bodies(&received.unwrap()), ["2"]);
    assert_eq!(deleted, Ok(()));
}
