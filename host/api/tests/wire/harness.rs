//! A server on loopback whose operations only show what reached them, and a client that says exactly
//! the bytes it is told to.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use api::error::ApiError;
use api::operation::{CallFuture, Operation, Protocol, Reply, Service};
use api::wire::sigv4::{Moment, SigningKey, canonical_request};
use api::wire::{Admitted, Auth, Backend, Config, Server};
use runtime::{Clock, Key, Keys, Place};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// Longer than anything here takes; a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(20);

const fn operation(name: &'static str, route: Option<&'static str>) -> Operation {
    Operation {
        name,
        route,
        resource: |_, _| String::from("*"),
        run: |_| Box::pin(async { Ok(Reply::empty()) }),
    }
}

/// The services of the tests.
pub(crate) const SERVICES: &[Service] = &[
    Service {
        name: "states",
        protocol: Protocol::AwsJson {
            target_prefix: "AWSStepFunctions",
            version: "1.0",
        },
        operations: &[
            operation("StartExecution", None),
            operation("TestState", None),
            operation("Fail", None),
            operation("Panic", None),
            operation("Huge", None),
            operation("GetActivityTask", None),
        ],
    },
    Service {
        name: "lambda",
        protocol: Protocol::RestJson,
        operations: &[
            operation("CreateFunction", Some("POST /2015-03-31/functions")),
            operation("ListFunctions", Some("GET /2015-03-31/functions")),
            operation(
                "GetFunction",
                Some("GET /2015-03-31/functions/{FunctionName}"),
            ),
            operation("Fail", Some("DELETE /2015-03-31/functions/{FunctionName}")),
            operation(
                "Invoke",
                Some("POST /2015-03-31/functions/{FunctionName}/invocations"),
            ),
        ],
    },
    Service {
        name: "sqs",
        protocol: Protocol::AwsJson {
            target_prefix: "AmazonSQS",
            version: "1.0",
        },
        operations: &[
            operation("SendMessage", None),
            operation("SendMessageBatch", None),
        ],
    },
    Service {
        name: "logs",
        protocol: Protocol::AwsJson {
            target_prefix: "Logs_20140328",
            version: "1.1",
        },
        operations: &[operation("DescribeLogGroups", None)],
    },
];

/// Runs the operations of the tests.
pub(crate) struct Stage {
    clock: Clock,
    keys: Keys,
    place: Place,
    /// An operation waits.
    pub(crate) waiting: Arc<Notify>,
    /// What waits may go on.
    pub(crate) go_on: Arc<Notify>,
    /// What waited was cut off.
    pub(crate) dropped: Arc<Notify>,
}

impl Backend for Stage {
    fn services(&self) -> &'static [Service] {
        SERVICES
    }

    fn clock(&self) -> &Clock {
        &self.clock
    }

    fn keys(&self) -> &Keys {
        &self.keys
    }

    fn place(&self) -> &Place {
        &self.place
    }

    fn resource(&self, _operation: &'static Operation, input: &Value) -> String {
        let named = input["stateMachineArn"].as_str();
        named.unwrap_or("*").to_owned()
    }

    fn run(self: Arc<Self>, operation: &'static Operation, request: Admitted) -> CallFuture {
        Box::pin(async move {
            match operation.name {
                "Fail" => Err(ApiError::new("QueueDoesNotExist", "It is not there.")
                    .with("reason", "GONE")
                    .with("@query", "AWS.SimpleQueueService.NonExistentQueue;Sender")),
                "Panic" => panic!("as the test wants it"),
                "Huge" => Ok(json!({ "text": "x".repeat(64 * 1_048_576) }).into()),
                "GetActivityTask" => {
                    let _told = TellWhenDropped(self.dropped.clone());
                    self.waiting.notify_one();
                    self.go_on.notified().await;
                    Ok(json!({ "taskToken": "token" }).into())
                }
                "Invoke" => Ok(Reply::Raw {
                    status: 202,
                    headers: vec![("X-Amz-Executed-Version", "7".into())],
                    body: request.body,
                }),
                name => Ok(json!({
                    "operation": name,
                    "input": request.input,
                    "endpoint": request.endpoint,
                })
                .into()),
            }
        })
    }
}

struct TellWhenDropped(Arc<Notify>);

impl Drop for TellWhenDropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

/// A running server. It is stopped with the test's runtime.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) stage: Arc<Stage>,
    pub(crate) keys: Keys,
    _folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
}

/// Without authentication, and otherwise as by default.
pub(crate) fn open() -> Config {
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        auth: Auth::Off,
        ..Config::default()
    }
}

/// The stage of a test.
pub(crate) fn stage(folder: &TempDir) -> Arc<Stage> {
    Arc::new(Stage {
        clock: Clock::real(),
        keys: Keys::new(folder.path().join("keys")),
        place: Place::default(),
        waiting: Arc::default(),
        go_on: Arc::default(),
        dropped: Arc::default(),
    })
}

/// Starts a server.
pub(crate) async fn start(config: Config) -> Running {
    let folder = TempDir::new().unwrap();
    let stage = stage(&folder);
    let server = Server::bind(config, stage.clone()).await.unwrap();
    let address = server.local_addr();
    let (stop, stopped) = oneshot::channel();
    let served = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    Running {
        address,
        keys: stage.keys.clone(),
        stage,
        _folder: folder,
        stop: Some(stop),
        served,
    }
}

impl Running {
    /// A connection.
    pub(crate) async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Says this on a connection of its own and reads the answer.
    pub(crate) async fn say(&self, request: &str) -> Answer {
        let mut client = self.connect().await;
        client.say(request.as_bytes()).await;
        client.answer().await.expect("an answer")
    }

    /// The status of the answer to this; `None` when there was none.
    pub(crate) async fn status_of(&self, request: &str) -> Option<u16> {
        let mut client = self.connect().await;
        client.say(request.as_bytes()).await;
        client.answer().await.map(|answer| answer.status)
    }

    /// That the server still answers.
    pub(crate) async fn assert_lives(&self) {
        let answer = self
            .say(&post("AWSStepFunctions.StartExecution", "{}"))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Tells the server to stop.
    pub(crate) fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    /// When the server has stopped.
    pub(crate) async fn stopped(self) {
        within(self.served).await.unwrap();
    }
}

/// An end of a connection.
pub(crate) struct Client(TcpStream);

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value, by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1);
        let mut pairs = lines.filter_map(|line| line.split_once(": "));
        pairs
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The error's code, as SDKs find it.
    pub(crate) fn code(&self) -> String {
        let header = self.header("x-amzn-errortype").map(str::to_owned);
        header.unwrap_or_else(|| {
            self.json()["__type"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        })
    }

    /// The error's text.
    pub(crate) fn message(&self) -> String {
        self.json()["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

impl Client {
    /// Sends bytes; that nobody takes them any more is no failure.
    pub(crate) async fn say(&mut self, bytes: &[u8]) {
        let _ = within(self.0.write_all(bytes)).await;
    }

    /// Sends no more, and still listens.
    pub(crate) async fn half_close(&mut self) {
        let _ = within(self.0.shutdown()).await;
    }

    /// The next answer; `None` when the connection ended before it.
    pub(crate) async fn answer(&mut self) -> Option<Answer> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(within(self.0.read_u8()).await.ok()?);
        }
        let head = String::from_utf8(head).unwrap();
        let status = head.split(' ').nth(1)?.parse().ok()?;
        let mut answer = Answer {
            status,
            head,
            body: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .map_or(0, |text| text.parse().unwrap());
        answer.body = vec![0; length];
        within(self.0.read_exact(&mut answer.body)).await.ok()?;
        Some(answer)
    }

    /// That the server has closed the connection.
    pub(crate) async fn assert_closed(&mut self) {
        let mut rest = Vec::new();
        let _ = within(self.0.read_to_end(&mut rest)).await;
        assert_eq!(String::from_utf8_lossy(&rest), "");
    }
}

/// Whatever it is, it takes no longer than our patience.
pub(crate) async fn within<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future)
        .await
        .expect("in time")
}

/// A request of the JSON protocol.
pub(crate) fn post(target: &str, body: &str) -> String {
    format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: {target}\r\n\
         Content-Type: application/x-amz-json-1.0\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A REST request.
pub(crate) fn rest(method: &str, path: &str, body: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Signs requests, as AWS's clients do.
#[derive(Clone)]
pub(crate) struct Signer {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) service: String,
    /// When it signs (seconds since 1970).
    pub(crate) at_s: i64,
    /// Headers that it leaves out.
    pub(crate) unsigned: Vec<&'static str>,
}

impl Signer {
    /// With this key, for Step Functions, now.
    pub(crate) fn new(key: &Key) -> Signer {
        Signer {
            id: key.id.to_string(),
            secret: key.secret.reveal().to_owned(),
            service: "states".into(),
            at_s: Clock::real().now().0 / 1_000_000,
            unsigned: Vec::new(),
        }
    }

    /// The request with its signature.
    pub(crate) fn sign(&self, request: &str) -> String {
        let at = Moment::of_seconds(self.at_s);
        let (line, rest) = request.split_once("\r\n").unwrap();
        let rest = format!("X-Amz-Date: {}\r\n{rest}", at.as_str());
        let (head, body) = rest.split_once("\r\n\r\n").unwrap();
        let mut names: Vec<String> = head
            .lines()
            .map(|line| line.split(':').next().unwrap().to_ascii_lowercase())
            .filter(|name| !self.unsigned.contains(&name.as_str()) && name != "content-length")
            .collect();
        names.sort();
        names.dedup();
        let authorization = |signature: &str| {
            let (id, date, service) = (&self.id, at.date(), &self.service);
            format!(
                "AWS4-HMAC-SHA256 Credential={id}/{date}/eu-north-1/{service}/aws4_request, \
                 SignedHeaders={}, Signature={signature}",
                names.join(";")
            )
        };
        let mut words = line.split(' ');
        let mut parts = http::Request::builder()
            .method(words.next().unwrap())
            .uri(words.next().unwrap())
            .header("authorization", authorization("none"));
        for line in head.lines() {
            let (name, value) = line.split_once(": ").unwrap();
            parts = parts.header(name, value);
        }
        let parts = parts.body(()).unwrap().into_parts().0;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let hash = hex(&Sha256::digest(body));
        let canonical = canonical_request(&parts, &names, &hash).unwrap_or_default();
        let scope = [at.date(), "eu-north-1", &*self.service, "aws4_request"].join("/");
        let hash = hex(&Sha256::digest(&canonical));
        let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{hash}", at.as_str());
        let key = SigningKey::derive(&self.secret, at.date(), "eu-north-1", &self.service);
        let signature = key.sign(text.as_bytes());
        let authorization = authorization(&signature);
        format!("{line}\r\nAuthorization: {authorization}\r\n{rest}")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
