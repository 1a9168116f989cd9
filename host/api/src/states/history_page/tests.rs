use asl::StateMachine;
use engine::{Event, ExecutionArn, Workflow};
use expr::Data;
use shard::sim::{self, Script, Settings};
use store::{MemoryStore, Store};

use super::*;
use crate::history::to_wire;

/// A Map over three items, in a machine with something before and after it.
fn story() -> (StateMachine, Vec<Event>) {
    let definition = r#"{"StartAt": "Before", "States": {
        "Before": {"Type": "Pass", "Next": "Each"},
        "Each": {"Type": "Map", "End": true, "ItemProcessor": {"StartAt": "One", "States": {
            "One": {"Type": "Pass", "End": true}}}}}}"#;
    let settings = Settings {
        machine: asl::parse(definition, source::Format::Json)
            .machine
            .unwrap(),
        input: Data::parse("[1, 2, 3]").unwrap(),
        script: Script::default(),
        seed: 1,
    };
    let store = MemoryStore::new();
    let mut commit = |group| {
        let answers = store.commit(group).unwrap().into_iter();
        answers.map(|_| Ok(())).collect()
    };
    let story = sim::run(&settings, &mut commit).unwrap();
    (settings.machine, story.events)
}

fn page(
    (machine, events): &(StateMachine, Vec<Event>),
    window: Window,
) -> (Vec<Value>, Option<u64>) {
    let mut page = Page::new(window, machine);
    let _ = events.iter().all(|event| page.take(event));
    page.finish()
}

fn paged(story: &(StateMachine, Vec<Event>), reverse: bool, max: usize) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let window = Window {
            reverse,
            after,
            max,
            with_data: true,
        };
        let (events, next) = page(story, window);
        assert!(!events.is_empty() && events.len() <= max);
        all.extend(events);
        after = next;
        if after.is_none() {
            return all;
        }
    }
}

#[test]
fn pages_of_every_size_make_the_whole_history_in_both_directions() {
    let story = story();
    let forward = to_wire(&story.1, &story.0);
    let mut backward = forward.clone();
    backward.reverse();
    assert!(forward.len() > 15);
    for max in 1..=forward.len() + 1 {
        assert_eq!(paged(&story, false, max), forward, "{max}");
        assert_eq!(paged(&story, true, max), backward, "{max}");
    }
}

#[test]
fn a_page_ends_when_its_payload_is_large_but_has_one_event_at_least() {
    let large = format!("\"{}\"", "x".repeat(262_142));
    let header = engine::Header {
        arn: ExecutionArn("arn:aws:states:us-east-1:1:execution:a:b".into()),
        name: "b".into(),
        machine_arn: "arn".into(),
        machine_name: "a".into(),
        revision: "".into(),
        role_arn: "role".into(),
        workflow: Workflow::Standard,
        input: Data::parse(large).unwrap(),
        started_at: engine::Timestamp(0),
        version_arn: None,
        alias_arn: None,
        trace_header: None,
    };
    let (machine, events) = story();
    let start = match &events[0].kind {
        engine::EventKind::ExecutionStarted { place, .. } => engine::EventKind::ExecutionStarted {
            header: Box::new(header),
            place: *place,
        },
        other => panic!("{other:?}"),
    };
    // As if it had started forty times: only the size counts here.
    let events: Vec<Event> = (1..=40)
        .map(|id| Event {
            seq: id,
            history: Some(engine::HistoryLink { id, previous: 0 }),
            kind: start.clone(),
            ..events[0].clone()
        })
        .collect();
    let story = (machine, events);
    for reverse in [false, true] {
        let window = Window {
            reverse,
            after: None,
            max: 1_000,
            with_data: true,
        };
        let (events, next) = page(&story, window);
        assert!((15..=16).contains(&events.len()), "{}", events.len());
        assert!(next.is_some());
        assert_eq!(paged(&story, reverse, 1_000).len(), 40);
    }
}

#[test]
fn without_data_there_are_no_payloads_but_names_and_links() {
    let story = story();
    let window = Window {
        reverse: false,
        after: None,
        max: 1_000,
        with_data: false,
    };
    let (events, _) = page(&story, window);
    assert_eq!(events.len(), to_wire(&story.1, &story.0).len());
    for event in &events {
        let text = event.to_string();
        assert!(!text.contains("\"input\"") && !text.contains("\"output\""));
    }
    assert_eq!(events[1]["stateEnteredEventDetails"]["name"], "Before");
    assert_eq!(
        events[0]["executionStartedEventDetails"]["roleArn"],
        to_wire(&story.1, &story.0)[0]["executionStartedEventDetails"]["roleArn"]
    );
}
