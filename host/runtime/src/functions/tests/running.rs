//! Functions that run: by clients, by executions, later.

use asl::Resource;
use engine::{ExecutionArn, Timestamp};
use expr::Data;

use super::*;
use crate::functions::shelf::EVENT;
use crate::host::{Attempt, Invocation, Monitor, TaskHost};

struct Quiet;

impl Monitor for Quiet {
    fn heartbeat(&self) -> bool {
        true
    }

    fn is_cancelled(&self) -> bool {
        false
    }
}

fn invocation(qualifier: Option<&str>) -> Invocation {
    Invocation {
        input: Data::parse("[1]").unwrap(),
        attempt: Attempt {
            execution: ExecutionArn("arn:e".into()),
            execution_name: "e".into(),
            machine_arn: "arn:m".into(),
            state_name: "S".into(),
            resource: Resource::Function {
                arn: "arn:f".into(),
                name: "f".into(),
                qualifier: None,
            },
            qualifier: qualifier.map(Arc::from),
            retry_count: 0,
            idempotency_key: "key".into(),
            token: None,
            started_at: Timestamp(0),
            deadline: None,
        },
        monitor: Arc::new(Quiet),
        with_log_tail: qualifier == Some("1"),
    }
}

async fn task(functions: &Functions, qualifier: Option<&str>) -> crate::host::TaskReport {
    let outcome = TaskHost::invoke(functions, "f", invocation(qualifier));
    outcome.expect("the function is there").await
}

#[tokio::test]
async fn a_client_gets_the_output_and_the_end_of_the_log() {
    let functions = open(&store());
    functions.create(new("f", guest::echo())).await.unwrap();
    let invoked = functions
        .invoke(invoke("f", None, r#"{"a":1}"#))
        .await
        .unwrap();
    assert_eq!(
        (invoked.payload.as_str(), invoked.is_failure),
        (r#"{"a":1}"#, false)
    );
    let tail = invoked.log_tail;
    assert!(
        tail.starts_with("START RequestId: request-1 Version: $LATEST\nEND"),
        "{tail}"
    );
    assert!(
        tail.contains("\nREPORT RequestId: request-1\tDuration: "),
        "{tail}"
    );
    let nothing = functions.invoke(invoke("f", None, "")).await.unwrap();
    assert_eq!(nothing.payload, "{}");
}

#[tokio::test]
async fn a_failure_is_lambdas_error_json() {
    let functions = open(&store());
    functions.create(new("f", guest::fails())).await.unwrap();
    let invoked = functions.invoke(invoke("f", None, "1")).await.unwrap();
    assert!(invoked.is_failure);
    let error: serde_json::Value = serde_json::from_str(&invoked.payload).unwrap();
    assert_eq!(
        (&error["errorType"], &error["errorMessage"]),
        (&"Declined".into(), &"no".into())
    );
    functions
        .update_code("f", code(guest::says("no json")))
        .await
        .unwrap();
    let (payload, _) = payload_of(&functions, None).await;
    assert!(payload.contains("Runtime.MarshalError"), "{payload}");
}

#[tokio::test]
async fn a_function_that_does_not_end_is_ended_by_its_timeout() {
    let functions = open(&store());
    let mut spinning = new("f", guest::spins());
    spinning.settings.timeout_seconds = 1;
    functions.create(spinning).await.unwrap();
    let (payload, _) = payload_of(&functions, None).await;
    assert!(
        payload.contains("Task timed out after 1.00 seconds"),
        "{payload}"
    );
    assert!(payload.contains("Sandbox.Timedout"), "{payload}");
}

#[tokio::test]
async fn payloads_are_measured_and_have_to_be_json() {
    let functions = open(&store());
    functions.create(new("f", guest::says("1"))).await.unwrap();
    let of_bytes = |bytes: usize| format!("\"{}\"", "a".repeat(bytes - 2));
    let most = of_bytes(limits::INVOKE_PAYLOAD_BYTES_MAX);
    assert!(functions.invoke(invoke("f", None, &most)).await.is_ok());
    let more = of_bytes(limits::INVOKE_PAYLOAD_BYTES_MAX + 1);
    let refused = functions
        .invoke(invoke("f", None, &more))
        .await
        .unwrap_err();
    assert!(matches!(refused, FunctionError::TooLarge { .. }));
    let more = of_bytes(limits::EVENT_PAYLOAD_BYTES_MAX + 1);
    let refused = functions
        .invoke_later(invoke("f", None, &more))
        .await
        .unwrap_err();
    assert!(matches!(refused, FunctionError::TooLarge { .. }));
    for text in ["{", "nul", "{} {}"] {
        let refused = functions.invoke(invoke("f", None, text)).await.unwrap_err();
        assert!(matches!(refused, FunctionError::NotJson(_)), "{text}");
    }
}

#[tokio::test]
async fn a_guest_sees_the_environment_of_its_version() {
    let functions = open(&store());
    let mut new = new("f", guest::last_variable());
    let variables = |value: &str| Some(Environment([("ZZ".to_owned(), value.to_owned())].into()));
    new.settings.environment = variables("1");
    new.publish = true;
    functions.create(new).await.unwrap();
    let edit = |settings: &mut Settings| settings.environment = variables("2");
    functions
        .update_configuration("f", None, edit)
        .await
        .unwrap();
    assert_eq!(payload_of(&functions, Some("1")).await.0, "1");
    assert_eq!(payload_of(&functions, None).await.0, "2");
}

#[tokio::test]
async fn a_function_with_no_concurrency_is_throttled_until_it_has_some() {
    let functions = open(&store());
    functions.create(new("f", guest::echo())).await.unwrap();
    assert!(functions.invoke(invoke("f", None, "1")).await.is_ok());
    functions.reserve_concurrency("f", Some(0)).await.unwrap();
    let refused = functions.invoke(invoke("f", None, "1")).await.unwrap_err();
    assert_eq!(refused, FunctionError::Throttled(Throttle::Reserved));
    let error = task(&functions, None).await.result.unwrap_err();
    assert_eq!(
        error.error.as_deref(),
        Some("Lambda.TooManyRequestsException")
    );
    functions.reserve_concurrency("f", None).await.unwrap();
    assert!(functions.invoke(invoke("f", None, "1")).await.is_ok());
}

#[tokio::test]
async fn an_execution_calls_latest_a_version_or_an_alias() {
    let functions = open(&store());
    functions.create(new("f", guest::says("1"))).await.unwrap();
    functions.publish("f", &Publish::default()).await.unwrap();
    functions
        .update_code("f", code(guest::echo()))
        .await
        .unwrap();
    let alias = NewAlias {
        function: "f".to_owned(),
        name: "live".to_owned(),
        version: Version::Number(1),
        description: String::new(),
        additional: None,
    };
    functions.create_alias(&alias).await.unwrap();
    for (qualifier, output, version) in [
        (None, "[1]", "$LATEST"),
        (Some("$LATEST"), "[1]", "$LATEST"),
        (Some("1"), "1", "1"),
        (Some("live"), "1", "1"),
    ] {
        let report = task(&functions, qualifier).await;
        assert_eq!(report.result.unwrap().text(), output, "{qualifier:?}");
        assert_eq!(report.version.as_deref(), Some(version), "{qualifier:?}");
        assert_eq!(report.log_tail.is_some(), qualifier == Some("1"));
    }
    // An alias that moved means the other version from then on.
    let change = AliasChange {
        version: Some(Version::Latest),
        ..AliasChange::default()
    };
    functions.update_alias("f", "live", &change).await.unwrap();
    assert_eq!(
        task(&functions, Some("live")).await.result.unwrap().text(),
        "[1]"
    );
    for qualifier in ["2", "gone"] {
        let invoked = TaskHost::invoke(&functions, "f", invocation(Some(qualifier)));
        assert!(invoked.is_none(), "{qualifier}");
    }
    assert!(TaskHost::invoke(&functions, "g", invocation(None)).is_none());
}

#[tokio::test]
async fn executions_are_pinned_to_the_functions_there_are() {
    let store = store();
    let functions = open(&store);
    assert!(functions.functions().is_empty());
    functions.create(new("f", guest::echo())).await.unwrap();
    assert!(functions.functions()["f"].is_sealed);
    assert!(open(&store).functions().contains_key("f"));
    functions.delete("f").await.unwrap();
    assert!(functions.functions().is_empty());
}

fn events(functions: &Functions) -> usize {
    let scan = store::Scan::of(EVENT, "");
    let found = functions.0.shelf.0.scan::<serde_json::Value>(&scan);
    found.unwrap().len()
}

#[tokio::test]
async fn an_event_outlives_a_restart_and_runs_once_there_are_guest_threads() {
    let store = store();
    let functions = open(&store);
    functions.create(new("f", guest::echo())).await.unwrap();
    functions
        .invoke_later(invoke("f", None, "1"))
        .await
        .unwrap();
    let missing = functions
        .invoke_later(invoke("g", None, "1"))
        .await
        .unwrap_err();
    assert!(matches!(missing, FunctionError::NotFound(_)));
    assert_eq!(events(&functions), 1);
    drop(functions);
    let functions = open(&store);
    functions.start(&tokio::runtime::Handle::current());
    while events(&functions) > 0 {
        tokio::task::yield_now().await;
    }
    functions
        .invoke_later(invoke("f", None, "2"))
        .await
        .unwrap();
    while events(&functions) > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_attempt_that_is_entered_again_leaves_one_event() {
    let functions = open(&store());
    functions.create(new("f", guest::echo())).await.unwrap();
    for _ in 0..2 {
        let kept = TaskHost::invoke_later(&functions, "f", &invocation(None));
        kept.expect("the function is there").await.unwrap();
    }
    assert_eq!(events(&functions), 1);
    assert!(TaskHost::invoke_later(&functions, "g", &invocation(None)).is_none());
}

#[tokio::test]
async fn an_event_that_failed_is_kept_for_another_try() {
    let store = store();
    let functions = open(&store);
    functions.create(new("f", guest::fails())).await.unwrap();
    functions
        .invoke_later(invoke("f", None, "1"))
        .await
        .unwrap();
    functions.start(&tokio::runtime::Handle::current());
    let failures = || {
        let scan = store::Scan::of(EVENT, "");
        let found = functions
            .0
            .shelf
            .0
            .scan::<serde_json::Value>(&scan)
            .unwrap();
        found[0].value["failures"].as_u64().unwrap()
    };
    while failures() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(failures(), 1);
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_guest() {
    let functions = open(&store());
    let mut spinning = new("f", guest::spins());
    spinning.settings.timeout_seconds = 900;
    functions.create(spinning).await.unwrap();
    functions.reserve_concurrency("f", Some(1)).await.unwrap();
    let gone = functions.invoke(invoke("f", None, "1"));
    let wait = std::time::Duration::from_millis(20);
    assert!(tokio::time::timeout(wait, gone).await.is_err());
    functions
        .update_code("f", code(guest::echo()))
        .await
        .unwrap();
    assert!(functions.invoke(invoke("f", None, "1")).await.is_ok());
}
