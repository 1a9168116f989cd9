//! Who may do what: signed requests, keys, permissions, rates.

use std::sync::Arc;

use api::wire::{Auth, BindError, Config, Rate, Server};
use engine::Timestamp;
use runtime::Key;
use runtime::keys::{Effect, Pattern, Statement};

use crate::harness::{Running, Signer, open, post, stage, start};

const START: &str = "AWSStepFunctions.StartExecution";
const ORDERS: &str = "arn:aws:states:us-east-1:123456789012:stateMachine:orders";

fn closed() -> Config {
    Config {
        auth: Auth::Required,
        ..open()
    }
}

fn statement(effect: Effect, action: &str, resource: &str) -> Statement {
    Statement {
        effect,
        actions: vec![Pattern::action(action).unwrap()],
        resources: vec![Pattern::resource(resource).unwrap()],
    }
}

fn key(server: &Running, statements: Vec<Statement>) -> Arc<Key> {
    let name = Some("ci".to_owned());
    Arc::new(server.keys.create(name, statements, Timestamp(0)).unwrap())
}

fn root(server: &Running) -> Arc<Key> {
    key(server, vec![statement(Effect::Allow, "*", "*")])
}

async fn assert_refused(server: &Running, request: &str, code: &str, text: &str) {
    let answer = server.say(request).await;
    assert_eq!(answer.code(), code, "{answer:?}");
    assert!(answer.message().contains(text), "{}", answer.message());
    let lives = Signer::new(&root(server)).sign(&post(START, "{}"));
    assert_eq!(server.say(&lives).await.status, 200);
}

#[tokio::test]
async fn a_signed_request_is_answered_and_one_that_is_not_is_refused() {
    let server = start(closed()).await;
    let signer = Signer::new(&root(&server));
    assert_eq!(
        server.say(&signer.sign(&post(START, "{}"))).await.status,
        200
    );
    let text = "Missing Authentication Token";
    let code = "MissingAuthenticationTokenException";
    assert_refused(&server, &post(START, "{}"), code, text).await;
    // Who is not known is not told what is wrong with the body.
    assert_refused(&server, &post(START, "garbage"), code, text).await;
    let basic = post(START, "{}").replace("Host", "Authorization: Basic Og==\r\nHost");
    assert_refused(&server, &basic, "IncompleteSignatureException", "algorithm").await;
    let half = "Authorization: AWS4-HMAC-SHA256 Credential=a/b/c/d/e\r\nHost";
    let half = post(START, "{}").replace("Host", half);
    let text = "requires 'SignedHeaders' parameter. Authorization header requires 'Signature'";
    assert_refused(&server, &half, "IncompleteSignatureException", text).await;
}

#[tokio::test]
async fn it_takes_a_key_to_make_the_server_keep_a_body() {
    let mut config = closed();
    config.limits.bodies_bytes_max = 4_096;
    let server = start(config).await;
    let length = api::limits::BODY_BYTES_MAX;
    let endless = post(START, "").replace("Length: 0", &format!("Length: {length}"));
    let mut clients = Vec::new();
    for _ in 0..4 {
        let mut client = server.connect().await;
        client.say(endless.as_bytes()).await;
        clients.push(client);
    }
    let signer = Signer::new(&root(&server));
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(4_000));
    assert_eq!(
        server.say(&signer.sign(&post(START, &body))).await.status,
        200
    );
    // A body that is there is taken off the line, so that its sender reads what is wrong.
    let mut client = server.connect().await;
    client
        .say(post(START, &"x".repeat(length)).as_bytes())
        .await;
    let answer = client.answer().await.unwrap();
    assert_eq!(answer.code(), "MissingAuthenticationTokenException");
}

#[tokio::test]
async fn another_secret_gives_another_signature() {
    let server = start(closed()).await;
    let mut signer = Signer::new(&root(&server));
    signer.secret.push('x');
    let request = signer.sign(&post(START, "{}"));
    let text = "The request signature we calculated does not match";
    assert_refused(&server, &request, "InvalidSignatureException", text).await;
    let answer = server.say(&request).await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_changed_request_is_not_the_one_that_was_signed() {
    let server = start(closed()).await;
    let signed = Signer::new(&root(&server)).sign(&post(START, r#"{"a": 1}"#));
    for changed in [
        signed.replace("StartExecution", "TestState"),
        signed.replace(r#"{"a": 1}"#, r#"{"a": 2}"#),
        signed.replace("Host: localhost", "Host: localhosu"),
    ] {
        let text = "does not match";
        assert_refused(&server, &changed, "InvalidSignatureException", text).await;
    }
}

#[tokio::test]
async fn a_target_that_is_not_signed_is_refused() {
    let server = start(closed()).await;
    let mut signer = Signer::new(&root(&server));
    signer.unsigned = vec!["x-amz-target"];
    let request = signer.sign(&post(START, "{}"));
    let text = "'x-amz-target' must be a 'SignedHeader'";
    assert_refused(&server, &request, "InvalidSignatureException", text).await;
    for unsigned in ["host", "x-amz-date"] {
        signer.unsigned = vec![unsigned];
        let request = signer.sign(&post(START, "{}"));
        assert_refused(&server, &request, "InvalidSignatureException", unsigned).await;
    }
}

#[tokio::test]
async fn a_signature_counts_for_a_quarter_of_an_hour_before_and_after() {
    let server = start(closed()).await;
    let mut signer = Signer::new(&root(&server));
    let now = signer.at_s;
    for offset_s in [-850, 890] {
        signer.at_s = now + offset_s;
        assert_eq!(
            server.say(&signer.sign(&post(START, "{}"))).await.status,
            200
        );
    }
    for (offset_s, text) in [
        (-910, "Signature expired: "),
        (960, "Signature not yet current: "),
        (-86_400 * 365, "Signature expired: "),
    ] {
        signer.at_s = now + offset_s;
        let request = signer.sign(&post(START, "{}"));
        assert_refused(&server, &request, "InvalidSignatureException", text).await;
    }
}

#[tokio::test]
async fn a_signature_is_for_one_service() {
    let server = start(closed()).await;
    let mut signer = Signer::new(&root(&server));
    signer.service = "sqs".into();
    let request = signer.sign(&post(START, "{}"));
    let text = "Credential should be scoped to correct service: 'states'";
    assert_refused(&server, &request, "InvalidSignatureException", text).await;
    assert_eq!(
        server
            .say(&signer.sign(&post("AmazonSQS.SendMessage", "{}")))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_key_that_is_not_there_is_not_recognised() {
    let server = start(closed()).await;
    let text = "The security token included in the request is invalid.";
    let code = "UnrecognizedClientException";
    let signer = Signer::new(&root(&server));
    for id in [
        "AKIAAAAAAAAAAAAAAAAA",
        "../../../../etc/passwd",
        "a",
        "%2e%2e",
    ] {
        let mut other = signer.clone();
        other.id = id.into();
        let request = other.sign(&post(START, "{}"));
        let answer = server.say(&request).await;
        let is_scope = id.contains('/');
        let expected = if is_scope {
            "IncompleteSignatureException"
        } else {
            code
        };
        assert_eq!(answer.code(), expected, "{id}");
    }
    let token = post(START, "{}").replace("Host", "X-Amz-Security-Token: abc\r\nHost");
    assert_refused(&server, &signer.sign(&token), code, text).await;
}

#[tokio::test]
async fn a_key_that_was_disabled_deleted_or_replaced_is_refused_at_once() {
    let server = start(closed()).await;
    let mut key = Arc::unwrap_or_clone(root(&server));
    let request = Signer::new(&key).sign(&post(START, "{}"));
    let code = "UnrecognizedClientException";
    assert_eq!(server.say(&request).await.status, 200);
    key.disabled = true;
    server.keys.save(&key).unwrap();
    assert_eq!(server.say(&request).await.code(), code);
    key.disabled = false;
    server.keys.save(&key).unwrap();
    assert_eq!(server.say(&request).await.status, 200);
    key.secret = root(&server).secret.clone();
    server.keys.save(&key).unwrap();
    assert_eq!(
        server.say(&request).await.code(),
        "InvalidSignatureException"
    );
    server.keys.delete(&key.id).unwrap();
    assert_eq!(server.say(&request).await.code(), code);
}

#[tokio::test]
async fn what_no_statement_allows_is_denied() {
    let server = start(closed()).await;
    let may = |statements| Signer::new(&key(&server, statements));
    let start = post(START, &format!(r#"{{"stateMachineArn": "{ORDERS}"}}"#));
    let denied = server.say(&may(vec![]).sign(&start)).await;
    assert_eq!(
        (denied.status, denied.code()),
        (400, "AccessDeniedException".into())
    );
    assert_eq!(
        denied.message(),
        format!(
            "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: \
             states:StartExecution on resource: {ORDERS} because no identity-based policy allows \
             the states:StartExecution action"
        )
    );
    let allowed = may(vec![statement(
        Effect::Allow,
        "states:StartExecution",
        ORDERS,
    )]);
    assert_eq!(server.say(&allowed.sign(&start)).await.status, 200);
    let other = start.replace(":orders", ":others");
    assert_eq!(
        server.say(&allowed.sign(&other)).await.code(),
        "AccessDeniedException"
    );
    let another = post("AWSStepFunctions.TestState", "{}");
    assert_eq!(
        server.say(&allowed.sign(&another)).await.code(),
        "AccessDeniedException"
    );
    // Whoever may not ask is not told what is wrong with the question.
    let hostile = post(START, r#"{"stateMachineArn": [1]}"#);
    assert_eq!(
        server.say(&allowed.sign(&hostile)).await.code(),
        "AccessDeniedException"
    );
}

#[tokio::test]
async fn what_a_statement_denies_is_denied_whatever_another_allows() {
    let server = start(closed()).await;
    let key = key(
        &server,
        vec![
            statement(Effect::Allow, "*", "*"),
            statement(Effect::Deny, "states:StartExecution", ORDERS),
        ],
    );
    let signer = Signer::new(&key);
    let start = post(START, &format!(r#"{{"stateMachineArn": "{ORDERS}"}}"#));
    let denied = server.say(&signer.sign(&start)).await;
    let text = denied.message();
    assert!(
        text.ends_with("with an explicit deny in an identity-based policy"),
        "{text}"
    );
    let other = start.replace(":orders", ":others");
    assert_eq!(server.say(&signer.sign(&other)).await.status, 200);
}

#[tokio::test]
async fn a_batch_needs_the_permission_of_its_entries() {
    let server = start(closed()).await;
    let key = key(
        &server,
        vec![statement(Effect::Allow, "sqs:SendMessage", "*")],
    );
    let mut signer = Signer::new(&key);
    signer.service = "sqs".into();
    let batch = signer.sign(&post("AmazonSQS.SendMessageBatch", "{}"));
    assert_eq!(server.say(&batch).await.status, 200);
}

#[tokio::test]
async fn a_key_that_asks_too_fast_is_throttled_and_others_are_not() {
    let mut config = closed();
    config.limits.rates.start = Rate {
        burst: 2,
        per_second: 0,
    };
    let server = start(config).await;
    let signer = Signer::new(&root(&server));
    let request = signer.sign(&post(START, "{}"));
    assert_eq!(server.say(&request).await.status, 200);
    assert_eq!(server.say(&request).await.status, 200);
    let answer = server.say(&request).await;
    assert_eq!(
        (answer.status, answer.code()),
        (400, "ThrottlingException".into())
    );
    assert_eq!(answer.message(), "Rate exceeded");
    let other = signer.sign(&post("AWSStepFunctions.TestState", "{}"));
    assert_eq!(server.say(&other).await.status, 200);
    let others = Signer::new(&root(&server)).sign(&post(START, "{}"));
    assert_eq!(server.say(&others).await.status, 200);
}

#[tokio::test]
async fn without_authentication_all_share_one_rate() {
    let mut config = open();
    config.limits.rates.start = Rate {
        burst: 1,
        per_second: 0,
    };
    let server = start(config).await;
    assert_eq!(server.say(&post(START, "{}")).await.status, 200);
    assert_eq!(
        server.say(&post(START, "{}")).await.code(),
        "ThrottlingException"
    );
}

#[tokio::test]
async fn without_authentication_only_this_machine_is_served() {
    let folder = tempfile::TempDir::new().unwrap();
    let bind = |listen: &str, auth| {
        let config = Config {
            listen: listen.parse().unwrap(),
            auth,
            ..Config::default()
        };
        Server::bind(config, stage(&folder))
    };
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let refused = bind(address, Auth::Off).await.err().unwrap();
        assert!(matches!(refused, BindError::Exposed(_)), "{refused}");
    }
    assert!(bind("127.0.0.1:0", Auth::Off).await.is_ok());
    assert!(bind("0.0.0.0:0", Auth::Required).await.is_ok());
    let taken = bind("127.0.0.1:0", Auth::Required).await.unwrap();
    let again = bind(&taken.local_addr().to_string(), Auth::Required).await;
    assert!(matches!(again.err(), Some(BindError::Listen { .. })));
}

#[tokio::test]
async fn without_authentication_no_page_of_another_site_is_served() {
    let server = start(open()).await;
    let request = post(START, "{}");
    for other in [
        request.replace("Host: localhost", "Host: evil.example"),
        request.replace("Host", "Origin: http://evil.example\r\nHost"),
    ] {
        let answer = server.say(&other).await;
        assert_eq!(
            (answer.status, answer.code()),
            (403, "AccessDeniedException".into())
        );
    }
    // Who signs may call the server what they like.
    let server = start(closed()).await;
    let request = request.replace("localhost", "workflows.example");
    let signed = Signer::new(&root(&server)).sign(&request);
    assert_eq!(server.say(&signed).await.status, 200);
}
