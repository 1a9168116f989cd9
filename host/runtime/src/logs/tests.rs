//! Logs over a store in memory, with a clock that jumps.

use std::collections::BTreeMap;

use store::{MemoryStore, Scan, Store};

use super::*;

struct Bench {
    store: Arc<dyn Store>,
    clock: Clock,
    logs: Arc<Logs>,
}

impl Bench {
    fn new() -> Bench {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let clock = Clock::skipping();
        let logs = open(&store, &clock);
        Bench { store, clock, logs }
    }

    async fn with_stream() -> Bench {
        let bench = Bench::new();
        bench.logs.create_group(group("g")).await.unwrap();
        bench.logs.create_stream("g", "s").await.unwrap();
        bench
    }

    /// As after a restart.
    fn reopen(&mut self) {
        self.logs = open(&self.store, &self.clock);
    }

    fn now(&self) -> i64 {
        record::millis(self.clock.now())
    }

    fn pass_days(&self, days: u64) {
        self.clock
            .skip_to(self.clock.now().plus_seconds(days * 86_400));
    }

    async fn append(&self, stream: &str, lines: &[(i64, &str)]) {
        self.logs.append("g", stream, events(lines));
        self.logs.flush().await;
    }

    fn get(&self, direction: Direction, max: usize) -> Events {
        let query = GetQuery {
            direction,
            max,
            ..get_query()
        };
        self.logs.get_events(&query).unwrap()
    }

    fn filter(&self, pattern: &str) -> Vec<String> {
        let query = FilterQuery {
            pattern: Pattern::parse(pattern).unwrap(),
            ..filter_query()
        };
        messages(&self.logs.filter_events(&query).unwrap().events)
    }

    fn rows(&self, space: store::Space) -> usize {
        self.store.records(&Scan::of(space, "")).unwrap().len()
    }
}

fn open(store: &Arc<dyn Store>, clock: &Clock) -> Arc<Logs> {
    let records = Records::new(store.clone(), Arc::default());
    let logs = Logs::open(records, Place::default(), clock.clone()).unwrap();
    let logs = Arc::new(logs);
    logs.start(&tokio::runtime::Handle::current());
    logs
}

fn group(name: &str) -> NewGroup {
    NewGroup {
        name: name.into(),
        tags: BTreeMap::new(),
        kms_key_id: None,
        class: "STANDARD".into(),
    }
}

fn events(lines: &[(i64, &str)]) -> Vec<LogEvent> {
    let lines = lines.iter().map(|(timestamp_ms, message)| LogEvent {
        timestamp_ms: *timestamp_ms,
        message: (*message).into(),
    });
    lines.collect()
}

fn get_query() -> GetQuery {
    GetQuery {
        group: "g".into(),
        stream: "s".into(),
        start_ms: None,
        end_ms: None,
        direction: Direction::Forward(None),
        max: 100,
    }
}

fn filter_query() -> FilterQuery {
    FilterQuery {
        group: "g".into(),
        streams: Vec::new(),
        stream_prefix: String::new(),
        start_ms: None,
        end_ms: None,
        pattern: Pattern::default(),
        after: None,
        max: 100,
    }
}

fn messages(events: &[ReadEvent]) -> Vec<String> {
    events.iter().map(|event| event.message.clone()).collect()
}

#[tokio::test]
async fn what_was_appended_is_there_after_a_restart_with_its_group_and_stream() {
    let mut bench = Bench::new();
    bench.append("s", &[(5, "a"), (6, "b")]).await;
    bench.reopen();
    let read = bench.get(Direction::Forward(None), 10);
    assert_eq!(messages(&read.events), ["a", "b"]);
    let group = bench.logs.group("g").unwrap();
    assert_eq!(group.stored_bytes, 2 * 27);
    let query = StreamsQuery {
        group: "g".into(),
        prefix: String::new(),
        order: StreamOrder::Name,
        descending: false,
        after: None,
        max: 10,
    };
    let streams = bench.logs.streams(&query).unwrap();
    assert_eq!(
        (streams[0].first_event_ms, streams[0].last_event_ms),
        (Some(5), Some(6))
    );
}

#[tokio::test]
async fn what_was_appended_is_written_without_being_asked_for() {
    let bench = Bench::new();
    bench.logs.append("g", "s", events(&[(5, "a")]));
    bench.clock.skip_to(bench.clock.now().plus_seconds(1));
    while bench.rows(record::EVENT) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(bench.filter(""), ["a"]);
}

#[tokio::test]
async fn a_stream_is_read_forward_to_its_end_and_on_when_there_is_more() {
    let bench = Bench::new();
    bench.append("s", &[(1, "a"), (2, "b"), (2, "c")]).await;
    let first = bench.get(Direction::Forward(None), 2);
    assert_eq!(messages(&first.events), ["a", "b"]);
    let second = bench.get(Direction::Forward(Some(first.forward)), 2);
    assert_eq!(messages(&second.events), ["c"]);
    let third = bench.get(Direction::Forward(Some(second.forward)), 2);
    assert!(third.events.is_empty());
    assert_eq!(third.forward, second.forward, "the same token at the end");
    let back = bench.get(Direction::Backward(Some(third.backward)), 1);
    assert_eq!(messages(&back.events), ["c"]);
    bench.append("s", &[(3, "d")]).await;
    let fourth = bench.get(Direction::Forward(Some(third.forward)), 2);
    assert_eq!(messages(&fourth.events), ["d"]);
}

#[tokio::test]
async fn a_stream_is_read_backward_from_its_end_with_the_earliest_first() {
    let bench = Bench::new();
    bench.append("s", &[(1, "a"), (2, "b"), (3, "c")]).await;
    let last = bench.get(Direction::Backward(None), 2);
    assert_eq!(messages(&last.events), ["b", "c"]);
    let first = bench.get(Direction::Backward(Some(last.backward)), 2);
    assert_eq!(messages(&first.events), ["a"]);
    let none = bench.get(Direction::Backward(Some(first.backward)), 2);
    assert!(none.events.is_empty());
    assert_eq!(none.backward, first.backward);
    let again = bench.get(Direction::Forward(Some(none.forward)), 1);
    assert_eq!(messages(&again.events), ["a"]);
}

#[tokio::test]
async fn a_read_is_from_the_start_time_and_before_the_end_time() {
    let bench = Bench::new();
    bench
        .append("s", &[(1, "a"), (2, "b"), (3, "c"), (4, "d")])
        .await;
    for direction in [Direction::Forward(None), Direction::Backward(None)] {
        let query = GetQuery {
            start_ms: Some(2),
            end_ms: Some(4),
            direction,
            ..get_query()
        };
        let read = bench.logs.get_events(&query).unwrap();
        assert_eq!(messages(&read.events), ["b", "c"]);
    }
    let query = FilterQuery {
        start_ms: Some(2),
        end_ms: Some(4),
        ..filter_query()
    };
    let filtered = bench.logs.filter_events(&query).unwrap();
    assert_eq!(messages(&filtered.events), ["b", "c"]);
    assert_eq!(filtered.next, None);
}

#[tokio::test]
async fn a_group_is_read_in_the_order_of_time_over_all_its_streams() {
    let bench = Bench::new();
    bench.append("s", &[(1, "one a"), (3, "three b")]).await;
    bench.append("t", &[(2, "two a")]).await;
    assert_eq!(bench.filter(""), ["one a", "two a", "three b"]);
    assert_eq!(bench.filter("a -two"), ["one a"]);
    let query = FilterQuery {
        streams: vec!["t".into()],
        ..filter_query()
    };
    let filtered = bench.logs.filter_events(&query).unwrap();
    assert_eq!(messages(&filtered.events), ["two a"]);
    let query = FilterQuery {
        max: 2,
        ..filter_query()
    };
    let first = bench.logs.filter_events(&query).unwrap();
    assert_eq!(messages(&first.events), ["one a", "two a"]);
    let query = FilterQuery {
        after: first.next,
        ..filter_query()
    };
    let second = bench.logs.filter_events(&query).unwrap();
    assert_eq!(messages(&second.events), ["three b"]);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn events_go_when_their_retention_is_over_and_empty_streams_with_them() {
    let bench = Bench::with_stream().await;
    let now = bench.now();
    bench.append("s", &[(now, "old")]).await;
    bench.logs.set_retention("g", Some(3)).await.unwrap();
    bench.pass_days(2);
    bench.append("t", &[(bench.now(), "new")]).await;
    assert_eq!(bench.filter(""), ["old", "new"]);
    bench.pass_days(2);
    // Two rounds of the writer: what is asked for first may come before the sweep of the same round.
    bench.logs.flush().await;
    bench.logs.flush().await;
    assert_eq!(bench.filter(""), ["new"]);
    assert_eq!(bench.rows(record::BY_STREAM), 1);
    assert_eq!(
        bench.logs.get_events(&get_query()),
        Err(LogsError::StreamNotFound)
    );
    assert_eq!(bench.logs.group("g").unwrap().stored_bytes, 29);
}

#[tokio::test]
async fn the_oldest_events_of_the_largest_group_make_room() {
    let bench = Bench::new();
    bench.append("s", &[(1, "a"), (2, "b")]).await;
    bench.logs.append("h", "s", events(&[(1, "c")]));
    bench.logs.flush().await;
    let mut writer = Writer::new(bench.logs.clone());
    writer.total_bytes = crate::limits::LOG_BYTES_MAX + 500;
    writer.make_room().await.unwrap();
    assert_eq!(bench.filter(""), Vec::<String>::new());
    let query = FilterQuery {
        group: "h".into(),
        ..filter_query()
    };
    assert_eq!(
        messages(&bench.logs.filter_events(&query).unwrap().events),
        ["c"]
    );
    assert!(writer.total_bytes <= crate::limits::LOG_BYTES_MAX);
}

#[tokio::test]
async fn a_deleted_group_or_stream_leaves_nothing_behind() {
    let bench = Bench::with_stream().await;
    bench.append("s", &[(1, "a")]).await;
    bench.append("s:not", &[]).await;
    bench.append("s2", &[(2, "b")]).await;
    bench.logs.delete_stream("g", "s").await.unwrap();
    assert_eq!(bench.filter(""), ["b"]);
    assert_eq!(bench.logs.group("g").unwrap().stored_bytes, 27);
    assert_eq!(
        bench.logs.delete_stream("g", "s").await,
        Err(LogsError::StreamNotFound)
    );
    bench.logs.delete_group("g").await.unwrap();
    assert_eq!(
        bench.logs.delete_group("g").await,
        Err(LogsError::GroupNotFound)
    );
    for space in [
        record::GROUP,
        record::USAGE,
        record::STREAM,
        record::EVENT,
        record::BY_STREAM,
    ] {
        assert_eq!(bench.rows(space), 0, "{space}");
    }
}

#[tokio::test]
async fn a_group_and_a_stream_are_made_once() {
    let bench = Bench::with_stream().await;
    assert_eq!(
        bench.logs.create_group(group("g")).await,
        Err(LogsError::GroupExists)
    );
    assert_eq!(
        bench.logs.create_stream("g", "s").await,
        Err(LogsError::StreamExists)
    );
    assert_eq!(
        bench.logs.create_stream("h", "s").await,
        Err(LogsError::GroupNotFound)
    );
}

#[tokio::test]
async fn groups_are_listed_by_prefix_and_pattern_page_by_page() {
    let bench = Bench::new();
    for name in ["/a/one", "/a/two", "/b/one"] {
        bench.logs.create_group(group(name)).await.unwrap();
    }
    let list = |prefix: &str, pattern: &str, after: Option<&str>, max| {
        let groups = Groups {
            prefix: prefix.into(),
            pattern: pattern.into(),
            after: after.map(str::to_owned),
            max,
        };
        let found = bench.logs.groups(&groups).unwrap();
        found
            .iter()
            .map(|group| group.name.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(list("/a", "", None, 10), ["/a/one", "/a/two"]);
    assert_eq!(list("", "one", None, 10), ["/a/one", "/b/one"]);
    assert_eq!(list("", "", Some("/a/one"), 1), ["/a/two"]);
}

#[tokio::test]
async fn streams_are_listed_by_name_or_last_event_both_ways() {
    let bench = Bench::new();
    bench.append("a", &[(3, "x")]).await;
    bench.append("b", &[(1, "x")]).await;
    bench.append("c", &[(2, "x")]).await;
    for (order, descending, expected) in [
        (StreamOrder::Name, false, ["a", "b", "c"]),
        (StreamOrder::Name, true, ["c", "b", "a"]),
        (StreamOrder::LastEventTime, false, ["b", "c", "a"]),
        (StreamOrder::LastEventTime, true, ["a", "c", "b"]),
    ] {
        let mut query = StreamsQuery {
            group: "g".into(),
            prefix: String::new(),
            order,
            descending,
            after: None,
            max: 1,
        };
        let mut names = Vec::new();
        while let Some(stream) = bench.logs.streams(&query).unwrap().pop() {
            query.after = Some(stream.place(order));
            names.push(stream.name.to_string());
        }
        assert_eq!(names, expected);
    }
}

#[tokio::test]
async fn what_a_client_puts_is_checked_for_order_and_time() {
    let bench = Bench::with_stream().await;
    let now = bench.now();
    let day = 86_400_000;
    let put = |lines: Vec<(i64, &'static str)>| {
        let logs = bench.logs.clone();
        async move { logs.put_events("g", "s", events(&lines)).await }
    };
    assert_eq!(
        put(vec![(now, "a"), (now, "b")]).await,
        Ok(Rejected::default())
    );
    assert!(matches!(
        put(vec![(2, "a"), (1, "b")]).await,
        Err(LogsError::InvalidParameter(_))
    ));
    assert!(matches!(
        put(vec![(now - day - 1, "a"), (now, "b")]).await,
        Err(LogsError::InvalidParameter(_))
    ));
    let too_new = put(vec![(now, "c"), (now + 8_000_000, "d")]).await.unwrap();
    assert_eq!(too_new.too_new_from, Some(1));
    let too_old = put(vec![(now - 15 * day, "e")]).await.unwrap();
    assert_eq!(too_old.too_old_until, Some(1));
    bench.logs.set_retention("g", Some(1)).await.unwrap();
    let expired = put(vec![(now - 2 * day, "f")]).await.unwrap();
    assert_eq!(expired.expired_until, Some(1));
    assert_eq!(bench.filter(""), ["a", "b", "c"]);
    let missing = bench
        .logs
        .put_events("g", "none", events(&[(now, "x")]))
        .await;
    assert_eq!(missing, Err(LogsError::StreamNotFound));
}

#[tokio::test]
async fn a_group_has_fifty_tags_and_not_fifty_one() {
    let bench = Bench::with_stream().await;
    let tags = (0..50)
        .map(|index| (index.to_string(), String::new()))
        .collect();
    assert_eq!(bench.logs.tag("g", tags).await, Ok(()));
    let more = BTreeMap::from([("more".to_owned(), String::new())]);
    assert_eq!(bench.logs.tag("g", more).await, Err(LogsError::TooManyTags));
    bench.logs.untag("g", vec!["0".into()]).await.unwrap();
    assert_eq!(bench.logs.tags("g").unwrap().len(), 49);
}

#[test]
fn a_message_is_cut_at_its_bound_between_two_characters() {
    let message = "ü".repeat(LOG_EVENT_BYTES_MAX);
    let event = shortened(LogEvent {
        timestamp_ms: 0,
        message,
    });
    assert_eq!(event.message.len(), LOG_EVENT_BYTES_MAX);
    let odd = format!("x{}", "ü".repeat(LOG_EVENT_BYTES_MAX));
    let event = shortened(LogEvent {
        timestamp_ms: 0,
        message: odd,
    });
    assert_eq!(event.message.len(), LOG_EVENT_BYTES_MAX - 1);
}
