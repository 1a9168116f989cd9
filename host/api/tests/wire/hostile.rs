//! Requests as they are not meant to be: each gets its error, and the server lives and answers the next.

use crate::harness::{Running, open, post, rest, start, within};

const START: &str = "AWSStepFunctions.StartExecution";

async fn assert_refused(server: &Running, request: &str, status: u16, code: &str) {
    let answer = server.say(request).await;
    let told = (answer.status, answer.code());
    assert_eq!(told, (status, code.to_owned()), "{answer:?}");
    assert_eq!(answer.header("x-amzn-requestid").map(str::len), Some(36));
    server.assert_lives().await;
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_a_serialization_error() {
    let server = start(open()).await;
    let deep = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    for body in [
        "garbage".to_owned(),
        "{".to_owned(),
        "{}{}".to_owned(),
        "[]".to_owned(),
        "\"text\"".to_owned(),
        "{\"a\": \"\u{0}\"}".to_owned(),
        "{\"a\": \"\\ud800\"}".to_owned(),
        deep(10_000),
        "[".repeat(1_000_000),
        deep(127),
    ] {
        assert_refused(&server, &post(START, &body), 400, "SerializationException").await;
    }
    assert_eq!(server.say(&post(START, &deep(126))).await.status, 200);
    assert_eq!(server.say(&post(START, "")).await.status, 200);
    let create = rest("POST", "/2015-03-31/functions", "garbage");
    assert_refused(&server, &create, 400, "SerializationException").await;
}

#[tokio::test]
async fn what_is_no_operation_is_an_unknown_one() {
    let server = start(open()).await;
    let known = post(START, "{}");
    let form = "Content-Type: application/x-www-form-urlencoded";
    for (request, status) in [
        (post("AWSStepFunctions.NoSuchThing", "{}"), 400),
        (post("AWSStepFunctions.", "{}"), 400),
        (post("AWSStepFunctions", "{}"), 400),
        (post("DynamoDB_20120810.GetItem", "{}"), 400),
        (post("", "{}"), 400),
        (
            post(&format!("{START}\r\nX-Amz-Target: {START}"), "{}"),
            400,
        ),
        (
            known.replace("application/x-amz-json-1.0", "application/json"),
            404,
        ),
        (
            known.replace("Content-Type: application/x-amz-json-1.0", form),
            404,
        ),
        (
            known.replace("Content-Type: application/x-amz-json-1.0\r\n", ""),
            404,
        ),
        (known.replace("POST /", "GET /"), 404),
        (known.replace("POST / ", "POST /other "), 404),
        (
            known.replace(&format!("X-Amz-Target: {START}\r\n"), ""),
            404,
        ),
        (rest("GET", "/", ""), 404),
        (rest("OPTIONS", "*", ""), 404),
        (rest("PATCH", "/2015-03-31/functions", ""), 404),
    ] {
        assert_refused(&server, &request, status, "UnknownOperationException").await;
    }
    for media in [
        "application/x-amz-json-1.1",
        "Application/X-Amz-Json-1.0; charset=utf-8",
    ] {
        let request = known.replace("application/x-amz-json-1.0", media);
        assert_eq!(server.say(&request).await.status, 200, "{media}");
    }
}

#[tokio::test]
async fn the_scope_says_in_which_form_an_unknown_path_is_refused() {
    let server = start(open()).await;
    let scope =
        "Authorization: AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/lambda/aws4_request\r\n";
    let request = rest("GET", "/nowhere", "").replace("Host", &format!("{scope}Host"));
    let answer = server.say(&request).await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(
        answer.header("x-amzn-errortype"),
        Some("UnknownOperationException")
    );
}

#[tokio::test]
async fn the_query_protocol_is_refused_in_xml() {
    let server = start(open()).await;
    let form = "Content-Type: application/x-www-form-urlencoded\r\nHost";
    let request = rest("POST", "/", "Action=ListQueues").replace("Host", form);
    let answer = server.say(&request).await;
    assert_eq!(answer.status, 400);
    let text = String::from_utf8(answer.body).unwrap();
    assert!(text.contains("<Code>InvalidAction</Code>"), "{text}");
    server.assert_lives().await;
}

#[tokio::test]
async fn path_and_query_have_to_be_utf8() {
    let server = start(open()).await;
    for path in [
        "/2015-03-31/functions/%ff",
        "/2015-03-31/functions/f?Qualifier=%c3%28",
    ] {
        assert_refused(
            &server,
            &rest("GET", path, ""),
            400,
            "SerializationException",
        )
        .await;
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused_whether_or_not_it_says_how_long_it_is() {
    let server = start(open()).await;
    let limit = api::limits::BODY_BYTES_MAX;
    let fitting = format!("{{\"a\":\"{}\"}}", "x".repeat(limit - 8));
    assert_eq!(fitting.len(), limit);
    assert_eq!(server.say(&post(START, &fitting)).await.status, 200);
    let too_long = format!("{fitting} ");
    let code = "RequestEntityTooLargeException";
    assert_refused(&server, &post(START, &too_long), 413, code).await;
    let chunked = |body: &str| {
        let head = post(START, "").replace("Content-Length: 0", "Transfer-Encoding: chunked");
        format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
    };
    assert_eq!(server.say(&chunked(&fitting)).await.status, 200);
    assert_refused(&server, &chunked(&too_long), 413, code).await;
    // A length that is only told: nothing is read, let alone reserved.
    let told = post(START, "").replace("Length: 0", "Length: 18446744073709551615");
    let mut client = server.connect().await;
    client.say(told.as_bytes()).await;
    client.half_close().await;
    let answer = client.answer().await;
    assert!(answer.is_none_or(|answer| answer.status >= 400));
    server.assert_lives().await;
}

#[tokio::test]
async fn a_function_may_be_longer_than_what_else_is_said() {
    let server = start(open()).await;
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(api::limits::BODY_BYTES_MAX));
    let create = rest("POST", "/2015-03-31/functions", &body);
    assert_eq!(server.say(&create).await.status, 200);
}

#[tokio::test]
async fn a_head_that_comes_too_slowly_ends_the_connection() {
    let mut config = open();
    config.limits.head_wait_ms = 50;
    let server = start(config).await;
    for start in ["", "POST / HTTP/1.1\r\nHost: local"] {
        let mut client = server.connect().await;
        client.say(start.as_bytes()).await;
        client.assert_closed().await;
        server.assert_lives().await;
    }
    let mut idle = server.connect().await;
    idle.say(post(START, "{}").as_bytes()).await;
    assert_eq!(idle.answer().await.unwrap().status, 200);
    idle.assert_closed().await;
}

#[tokio::test]
async fn a_body_that_comes_too_slowly_is_not_waited_for() {
    let mut config = open();
    config.limits.body_wait_ms = 50;
    let server = start(config).await;
    let mut client = server.connect().await;
    client
        .say(post(START, "").replace("Length: 0", "Length: 9").as_bytes())
        .await;
    let answer = client.answer().await.unwrap();
    assert_eq!(
        (answer.status, answer.code()),
        (408, "RequestTimeoutException".into())
    );
    server.assert_lives().await;
}

#[tokio::test]
async fn an_answer_that_nobody_reads_ends_the_connection() {
    let mut config = open();
    config.limits.write_wait_ms = 50;
    config.limits.connections_max = 1;
    let server = start(config).await;
    let mut deaf = server.connect().await;
    deaf.say(post("AWSStepFunctions.Huge", "{}").as_bytes())
        .await;
    // Its place is free once it is given up.
    within(async { while server.status_of(&post(START, "{}")).await != Some(200) {} }).await;
    drop(deaf);
}

#[tokio::test]
async fn a_half_closed_connection_does_no_harm() {
    let server = start(open()).await;
    let whole = post(START, r#"{"a": 1}"#);
    for length in [0, 1, 20, whole.len() - 3, whole.len()] {
        let mut client = server.connect().await;
        client.say(&whole.as_bytes()[..length]).await;
        client.half_close().await;
        // It is answered or closed; it is not left hanging.
        let answer = client.answer().await;
        assert!(answer.is_none_or(|answer| matches!(answer.status, 200 | 400)));
        server.assert_lives().await;
    }
}

#[tokio::test]
async fn requests_in_one_go_are_answered_in_their_order() {
    let server = start(open()).await;
    let mut client = server.connect().await;
    let bad = post("AWSStepFunctions.Nothing", "{}");
    let requests = [post(START, r#"{"n": 1}"#), bad, post(START, r#"{"n": 2}"#)];
    client.say(requests.concat().as_bytes()).await;
    assert_eq!(client.answer().await.unwrap().json()["input"]["n"], 1);
    assert_eq!(
        client.answer().await.unwrap().code(),
        "UnknownOperationException"
    );
    assert_eq!(client.answer().await.unwrap().json()["input"]["n"], 2);
}

#[tokio::test]
async fn a_flood_of_headers_is_refused() {
    let server = start(open()).await;
    let with = |more: String| post(START, "{}").replace("Host", &format!("{more}Host"));
    let many = |count: usize| {
        (0..count)
            .map(|n| format!("X-{n}: 1\r\n"))
            .collect::<String>()
    };
    // Four of them are the request's own.
    assert_eq!(
        server
            .say(&with(many(api::limits::HEADERS_MAX - 4)))
            .await
            .status,
        200
    );
    assert_eq!(
        server
            .say(&with(many(api::limits::HEADERS_MAX - 3)))
            .await
            .status,
        431
    );
    let long = |bytes: usize| format!("X: {}\r\n", "x".repeat(bytes));
    let limit = api::limits::HEAD_BYTES_MAX;
    assert_eq!(server.say(&with(long(limit - 1_000))).await.status, 200);
    assert_eq!(server.say(&with(long(limit))).await.status, 431);
    server.assert_lives().await;
}

#[tokio::test]
async fn what_is_no_http_is_refused() {
    let server = start(open()).await;
    for bytes in [
        "\u{16}\u{3}\u{1}",
        "hello\r\n\r\n",
        "POST / HTTP/9.9\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut client = server.connect().await;
        client.say(bytes.as_bytes()).await;
        client.half_close().await;
        let answer = client.answer().await;
        assert!(
            answer.is_none_or(|answer| answer.status >= 400),
            "{bytes:?}"
        );
        server.assert_lives().await;
    }
    let both = post(START, "{}").replace("Host", "Transfer-Encoding: chunked\r\nHost");
    let mut client = server.connect().await;
    client.say(both.as_bytes()).await;
    client.half_close().await;
    let answer = client.answer().await;
    assert!(
        answer.is_none_or(|answer| answer.status >= 400),
        "a smuggler's request"
    );
    server.assert_lives().await;
}

#[tokio::test]
async fn one_connection_more_than_the_limit_is_turned_away() {
    let mut config = open();
    config.limits.connections_max = 2;
    let server = start(config).await;
    let mut first = server.connect().await;
    first.say(post(START, "{}").as_bytes()).await;
    assert_eq!(first.answer().await.unwrap().status, 200);
    let mut second = server.connect().await;
    second.say(post(START, "{}").as_bytes()).await;
    assert_eq!(second.answer().await.unwrap().status, 200);
    let third = server.status_of(&post(START, "{}")).await;
    assert!(matches!(third, None | Some(503)), "{third:?}");
    drop(first);
    within(async { while server.status_of(&post(START, "{}")).await != Some(200) {} }).await;
}

#[tokio::test]
async fn bodies_that_have_no_room_wait_for_it() {
    let mut config = open();
    config.limits.bodies_bytes_max = 4_096;
    config.limits.body_wait_ms = 100;
    let server = start(config).await;
    let body = format!("{{\"a\":\"{}\"}}", "x".repeat(3_000));
    let mut first = server.connect().await;
    first
        .say(post("AWSStepFunctions.GetActivityTask", &body).as_bytes())
        .await;
    within(server.stage.waiting.notified()).await;
    let answer = server.say(&post(START, &body)).await;
    assert_eq!(
        (answer.status, answer.code()),
        (503, "ServiceUnavailableException".into())
    );
    assert_eq!(server.say(&post(START, "{}")).await.status, 200);
    server.stage.go_on.notify_one();
    assert_eq!(first.answer().await.unwrap().status, 200);
    assert_eq!(server.say(&post(START, &body)).await.status, 200);
}

#[tokio::test]
async fn an_operation_that_panics_fails_alone() {
    let server = start(open()).await;
    let request = post("AWSStepFunctions.Panic", "{}");
    assert_refused(&server, &request, 500, "InternalServerError").await;
}

#[tokio::test]
async fn a_poll_ends_with_its_client() {
    let server = start(open()).await;
    let mut client = server.connect().await;
    client
        .say(post("AWSStepFunctions.GetActivityTask", "{}").as_bytes())
        .await;
    within(server.stage.waiting.notified()).await;
    drop(client);
    within(server.stage.dropped.notified()).await;
    server.assert_lives().await;
}

#[tokio::test]
async fn a_server_that_stops_answers_what_is_under_way() {
    let mut server = start(open()).await;
    let mut client = server.connect().await;
    client
        .say(post("AWSStepFunctions.GetActivityTask", "{}").as_bytes())
        .await;
    within(server.stage.waiting.notified()).await;
    let mut idle = server.connect().await;
    server.stop();
    idle.assert_closed().await;
    server.stage.go_on.notify_one();
    assert_eq!(client.answer().await.unwrap().status, 200);
    client.assert_closed().await;
    let address = server.address;
    server.stopped().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_server_that_stops_waits_no_longer_than_its_limit() {
    let mut config = open();
    config.limits.drain_ms = 50;
    let mut server = start(config).await;
    let mut client = server.connect().await;
    client
        .say(post("AWSStepFunctions.GetActivityTask", "{}").as_bytes())
        .await;
    within(server.stage.waiting.notified()).await;
    server.stop();
    let stage = server.stage.clone();
    within(server.stopped()).await;
    assert!(client.answer().await.is_none());
    within(stage.dropped.notified()).await;
}
