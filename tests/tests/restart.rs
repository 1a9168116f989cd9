//! A server over a durable store, ended and opened again.

use std::path::Path;
use std::sync::Arc;

use engine::Status;
use runtime::machines::{Encryption, Logging, NewMachine};
use runtime::{Clock, Place, Services, Settings, StartRequest};
use sandbox::Sandbox;
use serde_json::json;
use store::{Change, Fault, FaultyStore, MemoryStore, SqliteStore, Store};

fn settings(folder: &Path) -> Settings {
    Settings {
        place: Place::default(),
        clock: Clock::real(),
        keys_folder: folder.join("keys"),
        guest_threads: Some(1),
        run_ahead: true,
    }
}

fn sandbox() -> Sandbox {
    let config = sandbox::Config {
        small_slots: 2,
        large_slots: 1,
        ..sandbox::Config::default()
    };
    Sandbox::new(config).unwrap()
}

fn open(folder: &Path) -> Arc<Services> {
    let store = SqliteStore::open(folder).unwrap();
    Services::open(settings(folder), Arc::new(store), sandbox()).unwrap()
}

/// A machine that waits for a day, and an execution of it.
async fn start_waiting(services: &Services, name: &str) -> engine::ExecutionArn {
    let definition = json!({ "StartAt": "W", "States": {
        "W": { "Type": "Wait", "Seconds": 86_400, "End": true },
    }});
    let text = definition.to_string();
    let machine = asl::parse(&text, source::Format::Json).machine.unwrap();
    let created = services
        .machines
        .create(NewMachine {
            name: name.to_owned(),
            definition: text.into(),
            machine: Arc::new(machine),
            role_arn: String::from("arn:aws:iam::123456789012:role/r"),
            kind: engine::Workflow::Standard,
            logging: Logging::default(),
            tracing_enabled: false,
            encryption: Encryption::AwsOwnedKey,
            tags: Vec::new(),
            publish: false,
            version_description: None,
        })
        .await
        .unwrap();
    let resolved = services.machines.resolve(&created.arn, 0).unwrap();
    let input = expr::Data::empty_object();
    let request = StartRequest::of(&resolved, Some(String::from("one")), input, None);
    services.runtime.start(request).await.unwrap().execution
}

/// Ends a server, and waits until nobody has its folder any more.
async fn end(services: Arc<Services>, folder: &Path) {
    services.shutdown().await;
    drop(services);
    while SqliteStore::open(folder).is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_execution_that_cannot_go_on_keeps_nobody_else_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let services = open(folder.path());
    let lost = start_waiting(&services, "lost").await;
    let kept = start_waiting(&services, "kept").await;
    end(services, folder.path()).await;
    {
        let store = SqliteStore::open(folder.path()).unwrap();
        let prefix = "arn:aws:states:us-east-1:123456789012:stateMachine:lost";
        let all = Change::DeletePrefix {
            space: "states.revision",
            prefix: prefix.into(),
        };
        store.write(vec![vec![all]]).unwrap();
    }
    let services = open(folder.path());
    let recovered = services.recover().await.unwrap();
    assert_eq!((recovered.count, recovered.left_count), (1, 1));
    assert_eq!(recovered.left[0].0, lost);
    let stopped = services
        .runtime
        .stop(&kept, engine::ErrorOutput::default())
        .await;
    assert!(stopped.is_ok(), "{stopped:?}");
    let view = services.runtime.describe(&kept).unwrap().unwrap();
    assert_eq!(view.index.status, Status::Aborted);
    services.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_store_has_stopped_says_so() {
    let folder = tempfile::tempdir().unwrap();
    // The first write is that of the key which signs tokens; the second, of a commit, fails.
    let store = FaultyStore::new(MemoryStore::new(), Fault::BeforeWrite, 1);
    let store = Arc::new(store);
    let services = Services::open(settings(folder.path()), store.clone(), sandbox()).unwrap();
    assert!(services.is_alive());
    assert!(store.commit(Vec::new()).is_err());
    assert!(!services.is_alive());
    services.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_keeps_the_region_and_account_that_it_was_begun_under() {
    let folder = tempfile::tempdir().unwrap();
    end(open(folder.path()), folder.path()).await;
    let store = Arc::new(SqliteStore::open(folder.path()).unwrap());
    let mut elsewhere = settings(folder.path());
    elsewhere.place.region = String::from("eu-west-1");
    let refused = Services::open(elsewhere, store.clone(), sandbox()).err();
    let said = refused.unwrap().to_string();
    assert!(
        said.contains("belongs to arn:aws:states:us-east-1:"),
        "{said}"
    );
    assert!(Services::open(settings(folder.path()), store, sandbox()).is_ok());
}
