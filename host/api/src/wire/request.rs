//! One request, from its head to its answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::header::HOST;
use http::request::Parts;
use http::{HeaderValue, Method, Request};
use hyper::body::Incoming;
use runtime::Key;
use serde_json::Value;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::answer::{self, Answer};
use super::auth::Sender;
use super::backend::{Admitted, Backend};
use super::body::{Body, Room};
use super::config::{Auth, Config};
use super::route::{self, Refusal, Routed};
use super::sigv4::SigningKeys;
use super::throttle::Throttle;
use super::{auth, origin};
use crate::error::ApiError;
use crate::operation::{Operation, Reply};

/// What all requests share.
pub(super) struct Shared {
    pub(super) config: Config,
    pub(super) backend: Arc<dyn Backend>,
    pub(super) room: Room,
    pub(super) throttle: Throttle,
    pub(super) derived: SigningKeys,
    /// `127.0.0.1:8085`: for clients that do not say how they call the server.
    pub(super) address: String,
}

impl Shared {
    /// Answers a request. There always is an answer, and it always has an id.
    pub(super) async fn answer(self: Arc<Self>, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        if head.method == Method::GET && head.uri.path() == "/health" {
            return match self.backend.is_alive() {
                true => answer::text(200, "ok"),
                false => answer::text(503, "the store has stopped; start the server anew"),
            };
        }
        let request_id = Uuid::new_v4().to_string();
        let id_header = HeaderValue::from_str(&request_id);
        let answered = self.serve(head, body, request_id.into()).await;
        let mut answer = answered.unwrap_or_else(|refusal| refusal.form.failure(&refusal.error));
        if let Ok(value) = id_header {
            answer.headers_mut().insert("x-amzn-requestid", value);
        }
        answer
    }

    async fn serve(
        &self,
        head: Parts,
        mut body: Incoming,
        request_id: Arc<str>,
    ) -> Result<Answer, Refusal> {
        let (routed, sender) = match self.admit(&head) {
            Ok(admitted) => admitted,
            Err(refusal) => {
                self.room.discard(&mut body).await;
                return Err(refusal);
            }
        };
        let refuse = |error| routed.refuse(error);
        let name = routed.operation.name;
        let reading = self.room.read(&head, body, name, routed.body_bytes_max());
        let body = reading.await.map_err(refuse)?;
        let verified = sender.map(|sender| sender.verify(&head, &body.bytes, &self.derived));
        let caller = verified.transpose().map_err(refuse)?;
        self.check_rate(&routed, caller.as_deref())
            .map_err(refuse)?;
        let input = routed.input(&body.bytes)?;
        self.check_permission(&routed, caller.as_deref(), &input)
            .map_err(refuse)?;
        let admitted = Admitted {
            input,
            body: body.bytes.clone(),
            endpoint: self.endpoint(&head),
            headers: headers(&head),
            request_id,
        };
        let reply = self.run(&routed, admitted, body).await.map_err(refuse)?;
        Ok(routed.form().reply(reply))
    }

    /// What a request is for, and whose it says it is; `None` where nobody has to say.
    fn admit<'a>(&self, head: &'a Parts) -> Result<(Routed, Option<Sender<'a>>), Refusal> {
        let routed = route::route(self.backend.services(), head)?;
        let sender = match self.config.auth {
            Auth::Off => origin::check(&head.headers, &self.config.hosts).map(|()| None),
            Auth::Required => auth::claimed(&*self.backend, routed.service, head).map(Some),
        };
        match sender {
            Ok(sender) => Ok((routed, sender)),
            Err(error) => Err(routed.refuse(error)),
        }
    }

    fn check_rate(&self, routed: &Routed, caller: Option<&Key>) -> Result<(), ApiError> {
        let id = caller.map_or("", |key| key.id.as_str());
        let now = self.backend.clock().now();
        if self.throttle.admits(id, routed.operation.name, now) {
            Ok(())
        } else {
            Err(ApiError::throttled())
        }
    }

    fn check_permission(
        &self,
        routed: &Routed,
        caller: Option<&Key>,
        input: &Value,
    ) -> Result<(), ApiError> {
        let Some(key) = caller else {
            return Ok(());
        };
        let Routed {
            service, operation, ..
        } = routed;
        let resource = self.backend.resource(operation, input);
        auth::authorize(key, self.backend.place(), service, operation, &resource)
    }

    /// In a task of its own: what it does is done whether or not the client waits for it, and should
    /// it panic, only this request fails.
    async fn run(
        &self,
        routed: &Routed,
        admitted: Admitted,
        body: Body,
    ) -> Result<Reply, ApiError> {
        let running = self.backend.clone().run(routed.operation, admitted);
        let task = tokio::spawn(async move {
            let reply = running.await;
            // The body's place in the room is free only now.
            drop(body);
            reply
        });
        let mut guarded = Guarded {
            ends_with_its_client: is_long_poll(routed.operation),
            task,
        };
        let ended = (&mut guarded.task).await;
        ended.unwrap_or_else(|_panicked| Err(ApiError::internal("The operation failed.")))
    }

    /// How the client calls the server.
    fn endpoint(&self, head: &Parts) -> String {
        let host = head.headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = host.filter(|host| is_host(host)).unwrap_or(&self.address);
        format!("http://{host}")
    }
}

/// A task that waits for something on behalf of a client ends when the client is gone, so that it takes
/// nothing that nobody gets.
struct Guarded {
    task: JoinHandle<Result<Reply, ApiError>>,
    ends_with_its_client: bool,
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if self.ends_with_its_client {
            self.task.abort();
        }
    }
}

fn is_long_poll(operation: &Operation) -> bool {
    matches!(operation.name, "GetActivityTask" | "ReceiveMessage")
}

fn is_host(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    !text.is_empty() && text.bytes().all(fits)
}

/// By lower-case name, the last of each; what is no text is left out.
fn headers(head: &Parts) -> BTreeMap<String, String> {
    let texts = head.headers.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    texts.collect()
}
