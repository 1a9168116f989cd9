//! The catalogue as its users see it, over the memory store.

mod deletion;
mod versions;
mod writers;

use std::sync::Arc;

use engine::Workflow;
use store::MemoryStore;

use super::*;
use crate::committer::Queue;
use crate::tags::{Tag, TagError};

const PASS: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;

fn machines() -> Machines {
    over(Arc::new(MemoryStore::new()))
}

fn over(store: Arc<MemoryStore>) -> Machines {
    let records = Records::new(store, Arc::new(Queue::default()));
    Machines::new(records, Place::default(), Clock::skipping())
}

/// The same records, as another process would read them.
fn reopened(machines: &Machines) -> Machines {
    let Machines {
        records,
        place,
        clock,
        ..
    } = machines.clone();
    Machines::new(records, place, clock)
}

fn parsed(text: &str) -> Arc<asl::StateMachine> {
    Arc::new(asl::parse_json(text).machine.unwrap())
}

/// A definition that differs from others by its comment.
fn text(comment: &str) -> String {
    PASS.replacen('{', &format!(r#"{{"Comment": "{comment}", "#), 1)
}

fn orders() -> NewMachine {
    NewMachine {
        name: "orders".into(),
        kind: Workflow::Standard,
        definition: PASS.into(),
        machine: parsed(PASS),
        role_arn: "arn:aws:iam::123456789012:role/r".into(),
        logging: Logging::default(),
        tracing_enabled: false,
        encryption: Encryption::AwsOwnedKey,
        tags: Vec::new(),
        publish: false,
        version_description: None,
    }
}

fn to(comment: &str) -> MachineUpdate {
    let text = text(comment);
    MachineUpdate {
        definition: Some((text.as_str().into(), parsed(&text))),
        ..MachineUpdate::default()
    }
}

fn published(comment: &str) -> MachineUpdate {
    MachineUpdate {
        publish: true,
        ..to(comment)
    }
}

fn route(version: u64, weight: u8) -> Route {
    Route { version, weight }
}

#[tokio::test]
async fn a_machine_is_there_after_a_restart_byte_for_byte() {
    let machines = machines();
    let created = machines.create(orders()).await.unwrap();
    let resolved = reopened(&machines).resolve(&created.arn, 0).unwrap();
    assert_eq!(&*resolved.revision.definition, PASS);
    assert_eq!(&*resolved.revision.machine_name, "orders");
    assert_eq!(resolved.revision.shown_id(), None);
    assert_eq!((resolved.version_arn, resolved.alias_arn), (None, None));
}

#[tokio::test]
async fn a_second_request_of_the_same_content_is_answered_like_the_first() {
    let machines = machines();
    let first = machines.create(orders()).await.unwrap();
    let mut again = orders();
    again.role_arn = "arn:aws:iam::123456789012:role/other".into();
    again.tags = vec![Tag {
        key: "k".into(),
        value: "v".into(),
    }];
    assert_eq!(machines.create(again).await, Ok(first.clone()));
    let current = machines.resolve(&first.arn, 0).unwrap().revision;
    assert_eq!(&*current.role_arn, orders().role_arn);
    assert_eq!(machines.tags().of(&first.arn), Ok(Vec::new()));
    let exists = Err(MachineError::AlreadyExists(first.arn));
    let differing: [fn(&mut NewMachine); 6] = [
        |new| new.definition = PASS.replace(' ', "").into(),
        |new| new.kind = Workflow::Express,
        |new| new.logging.include_execution_data = true,
        |new| new.tracing_enabled = true,
        |new| new.publish = true,
        |new| new.version_description = Some("one".into()),
    ];
    for change in differing {
        let mut new = orders();
        change(&mut new);
        assert_eq!(machines.create(new).await, exists);
    }
}

#[tokio::test]
async fn what_changes_nothing_keeps_the_revision() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    let same = MachineUpdate {
        definition: Some((PASS.into(), parsed(PASS))),
        role_arn: Some(orders().role_arn),
        ..MachineUpdate::default()
    };
    let updated = machines.update(&arn, &same).await.unwrap();
    assert_eq!((updated.revision_id, updated.version_arn), (None, None));
    let changed = machines.update(&arn, &to("two")).await.unwrap();
    let again = machines.update(&arn, &to("two")).await.unwrap();
    assert!(changed.revision_id.is_some());
    assert_eq!(changed.revision_id, again.revision_id);
}

#[tokio::test]
async fn an_execution_keeps_its_revision_when_the_machine_changes_or_is_made_anew() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    let pinned = machines.resolve(&arn, 0).unwrap().revision;
    machines.update(&arn, &to("two")).await.unwrap();
    machines.delete(&arn).await.unwrap();
    let mut anew = orders();
    anew.definition = text("anew").into();
    anew.machine = parsed(&anew.definition);
    machines.create(anew).await.unwrap();
    let machines = reopened(&machines);
    let kept = machines.revision(&arn, &pinned.revision_id).unwrap();
    assert_eq!(&*kept.unwrap().definition, PASS);
    let current = machines.resolve(&arn, 0).unwrap().revision;
    assert_eq!(*current.definition, *text("anew"));
}

#[tokio::test]
async fn a_51st_tag_keeps_a_machine_from_being_made() {
    let machines = machines();
    let mut new = orders();
    let tags = (0..51).map(|number| Tag {
        key: number.to_string(),
        value: String::new(),
    });
    new.tags = tags.collect();
    let refused = machines.create(new.clone()).await;
    assert_eq!(refused, Err(MachineError::Tags(TagError::TooMany)));
    assert_eq!(machines.list(None, 10), Ok(Vec::new()));
    new.tags.pop();
    machines.create(new).await.unwrap();
}

#[tokio::test]
async fn an_arn_of_another_place_names_no_machine_of_ours() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    let elsewhere = arn.replace("us-east-1", "eu-west-1");
    let error = machines.resolve(&elsewhere, 0).unwrap_err();
    assert_eq!(error, MachineError::NotFound(elsewhere));
    let label = format!("{arn}/Each");
    let error = machines.resolve(&label, 0).unwrap_err();
    assert_eq!(error, MachineError::Labelled(label));
    let error = machines.resolve("nonsense", 0).unwrap_err();
    assert_eq!(error, MachineError::InvalidArn("nonsense".into()));
}

#[tokio::test]
async fn lists_go_on_after_an_arn() {
    let machines = machines();
    for name in ["b", "a", "c"] {
        let name = name.into();
        machines
            .create(NewMachine { name, ..orders() })
            .await
            .unwrap();
    }
    let names = |after: Option<&str>, max| -> Vec<String> {
        let list = machines.list(after, max).unwrap();
        list.iter()
            .map(|machine| machine.name.to_string())
            .collect()
    };
    assert_eq!(names(None, 2), ["a", "b"]);
    assert_eq!(names(Some(&machines.arn("b")), 2), ["c"]);
}
