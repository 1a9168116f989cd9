//! What goes with a machine, and what stays for its executions.

use std::sync::Arc;

use engine::{Event, EventKind, ExecutionArn, FrameId, Index, Transition};
use store::{MemoryStore, Store};

use super::*;
use crate::limits::RETIRED_REVISION_KEPT_US;

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
