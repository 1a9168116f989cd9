//! What the whole-system tests share: a runtime over scripted or real functions, and its outcome.

pub mod built;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use asl::StateMachine;
use engine::{Outcome, Status, Usage};
use expr::Data;
use runtime::{
    Clock, Config, HostFuture, Invocation, Message, MessageSink, Runtime, StartRequest, TaskHost,
    TaskReport,
};
use shard::FunctionFacts;
use store::MemoryStore;

/// Functions that are closures.
#[derive(Default)]
pub struct Scripted {
    functions: BTreeMap<Arc<str>, Function>,
}

type Function = Arc<dyn Fn(Invocation) -> HostFuture + Send + Sync>;

impl Scripted {
    /// Adds a function.
    #[must_use]
    pub fn with<F, O>(mut self, name: &str, function: F) -> Scripted
    where
        F: Fn(Invocation) -> O + Send + Sync + 'static,
        O: Future<Output = Result<Data, engine::ErrorOutput>> + Send + 'static,
    {
        let boxed = move |invocation: Invocation| -> HostFuture {
            let outcome = function(invocation);
            Box::pin(async move {
                TaskReport {
                    result: outcome.await,
                    usage: Usage::default(),
                    log: Vec::new(),
                    version: None,
                    log_tail: None,
                }
            })
        };
        self.functions.insert(name.into(), Arc::new(boxed));
        self
    }
}

impl TaskHost for Scripted {
    fn functions(&self) -> Arc<BTreeMap<Arc<str>, FunctionFacts>> {
        let sealed = FunctionFacts {
            is_sealed: true,
            is_idempotent: false,
        };
        let facts = self.functions.keys().map(|name| (name.clone(), sealed));
        Arc::new(facts.collect())
    }

    fn invoke(&self, function: &str, invocation: Invocation) -> Option<HostFuture> {
        Some(self.functions.get(function)?(invocation))
    }
}

/// Keeps the messages that executions send, and tells whoever waits for one.
#[derive(Default)]
pub struct Mailbox {
    messages: Mutex<Vec<Message>>,
    arrived: tokio::sync::Notify,
}

impl Mailbox {
    /// The next message.
    pub async fn next(&self) -> Message {
        loop {
            let arrived = self.arrived.notified();
            if let Some(message) = self.take() {
                return message;
            }
            arrived.await;
        }
    }

    fn take(&self) -> Option<Message> {
        let mut messages = self.messages.lock().unwrap_or_else(|e| e.into_inner());
        if messages.is_empty() {
            None
        } else {
            Some(messages.remove(0))
        }
    }
}

impl MessageSink for Mailbox {
    fn deliver(&self, message: Message) {
        self.messages
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .push(message);
        self.arrived.notify_one();
    }
}

/// A runtime with a seed, the memory store and the given clock.
pub fn runtime(host: Arc<dyn TaskHost>, clock: Clock, mailbox: Arc<Mailbox>) -> Runtime {
    let config = Config {
        seed: Some(7),
        // Branches have to overlap whatever the machine has.
        guest_threads: Some(2),
        ..Config::default()
    };
    match Runtime::new(
        config,
        Arc::new(MemoryStore::default()),
        host,
        clock,
        mailbox,
    ) {
        Ok(runtime) => runtime,
        Err(error) => unreachable!("no thread: {error}"),
    }
}

/// A definition that has to be valid.
pub fn machine(definition: &serde_json::Value) -> Arc<StateMachine> {
    let text = definition.to_string();
    let parsed = asl::parse(&text, source::Format::Json);
    match parsed.machine {
        Some(machine) => Arc::new(machine),
        None => unreachable!(
            "{}",
            source::render("definition", &text, &parsed.diagnostics, false)
        ),
    }
}

/// A request to run a definition with an input.
pub fn request(machine: &Arc<StateMachine>, name: &str, input: serde_json::Value) -> StartRequest {
    let mut request = StartRequest::new(machine.clone(), "tested", input.into());
    request.name = Some(name.to_owned());
    request
}

/// Status, and output or error name.
pub fn told(ended: Option<(Status, Outcome)>) -> (Status, serde_json::Value) {
    match ended {
        Some((status, Outcome::Output(output))) => (status, output.value().clone()),
        Some((status, Outcome::Error(error))) => (status, error.error.as_deref().into()),
        None => unreachable!("the runtime went away"),
    }
}

/// Builds tasks of this repository with the task builder and gives their components, in order.
pub fn components(tasks: &[&str]) -> Vec<Vec<u8>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let built = taskbuild::Builder::new(&root).and_then(|builder| {
        let crates: Result<Vec<_>, _> = tasks.iter().map(|task| builder.task(task)).collect();
        builder.build(&crates?, &mut |_| {})
    });
    match built {
        Ok(built) => built
            .iter()
            .map(|one| std::fs::read(&one.wasm).unwrap_or_default())
            .collect(),
        Err(error) => unreachable!("the tasks do not build: {error}"),
    }
}
