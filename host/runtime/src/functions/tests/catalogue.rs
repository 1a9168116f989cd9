//! What is there, what is refused, and what a restart keeps.

use super::*;
use crate::functions::shelf::{CODE, CODE_USE};

fn count(functions: &Functions, space: store::Space) -> usize {
    let records = &functions.0.shelf.0;
    let mut count = 0;
    let mut after = None;
    loop {
        let scan = store::Scan {
            after: after.take(),
            ..store::Scan::of(space, "")
        };
        let found: Vec<crate::records::Stored<serde::de::IgnoredAny>> = match space {
            CODE => return code_count(functions),
            _ => records.scan(&scan).unwrap(),
        };
        let Some(last) = found.last() else {
            return count;
        };
        after = Some(last.key.clone());
        count += found.len();
    }
}

/// Components are no JSON: asked for one by one.
fn code_count(functions: &Functions) -> usize {
    let uploads = [guest::echo(), guest::says("1"), guest::says("2")];
    let digests = uploads.map(|upload| super::super::package::open(upload).unwrap().code.digest);
    let is_there = |digest: &&String| functions.0.shelf.component(digest).unwrap().is_some();
    digests.iter().filter(is_there).count()
}

#[tokio::test]
async fn a_function_is_there_until_it_is_deleted_and_after_a_restart() {
    let store = store();
    let functions = open(&store);
    let made = functions.create(new("f", guest::echo())).await.unwrap();
    assert_eq!(made.version, Version::Latest);
    let again = open(&store);
    assert_eq!(again.get("f", None).unwrap().1, made);
    assert_eq!(payload_of(&again, None).await.0, "{}");
    again.delete("f").await.unwrap();
    assert!(matches!(
        again.get("f", None),
        Err(FunctionError::NotFound(_))
    ));
    assert!(matches!(
        again.delete("f").await,
        Err(FunctionError::NotFound(_))
    ));
}

#[tokio::test]
async fn what_a_task_cannot_be_is_refused_at_upload_by_its_name() {
    let functions = open(&store());
    for (upload, named) in [
        (
            b"\0asm\x0d\0\x01\0 torn".to_vec(),
            "not a WebAssembly component",
        ),
        (guest::core_module(), "core WebAssembly module"),
        (guest::empty(), "stepwell:task/handler@0.1.0"),
        (guest::wants_files(), "wasi:filesystem/preopens@0.2.6"),
    ] {
        let refused = functions.create(new("f", upload)).await.unwrap_err();
        let FunctionError::Invalid(message) = refused else {
            panic!("{refused:?}");
        };
        assert!(message.contains(named), "{message}");
    }
    assert!(functions.get("f", None).is_err());
}

#[tokio::test]
async fn a_name_is_taken_once_even_at_the_same_time() {
    let functions = open(&store());
    let (first, second) = tokio::join!(
        functions.create(new("f", guest::says("1"))),
        functions.create(new("f", guest::says("2")))
    );
    assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1);
    let refused = functions.create(new("f", guest::echo())).await.unwrap_err();
    assert_eq!(
        refused,
        FunctionError::Conflict("Function already exist: f".to_owned())
    );
    assert_eq!(count(&functions, CODE_USE), 1);
    assert_eq!(count(&functions, CODE), 1);
}

#[tokio::test]
async fn a_component_is_kept_once_and_goes_with_its_last_use() {
    let functions = open(&store());
    functions.create(new("f", guest::says("1"))).await.unwrap();
    functions.create(new("g", guest::says("1"))).await.unwrap();
    functions.publish("f", &Publish::default()).await.unwrap();
    functions
        .update_code("f", code(guest::says("2")))
        .await
        .unwrap();
    assert_eq!(count(&functions, CODE), 2);
    functions.delete("g").await.unwrap();
    assert_eq!(count(&functions, CODE), 2);
    functions.delete_version("f", 1).await.unwrap();
    assert_eq!(count(&functions, CODE), 1);
    functions.delete("f").await.unwrap();
    assert_eq!(
        (count(&functions, CODE), count(&functions, CODE_USE)),
        (0, 0)
    );
}

#[tokio::test]
async fn a_version_stays_as_it_was_published() {
    let functions = open(&store());
    functions.create(new("f", guest::says("1"))).await.unwrap();
    let first = functions.publish("f", &Publish::default()).await.unwrap();
    assert_eq!(first.version, Version::Number(1));
    // Nothing changed: the same one again.
    assert_eq!(
        functions.publish("f", &Publish::default()).await.unwrap(),
        first
    );
    functions
        .update_code("f", code(guest::says("1")))
        .await
        .unwrap();
    assert_eq!(
        functions.publish("f", &Publish::default()).await.unwrap(),
        first
    );
    let change = CodeChange {
        publish: true,
        ..code(guest::says("2"))
    };
    let second = functions.update_code("f", change).await.unwrap();
    assert_eq!(second.version, Version::Number(2));
    assert_eq!(
        payload_of(&functions, Some("1")).await,
        ("1".to_owned(), "1".to_owned())
    );
    assert_eq!(
        payload_of(&functions, Some("2")).await,
        ("2".to_owned(), "2".to_owned())
    );
    assert_eq!(
        payload_of(&functions, None).await,
        ("2".to_owned(), "$LATEST".to_owned())
    );
}

#[tokio::test]
async fn numbers_of_versions_are_never_used_again() {
    let functions = open(&store());
    let publishing = || NewFunction {
        publish: true,
        ..new("f", guest::echo())
    };
    let first = functions.create(publishing()).await.unwrap();
    functions.delete("f").await.unwrap();
    let second = functions.create(publishing()).await.unwrap();
    assert_eq!(
        (first.version, second.version),
        (Version::Number(1), Version::Number(2))
    );
}

#[tokio::test]
async fn publishing_can_insist_on_digest_and_revision() {
    let functions = open(&store());
    let made = functions.create(new("f", guest::echo())).await.unwrap();
    let with_digest = |digest: &str| Publish {
        code_sha256: Some(digest.to_owned()),
        ..Publish::default()
    };
    let refused = functions.publish("f", &with_digest("x")).await.unwrap_err();
    assert!(matches!(refused, FunctionError::Invalid(_)));
    let stale = Publish {
        revision_id: Some("x".to_owned()),
        ..Publish::default()
    };
    let refused = functions.publish("f", &stale).await.unwrap_err();
    assert_eq!(refused, FunctionError::RevisionChanged);
    assert!(
        functions
            .publish("f", &with_digest(&made.code.sha256))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_change_can_insist_on_the_revision() {
    let functions = open(&store());
    let made = functions.create(new("f", guest::echo())).await.unwrap();
    let id = made.revision_id.as_str();
    let slower = |settings: &mut Settings| settings.timeout_seconds = 9;
    let changed = functions
        .update_configuration("f", Some(id), slower)
        .await
        .unwrap();
    assert_eq!(changed.settings.timeout_seconds, 9);
    assert_ne!(changed.revision_id, made.revision_id);
    let refused = functions.update_configuration("f", Some(id), slower).await;
    assert_eq!(refused.unwrap_err(), FunctionError::RevisionChanged);
    let stale = CodeChange {
        revision_id: Some(id.to_owned()),
        ..code(guest::echo())
    };
    let refused = functions.update_code("f", stale).await;
    assert_eq!(refused.unwrap_err(), FunctionError::RevisionChanged);
}

#[tokio::test]
async fn a_dry_run_changes_nothing_and_checks_all() {
    let functions = open(&store());
    let made = functions.create(new("f", guest::says("1"))).await.unwrap();
    let dry = |upload| CodeChange {
        dry_run: true,
        ..code(upload)
    };
    assert!(
        functions
            .update_code("f", dry(guest::says("2")))
            .await
            .is_ok()
    );
    assert!(
        functions
            .update_code("f", dry(guest::empty()))
            .await
            .is_err()
    );
    assert_eq!(functions.get("f", None).unwrap().1, made);
    assert_eq!(count(&functions, CODE), 1);
}

#[tokio::test]
async fn a_version_that_an_alias_means_is_kept() {
    let functions = open(&store());
    functions.create(new("f", guest::says("1"))).await.unwrap();
    functions.publish("f", &Publish::default()).await.unwrap();
    let alias = |version| NewAlias {
        function: "f".to_owned(),
        name: "live".to_owned(),
        version,
        description: String::new(),
        additional: None,
    };
    let refused = functions.create_alias(&alias(Version::Number(2))).await;
    assert!(matches!(refused, Err(FunctionError::NotFound(_))));
    functions
        .create_alias(&alias(Version::Number(1)))
        .await
        .unwrap();
    let refused = functions.create_alias(&alias(Version::Number(1))).await;
    assert!(matches!(refused, Err(FunctionError::Conflict(_))));
    let refused = functions.delete_version("f", 1).await;
    assert!(matches!(refused, Err(FunctionError::Conflict(_))));
    functions.delete_alias("f", "live").await.unwrap();
    functions.delete_alias("f", "live").await.unwrap();
    functions.delete_version("f", 1).await.unwrap();
}

#[tokio::test]
async fn the_weights_of_an_alias_are_of_two_published_versions() {
    let functions = open(&store());
    functions.create(new("f", guest::says("1"))).await.unwrap();
    functions.publish("f", &Publish::default()).await.unwrap();
    let second = CodeChange {
        publish: true,
        ..code(guest::says("2"))
    };
    functions.update_code("f", second).await.unwrap();
    for (version, other, weight, is_good) in [
        (Version::Number(1), Version::Number(1), 0.5, false),
        (Version::Latest, Version::Number(1), 0.5, false),
        (Version::Number(1), Version::Latest, 0.5, false),
        (Version::Number(1), Version::Number(3), 0.5, false),
        (Version::Number(1), Version::Number(2), 1.5, false),
        (Version::Number(1), Version::Number(2), -0.1, false),
        (Version::Number(1), Version::Number(2), 1.0, true),
    ] {
        let made = functions
            .create_alias(&NewAlias {
                function: "f".to_owned(),
                name: "live".to_owned(),
                version,
                description: String::new(),
                additional: Some((other, weight)),
            })
            .await;
        assert_eq!(made.is_ok(), is_good, "{version} {other} {weight}");
    }
}

#[tokio::test]
async fn lists_go_on_where_they_ended() {
    let functions = open(&store());
    for name in ["a", "b", "c"] {
        let publish = name == "b";
        let new = NewFunction {
            publish,
            ..new(name, guest::echo())
        };
        functions.create(new).await.unwrap();
    }
    let walk = |with_versions, max| {
        let (mut names, mut cursor) = (Vec::new(), None);
        loop {
            let (found, next) = functions.list(cursor.as_ref(), with_versions, max).unwrap();
            names.extend(found.iter().map(|c| format!("{}:{}", c.name, c.version)));
            match next {
                Some(_) => cursor = next,
                None => return names,
            }
        }
    };
    for max in 1..6 {
        assert_eq!(walk(false, max), ["a:$LATEST", "b:$LATEST", "c:$LATEST"]);
        assert_eq!(
            walk(true, max),
            ["a:$LATEST", "b:$LATEST", "b:1", "c:$LATEST"]
        );
    }
    let (first, next) = functions.list_versions("b", None, 1).unwrap();
    assert_eq!(first[0].version, Version::Latest);
    let (rest, end) = functions.list_versions("b", next, 1).unwrap();
    assert_eq!((rest[0].version, end), (Version::Number(1), None));
}

#[tokio::test]
async fn reserving_leaves_enough_for_the_others() {
    let functions = open(&store());
    functions.create(new("f", guest::echo())).await.unwrap();
    functions.create(new("g", guest::echo())).await.unwrap();
    let most = limits::GUESTS_MAX - limits::UNRESERVED_GUESTS_MIN;
    assert!(
        functions
            .reserve_concurrency("f", Some(most + 1))
            .await
            .is_err()
    );
    functions
        .reserve_concurrency("f", Some(most))
        .await
        .unwrap();
    assert!(functions.reserve_concurrency("g", Some(1)).await.is_err());
    functions.reserve_concurrency("g", Some(0)).await.unwrap();
    functions.reserve_concurrency("f", None).await.unwrap();
    functions.reserve_concurrency("g", Some(1)).await.unwrap();
    assert_eq!(
        functions.account_usage().unwrap().unreserved_guests,
        limits::GUESTS_MAX - 1
    );
}

#[tokio::test]
async fn tags_are_added_and_taken_away() {
    let functions = open(&store());
    functions.create(new("f", guest::echo())).await.unwrap();
    let tags = [("a", "1"), ("b", "2")].map(|(k, v)| (k.to_owned(), v.to_owned()));
    functions.tag("f", &tags.into()).await.unwrap();
    functions.untag("f", &["a".to_owned()]).await.unwrap();
    let tags = functions.get("f", None).unwrap().0.tags;
    assert_eq!(tags, [("b".to_owned(), "2".to_owned())].into());
}
