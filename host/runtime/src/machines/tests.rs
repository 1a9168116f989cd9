//! The catalogue as its users see it, over the memory store.

use std::sync::Arc;

use engine::{Event, EventKind, ExecutionArn, FrameId, Index, Transition, Workflow};
use store::{MemoryStore, Store};

use super::*;
use crate::committer::Queue;
use crate::limits::RETIRED_REVISION_KEPT_US;
use crate::tags::{Tag, TagError};

const PASS: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;

fn machines() -> Machines {
    over(Arc::new(MemoryStore::new()))
}

fn over(store: Arc<MemoryStore>) -> Machines {
    let records = Records::new(store, Arc::new(Queue::default()));
    Machines::new(records, Place::default(), Clock::skipping())
}

/// Stores that an execution of the machine is at this status, its first event or its second.
fn run(store: &MemoryStore, machine_arn: &str, started_at: Timestamp, status: Status) {
    let epoch = store.claim_shard(0).unwrap();
    let expect_seq = u64::from(status != Status::Running);
    let event = Event {
        seq: expect_seq + 1,
        at: started_at,
        history: None,
        frame: FrameId::ROOT,
        kind: EventKind::ExecutionSucceeded {
            output: expr::Data::empty_object(),
        },
    };
    let transition = Transition {
        execution: ExecutionArn(format!("{machine_arn}/one").into()),
        shard: 0,
        epoch,
        expect_seq,
        events: Arc::new([event]),
        snapshot: None,
        timers: Vec::new(),
        index: Index {
            machine_arn: machine_arn.into(),
            name: "one".into(),
            status,
            started_at,
            stopped_at: (status != Status::Running).then_some(started_at),
            version_arn: None,
            alias_arn: None,
            redrive_count: 0,
            redriven_at: None,
        },
    };
    store.commit(vec![transition]).unwrap()[0].as_ref().unwrap();
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
async fn numbers_of_versions_are_not_used_again() {
    let machines = machines();
    let mut new = orders();
    new.publish = true;
    let arn = machines.create(new).await.unwrap().arn;
    let second = machines.update(&arn, &published("two")).await.unwrap();
    assert_eq!(second.version_arn, Some(format!("{arn}:2")));
    machines.delete_version(&arn, 2).await.unwrap();
    machines.delete_version(&arn, 2).await.unwrap();
    let third = machines.publish(&arn, None, None).await.unwrap();
    assert_eq!(third.version_arn, format!("{arn}:3"));
    let again = machines.publish(&arn, None, None).await.unwrap();
    assert_eq!(again, third);
    let numbers = |after, max| -> Vec<u64> {
        let versions = machines.versions(&arn, after, max).unwrap();
        versions.iter().map(|version| version.number).collect()
    };
    assert_eq!(numbers(None, 10), [3, 1]);
    assert_eq!(numbers(None, 1), [3]);
    assert_eq!(numbers(Some(3), 1), [1]);
    let gone = machines.resolve(&format!("{arn}:2"), 0).unwrap_err();
    assert_eq!(gone, MachineError::NotFound(format!("{arn}:2")));
}

#[tokio::test]
async fn only_the_current_revision_is_published_by_its_id() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    let first = machines.publish(&arn, Some("INITIAL"), None).await.unwrap();
    assert_eq!(first.version_arn, format!("{arn}:1"));
    let updated = machines.update(&arn, &to("two")).await.unwrap();
    let id = updated.revision_id.unwrap();
    let refused = machines.publish(&arn, Some("INITIAL"), None).await;
    let text = refused.unwrap_err().to_string();
    assert_eq!(
        text,
        format!(
            "Failed to publish the State Machine version for revision INITIAL. The current State \
             Machine revision is {id}."
        )
    );
    assert!(machines.publish(&arn, Some(&id), None).await.is_ok());
}

#[tokio::test]
async fn an_alias_resolves_to_the_version_that_the_seed_chooses() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    machines.publish(&arn, None, None).await.unwrap();
    machines.update(&arn, &published("two")).await.unwrap();
    let routes = [route(1, 25), route(2, 75)];
    let made = machines.create_alias(&arn, "PROD", None, &routes).await;
    assert_eq!(made.unwrap().routes, routes);
    let alias_arn = format!("{arn}:PROD");
    for (seed, version) in [(24, 1), (25, 2), (124, 1), (199, 2)] {
        let resolved = machines.resolve(&alias_arn, seed).unwrap();
        assert_eq!(resolved.version_arn, Some(format!("{arn}:{version}")));
        assert_eq!(resolved.alias_arn.as_ref(), Some(&alias_arn));
    }
    let refused = machines.delete_version(&arn, 1).await.unwrap_err();
    assert_eq!(refused, MachineError::VersionInUse(vec!["PROD".into()]));
    let only_two = [route(2, 100)];
    let updated = machines.update_alias(&arn, "PROD", None, Some(&only_two));
    updated.await.unwrap();
    machines.delete_version(&arn, 1).await.unwrap();
    assert_eq!(machines.alias(&arn, "PROD").unwrap().routes, only_two);
}

#[tokio::test]
async fn an_alias_is_made_once_and_leads_to_versions_that_there_are() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    machines.publish(&arn, None, None).await.unwrap();
    let routes = [route(1, 100)];
    let make = |routes: &'static [Route], description: Option<&'static str>| {
        let (machines, arn) = (machines.clone(), arn.clone());
        async move {
            let description = description.map(String::from);
            let alias = machines.create_alias(&arn, "A", description.as_ref(), routes);
            alias.await.map(|alias| alias.routes)
        }
    };
    assert_eq!(
        make(
            &[Route {
                version: 1,
                weight: 100
            }],
            None
        )
        .await
        .unwrap(),
        routes
    );
    assert!(
        make(
            &[Route {
                version: 1,
                weight: 100
            }],
            None
        )
        .await
        .is_ok()
    );
    let other = make(
        &[Route {
            version: 1,
            weight: 100,
        }],
        Some("other"),
    )
    .await;
    assert_eq!(other, Err(MachineError::AliasExists));
    machines.delete_alias(&arn, "A").await.unwrap();
    machines.delete_alias(&arn, "A").await.unwrap();
    let missing = make(
        &[Route {
            version: 2,
            weight: 100,
        }],
        None,
    )
    .await;
    assert_eq!(missing, Err(MachineError::ResourceNotFound));
    assert_eq!(machines.aliases(&arn), Ok(Vec::new()));
}

#[tokio::test]
async fn a_machine_has_100_aliases_and_no_101st() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    machines.publish(&arn, None, None).await.unwrap();
    let routes = [route(1, 100)];
    for number in 0..100 {
        let name = format!("alias-{number}");
        let made = machines.create_alias(&arn, &name, None, &routes).await;
        assert!(made.is_ok(), "{name}");
    }
    let refused = machines.create_alias(&arn, "more", None, &routes).await;
    assert_eq!(refused, Err(MachineError::TooManyAliases(100)));
    machines.delete_alias(&arn, "alias-0").await.unwrap();
    let made = machines.create_alias(&arn, "more", None, &routes).await;
    assert!(made.is_ok());
}

#[tokio::test]
async fn a_machine_has_1000_versions_and_no_1001st() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    let mut toggled = false;
    let mut next = || {
        toggled = !toggled;
        MachineUpdate {
            tracing_enabled: Some(toggled),
            publish: true,
            ..MachineUpdate::default()
        }
    };
    for _ in 0..1_000 {
        machines.update(&arn, &next()).await.unwrap();
    }
    let one_more = next();
    let refused = machines.update(&arn, &one_more).await;
    assert_eq!(refused, Err(MachineError::TooManyVersions(1_000)));
    machines.delete_version(&arn, 1).await.unwrap();
    let version = machines.update(&arn, &one_more).await.unwrap().version_arn;
    assert_eq!(version, Some(format!("{arn}:1001")));
}

#[tokio::test]
async fn there_are_10000_machines_and_no_10001st() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    *locked(&machines.shared.machines) = Some(9_999);
    let named = |name: &str| NewMachine {
        name: name.into(),
        ..orders()
    };
    machines.create(named("last")).await.unwrap();
    let refused = machines.create(named("more")).await;
    assert_eq!(refused, Err(MachineError::TooManyMachines(10_000)));
    assert!(
        machines.create(orders()).await.is_ok(),
        "it is there already"
    );
    machines.delete(&arn).await.unwrap();
    machines.create(named("more")).await.unwrap();
}

#[tokio::test]
async fn machines_are_counted_when_they_are_first_asked_for() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    let machines = reopened(&machines);
    machines.delete(&arn).await.unwrap();
    assert_eq!(*locked(&machines.shared.machines), Some(0));
    machines.create(orders()).await.unwrap();
    machines.create(orders()).await.unwrap();
    assert_eq!(*locked(&machines.shared.machines), Some(1));
}

#[tokio::test]
async fn deleting_takes_versions_aliases_and_tags_along() {
    let machines = machines();
    let mut new = orders();
    new.publish = true;
    new.tags = vec![Tag {
        key: "team".into(),
        value: "a".into(),
    }];
    let arn = machines.create(new).await.unwrap().arn;
    let neighbour = NewMachine {
        name: "orders2".into(),
        publish: true,
        ..orders()
    };
    let neighbour = machines.create(neighbour).await.unwrap().arn;
    let routes = [route(1, 100)];
    let alias = machines.create_alias(&arn, "PROD", None, &routes).await;
    alias.unwrap();
    machines.delete(&arn).await.unwrap();
    machines.delete(&arn).await.unwrap();
    for suffix in ["", ":1", ":PROD"] {
        let arn = format!("{arn}{suffix}");
        let error = machines.resolve(&arn, 0).unwrap_err();
        assert_eq!(error, MachineError::NotFound(arn));
    }
    assert_eq!(machines.tags().of(&arn), Ok(Vec::new()));
    assert!(machines.resolve(&format!("{neighbour}:1"), 0).is_ok());
}

#[tokio::test]
async fn a_machine_is_deleting_until_its_last_execution_is_over() {
    let store = Arc::new(MemoryStore::new());
    let machines = over(store.clone());
    let mut new = orders();
    new.publish = true;
    let arn = machines.create(new).await.unwrap().arn;
    let now = machines.clock.now();
    run(&store, &arn, now, Status::Running);
    machines.delete(&arn).await.unwrap();
    let machine = machines.machine(&arn).unwrap();
    assert_eq!(machine.status, MachineStatus::Deleting);
    assert_eq!(machines.versions(&arn, None, 10), Ok(Vec::new()));
    let deleting = MachineError::Deleting(arn.clone());
    assert_eq!(machines.resolve(&arn, 0).unwrap_err(), deleting);
    assert_eq!(machines.create(orders()).await, Err(deleting.clone()));
    let updated = machines.update(&arn, &to("two")).await;
    assert_eq!(updated, Err(deleting));
    machines.delete(&arn).await.unwrap();
    assert_eq!(machines.sweep().await.unwrap().machines, 0);

    run(&store, &arn, now, Status::Succeeded);
    let gone = MachineError::NotFound(arn.clone());
    assert_eq!(machines.resolve(&arn, 0).unwrap_err(), gone);
    assert_eq!(machines.sweep().await.unwrap().machines, 1);
    assert_eq!(machines.list(None, 10), Ok(Vec::new()));
    assert_eq!(*locked(&machines.shared.machines), Some(0));
}

#[tokio::test]
async fn the_name_of_a_machine_is_free_as_soon_as_its_last_execution_is_over() {
    let store = Arc::new(MemoryStore::new());
    let machines = over(store.clone());
    let arn = machines.create(orders()).await.unwrap().arn;
    let first = machines.machine(&arn).unwrap();
    let now = machines.clock.now();
    run(&store, &arn, now, Status::Running);
    machines.delete(&arn).await.unwrap();
    run(&store, &arn, now, Status::Failed);
    machines.create(orders()).await.unwrap();
    assert_ne!(machines.machine(&arn).unwrap().id, first.id);
    assert_eq!(*locked(&machines.shared.machines), Some(1));
    assert_eq!(machines.sweep().await, Ok(Swept::default()));
}

#[tokio::test]
async fn a_revision_is_kept_while_a_list_shows_an_execution_that_may_have_it() {
    let store = Arc::new(MemoryStore::new());
    let machines = over(store.clone());
    let arn = machines.create(orders()).await.unwrap().arn;
    let first = machines.machine(&arn).unwrap().revision_id;
    run(&store, &arn, machines.clock.now(), Status::Running);
    machines.update(&arn, &published("two")).await.unwrap();
    let second = machines.machine(&arn).unwrap().revision_id;
    machines.update(&arn, &to("three")).await.unwrap();
    let third = machines.machine(&arn).unwrap().revision_id;
    run(&store, &arn, machines.clock.now(), Status::Succeeded);
    let kept = || {
        let machines = reopened(&machines);
        let is_kept = |id| machines.revision(&arn, id).unwrap().is_some();
        [is_kept(&first), is_kept(&second), is_kept(&third)]
    };
    let an_hour = || {
        machines
            .clock
            .now()
            .plus_micros(RETIRED_REVISION_KEPT_US + 1)
    };
    machines.clock.skip_to(an_hour());
    assert_eq!(machines.sweep().await.unwrap().revisions, 0);
    assert_eq!(kept(), [true; 3], "the execution is listed");
    store.forget_ended(machines.clock.now(), 10).unwrap();
    assert_eq!(machines.sweep().await.unwrap().revisions, 1);
    assert_eq!(kept(), [false, true, true], "the second is a version");
    machines.delete_version(&arn, 1).await.unwrap();
    assert_eq!(machines.sweep().await.unwrap().revisions, 0, "too soon");
    machines.clock.skip_to(an_hour());
    assert_eq!(machines.sweep().await.unwrap().revisions, 1);
    assert_eq!(kept(), [false, false, true], "the third is current");
    machines.delete(&arn).await.unwrap();
    machines.clock.skip_to(an_hour());
    assert_eq!(machines.sweep().await.unwrap().revisions, 1);
    assert_eq!(kept(), [false; 3]);
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

/// Writers that overtake each other all the time: each of them gets on, and nothing of what they did is
/// lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_of_one_machine_all_get_on() {
    let machines = machines();
    let arn = machines.create(orders()).await.unwrap().arn;
    machines.publish(&arn, None, None).await.unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..32 {
        let (machines, arn) = (machines.clone(), arn.clone());
        writers.spawn(async move {
            let name = format!("alias-{number}");
            let routes = [route(1, 100)];
            let alias = machines.create_alias(&arn, &name, None, &routes);
            alias.await.unwrap();
            let update = published(&number.to_string());
            machines.update(&arn, &update).await.unwrap().version_arn
        });
    }
    let arns: std::collections::BTreeSet<_> = writers.join_all().await.into_iter().collect();
    assert_eq!(arns.len(), 32);
    assert_eq!(machines.aliases(&arn).unwrap().len(), 32);
    let machine = machines.machine(&arn).unwrap();
    assert_eq!((machine.versions, machine.aliases), (33, 32));
    assert_eq!(machines.versions(&arn, None, 100).unwrap().len(), 33);
}

#[tokio::test]
async fn one_of_many_that_make_the_same_machine_makes_it() {
    let machines = machines();
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let machines = machines.clone();
        writers.spawn(async move { machines.create(orders()).await.unwrap() });
    }
    let created = writers.join_all().await;
    assert!(created.iter().all(|one| *one == created[0]));
    assert_eq!(*locked(&machines.shared.machines), Some(1));
}
