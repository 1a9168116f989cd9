//! Standard queues.

use super::*;

#[tokio::test]
async fn a_message_is_there_until_it_is_deleted() {
    let mut bench = Bench::with(&[]).await;
    let sent = bench.send(text("hello")).await;
    assert_eq!(sent.md5_of_body, "5d41402abc4b2a76b9719d911017c592");
    assert_eq!(sent.sequence_number, None);
    bench.reopen();
    let received = bench.receive(10).await;
    assert_eq!(bodies(&received), ["hello"]);
    assert_eq!(received[0].contents.message_id, sent.message_id);
    assert_eq!(received[0].md5_of_body(), sent.md5_of_body);
    assert_eq!(bench.delete(&received[0].receipt_handle).await, Ok(()));
    bench.pass(3_600);
    assert!(bench.bodies().await.is_empty());
    bench.reopen();
    assert!(bench.bodies().await.is_empty());
}

#[tokio::test]
async fn a_restart_shows_no_message_again_before_its_visibility_timeout() {
    let mut bench = Bench::with(&[("VisibilityTimeout", "40")]).await;
    bench.send(text("a")).await;
    let first = bench.receive(1).await;
    assert_eq!(first[0].receive_count, 1);
    bench.pass(20);
    bench.reopen();
    assert_eq!(bench.counts(), ("0".into(), "1".into(), "0".into()));
    assert!(bench.receive(1).await.is_empty());
    bench.pass(20);
    let second = bench.receive(1).await;
    assert_eq!(second[0].receive_count, 2);
    assert_eq!(second[0].first_received_at, first[0].first_received_at);
    assert_ne!(second[0].receipt_handle, first[0].receipt_handle);
}

#[tokio::test]
async fn an_old_handle_deletes_nothing_and_the_latest_does_even_when_its_time_is_over() {
    let bench = Bench::with(&[("VisibilityTimeout", "10")]).await;
    bench.send(text("a")).await;
    let first = bench.receive(1).await;
    bench.pass(10);
    let second = bench.receive(1).await;
    assert_eq!(bench.delete(&first[0].receipt_handle).await, Ok(()));
    assert_eq!(bench.counts(), ("0".into(), "1".into(), "0".into()));
    bench.pass(10);
    assert_eq!(bench.delete(&second[0].receipt_handle).await, Ok(()));
    assert_eq!(bench.counts(), ("0".into(), "0".into(), "0".into()));
    assert_eq!(
        bench.delete(&second[0].receipt_handle).await,
        Ok(()),
        "again"
    );
}

#[tokio::test]
async fn a_handle_of_another_queue_is_none() {
    let bench = Bench::with(&[]).await;
    bench
        .queues
        .create("other", &BTreeMap::new(), BTreeMap::new())
        .await
        .unwrap();
    bench.queues.send("other", text("a")).await.unwrap();
    let received = bench.queues.receive("other", &request(1)).await.unwrap();
    let refused = bench.delete(&received[0].receipt_handle).await;
    assert!(matches!(
        refused,
        Err(QueueError::ReceiptHandleIsInvalid(_))
    ));
    let refused = bench.delete("nonsense").await;
    assert!(matches!(
        refused,
        Err(QueueError::ReceiptHandleIsInvalid(_))
    ));
}

#[tokio::test]
async fn a_delayed_message_comes_when_its_delay_is_over() {
    let mut bench = Bench::with(&[("DelaySeconds", "5")]).await;
    bench.send(text("queue's")).await;
    let own = NewMessage {
        delay_seconds: Some(0),
        ..text("own")
    };
    bench.send(own).await;
    assert_eq!(bench.counts(), ("1".into(), "0".into(), "1".into()));
    assert_eq!(bench.bodies().await, ["own"]);
    bench.reopen();
    assert!(bench.bodies().await.is_empty());
    bench.pass(5);
    assert_eq!(bench.bodies().await, ["queue's"]);
}

#[tokio::test]
async fn a_receiver_gives_a_message_back_or_keeps_it_longer() {
    let mut bench = Bench::with(&[("VisibilityTimeout", "30")]).await;
    bench.send(text("a")).await;
    let handle = bench.receive(1).await.remove(0).receipt_handle;
    assert_eq!(bench.change(&handle, 60).await, Ok(()));
    bench.pass(40);
    bench.reopen();
    assert!(bench.receive(1).await.is_empty());
    assert_eq!(bench.change(&handle, 0).await, Ok(()));
    assert_eq!(
        bench.change(&handle, 5).await,
        Err(QueueError::MessageNotInflight)
    );
    assert_eq!(bench.bodies().await, ["a"]);
    let old = bench.change(&handle, 5).await;
    assert!(matches!(old, Err(QueueError::InvalidParameterValue(_))));
}

#[tokio::test]
async fn a_message_stays_invisible_for_twelve_hours_in_all_at_the_most() {
    let bench = Bench::with(&[]).await;
    bench.send(text("a")).await;
    let request = ReceiveRequest {
        visibility_seconds: Some(3_600),
        ..request(1)
    };
    let received = bench.queues.receive("q", &request).await.unwrap();
    let handle = &received[0].receipt_handle;
    bench.pass(600);
    assert_eq!(bench.change(handle, 42_500).await, Ok(()));
    let refused = bench.change(handle, 42_601).await;
    assert!(matches!(refused, Err(QueueError::InvalidParameterValue(_))));
}

#[tokio::test]
async fn who_waits_is_woken_by_a_message() {
    let bench = Bench::with(&[]).await;
    let waiting = ReceiveRequest {
        wait_seconds: Some(20),
        ..request(10)
    };
    let receive = bench.queues.receive("q", &waiting);
    let (received, _) = tokio::join!(receive, bench.send(text("a")));
    assert_eq!(bodies(&received.unwrap()), ["a"]);
}

#[tokio::test]
async fn who_waits_is_woken_when_a_message_becomes_visible_and_when_the_time_is_over() {
    let bench = Bench::with(&[("VisibilityTimeout", "10")]).await;
    bench.send(text("a")).await;
    bench.receive(1).await;
    let waiting = ReceiveRequest {
        wait_seconds: Some(20),
        ..request(10)
    };
    let receive = bench.queues.receive("q", &waiting);
    let (received, ()) = tokio::join!(receive, async { bench.pass(10) });
    assert_eq!(bodies(&received.unwrap()), ["a"]);
    let short = ReceiveRequest {
        wait_seconds: Some(5),
        ..request(10)
    };
    let receive = bench.queues.receive("q", &short);
    let (received, ()) = tokio::join!(receive, async { bench.pass(5) });
    assert!(received.unwrap().is_empty());
}

#[tokio::test]
async fn who_waits_is_let_go_when_the_host_goes_down_or_the_queue_is_deleted() {
    let bench = Bench::with(&[]).await;
    let waiting = ReceiveRequest {
        wait_seconds: Some(20),
        ..request(10)
    };
    let receive = bench.queues.receive("q", &waiting);
    let (received, deleted) = tokio::join!(receive, bench.queues.delete("q"));
    assert_eq!(received, Err(QueueError::DoesNotExist));
    assert_eq!(deleted, Ok(()));
    let bench = Bench::with(&[]).await;
    let receive = bench.queues.receive("q", &waiting);
    let (received, ()) = tokio::join!(receive, async { bench.queues.close() });
    assert_eq!(received, Ok(Vec::new()));
}

#[tokio::test]
async fn an_id_is_stored_once_even_after_the_message_was_deleted() {
    let mut bench = Bench::with(&[]).await;
    let message = NewMessage {
        id: Some("attempt-1".into()),
        ..text("a")
    };
    let first = bench.send(message.clone()).await;
    assert_eq!(first.message_id, "attempt-1");
    let handle = bench.receive(1).await.remove(0).receipt_handle;
    bench.delete(&handle).await.unwrap();
    bench.reopen();
    assert_eq!(bench.send(message.clone()).await, first);
    assert!(bench.bodies().await.is_empty());
    let both = vec![message.clone(), message];
    let answers = bench.queues.send_batch("q", both).await.unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref() == Ok(&first)));
}

#[tokio::test]
async fn two_who_send_the_same_id_at_once_store_it_once() {
    let bench = Bench::with(&[]).await;
    let message = NewMessage {
        id: Some("attempt-1".into()),
        ..text("a")
    };
    let (one, other) = tokio::join!(bench.send(message.clone()), bench.send(message));
    assert_eq!(one, other);
    assert_eq!(bench.bodies().await, ["a"]);
}

#[tokio::test]
async fn a_message_goes_when_its_retention_is_over() {
    let mut bench = Bench::with(&[("MessageRetentionPeriod", "60")]).await;
    bench.send(text("old")).await;
    bench.pass(59);
    bench.send(text("new")).await;
    bench.pass(2);
    assert_eq!(bench.bodies().await, ["new"]);
    bench.pass(60);
    bench.queues.sweep(None).await.unwrap();
    bench.reopen();
    assert_eq!(bench.counts(), ("0".into(), "0".into(), "0".into()));
}

#[tokio::test]
async fn an_id_is_forgotten_by_a_sweep_after_its_time() {
    let bench = Bench::with(&[]).await;
    let message = NewMessage {
        id: Some("attempt-1".into()),
        ..text("a")
    };
    bench.send(message).await;
    let ids = || {
        let scan = store::Scan::of(queue::SENT, "");
        bench.store.records(&scan).unwrap().len()
    };
    bench.queues.sweep(None).await.unwrap();
    assert_eq!(ids(), 1);
    bench.pass(crate::limits::SENT_ID_SECONDS);
    bench.queues.sweep(None).await.unwrap();
    assert_eq!(ids(), 0);
}

#[tokio::test]
async fn what_was_received_too_often_goes_to_the_dead_letters() {
    let mut bench = Bench::new();
    bench
        .queues
        .create("dead", &BTreeMap::new(), BTreeMap::new())
        .await
        .unwrap();
    let arn = bench.queues.arn("dead");
    let policy = format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":2}}"#);
    let attributes = map(&[("RedrivePolicy", &policy), ("VisibilityTimeout", "10")]);
    bench
        .queues
        .create("q", &attributes, BTreeMap::new())
        .await
        .unwrap();
    bench.send(text("a")).await;
    for count in 1..=2 {
        assert_eq!(bench.receive(1).await[0].receive_count, count);
        bench.pass(10);
    }
    assert!(bench.receive(1).await.is_empty());
    bench.reopen();
    let dead = bench.queues.receive("dead", &request(1)).await.unwrap();
    assert_eq!(bodies(&dead), ["a"]);
    assert_eq!(dead[0].receive_count, 1);
    assert_eq!(dead[0].contents.source_arn, Some(bench.queues.arn("q")));
    assert_eq!(
        bench.queues.sources("dead", None, 10).unwrap(),
        ["q".into()]
    );
    assert_eq!(bench.counts(), ("0".into(), "0".into(), "0".into()));
}

#[tokio::test]
async fn a_redrive_policy_needs_its_queue_and_of_the_same_kind() {
    let bench = Bench::with(&[]).await;
    let fifo = map(&[("FifoQueue", "true")]);
    bench
        .queues
        .create("dead.fifo", &fifo, BTreeMap::new())
        .await
        .unwrap();
    for name in ["absent", "dead.fifo"] {
        let arn = bench.queues.arn(name);
        let policy = format!(r#"{{"deadLetterTargetArn":"{arn}","maxReceiveCount":2}}"#);
        let policy = map(&[("RedrivePolicy", &policy)]);
        let refused = bench.queues.set_attributes("q", &policy).await;
        assert!(
            matches!(refused, Err(QueueError::InvalidParameterValue(_))),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_purge_removes_what_was_there_and_can_be_asked_for_once_a_minute() {
    let mut bench = Bench::with(&[]).await;
    for body in ["a", "b", "c"] {
        bench.send(text(body)).await;
    }
    bench.receive(1).await;
    bench.queues.purge("q").await.unwrap();
    bench.send(text("d")).await;
    let refused = bench.queues.purge("q").await;
    assert_eq!(refused, Err(QueueError::PurgeInProgress("q".into())));
    bench.reopen();
    bench.pass(60);
    assert_eq!(bench.bodies().await, ["d"]);
    assert_eq!(bench.queues.purge("q").await, Ok(()));
    assert_eq!(bench.counts(), ("0".into(), "0".into(), "0".into()));
}

#[tokio::test]
async fn a_deleted_queue_leaves_nothing_behind() {
    let mut bench = Bench::with(&[]).await;
    bench
        .send(NewMessage {
            id: Some("x".into()),
            ..text("a")
        })
        .await;
    bench.queues.delete("q").await.unwrap();
    assert_eq!(
        bench.queues.send("q", text("b")).await,
        Err(QueueError::DoesNotExist)
    );
    for space in [queue::QUEUE, queue::SLOT, queue::CONTENTS, queue::SENT] {
        assert!(
            bench
                .store
                .records(&store::Scan::of(space, ""))
                .unwrap()
                .is_empty(),
            "{space}"
        );
    }
    bench.reopen();
    assert!(!bench.queues.exists("q"));
    bench
        .queues
        .create("q", &BTreeMap::new(), BTreeMap::new())
        .await
        .unwrap();
    assert!(bench.bodies().await.is_empty());
}

#[tokio::test]
async fn creating_a_queue_again_is_fine_with_the_same_attributes_only() {
    let bench = Bench::with(&[("DelaySeconds", "5")]).await;
    let create = |pairs: &[(&str, &str)]| {
        let (queues, attributes) = (bench.queues.clone(), map(pairs));
        async move { queues.create("q", &attributes, BTreeMap::new()).await }
    };
    assert_eq!(create(&[]).await, Ok(()));
    assert_eq!(create(&[("DelaySeconds", "5")]).await, Ok(()));
    let differs = create(&[("DelaySeconds", "6")]).await;
    assert_eq!(differs, Err(QueueError::NameExists("DelaySeconds".into())));
}

#[tokio::test]
async fn attributes_and_tags_can_be_changed_and_are_kept() {
    let mut bench = Bench::with(&[]).await;
    let given = map(&[("VisibilityTimeout", "7")]);
    bench.queues.set_attributes("q", &given).await.unwrap();
    bench
        .queues
        .tag("q", &map(&[("team", "a"), ("stage", "b")]))
        .await
        .unwrap();
    bench.queues.untag("q", &["stage".into()]).await.unwrap();
    bench.reopen();
    assert_eq!(
        bench.queues.attributes("q").unwrap()["VisibilityTimeout"],
        "7"
    );
    assert_eq!(bench.queues.tags("q").unwrap(), map(&[("team", "a")]));
    let unknown = bench
        .queues
        .set_attributes("q", &map(&[("Colour", "red")]))
        .await;
    assert_eq!(
        unknown,
        Err(QueueError::InvalidAttributeName("Colour".into()))
    );
}
