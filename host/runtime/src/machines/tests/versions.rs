//! Versions and aliases.

use super::*;

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
