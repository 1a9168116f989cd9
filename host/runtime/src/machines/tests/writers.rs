//! Many writers at once, and the number of machines.

use super::*;

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
