//! The runtime as its users see it: start, answer, stop, watch.

mod test_state;

use std::sync::Arc;

use engine::{ErrorOutput, Event, ExecutionArn, Header, TokenKey, Workflow};
use expr::{Data, Entropy};
use shard::{Answer, Callback, Input, Pinned, Shard, StartExecution};
use store::Store;

use crate::clock::Clock;
use crate::committer::{self, Queue};
use crate::host::TaskHost;
use crate::lock::locked;
use crate::message::MessageSink;
use crate::request::{CallbackError, StartError, StartRequest, Started, StopError};
use crate::shell::Shell;
use crate::timer::{self, Alarm};

/// How a runtime works.
#[derive(Clone, Debug)]
pub struct Config {
    /// Region in ARNs.
    pub region: String,
    /// Account id in ARNs, 12 digits.
    pub account: String,
    /// Role shown in histories.
    pub role_arn: String,
    /// Guest threads; `None`: one for each core.
    pub guest_threads: Option<usize>,
    /// Whether sealed tasks run ahead of the commit (DESIGN D3).
    pub run_ahead: bool,
    /// Seed of ids, jitter and random functions; `None`: from the operating system.
    pub seed: Option<u64>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            region: String::from("us-east-1"),
            account: String::from("123456789012"),
            role_arn: String::from("arn:aws:iam::123456789012:role/stepwell"),
            guest_threads: None,
            run_ahead: true,
            seed: None,
        }
    }
}

/// Runs executions. A clone is the same runtime; it is shut down when the last one is dropped.
#[derive(Clone)]
pub struct Runtime(Arc<Owned>);

struct Owned {
    config: Config,
    shell: Arc<Shell>,
    tokens: TokenKey,
    ids: std::sync::Mutex<Entropy>,
    guests: std::sync::Mutex<Option<tokio::runtime::Runtime>>,
}

impl Runtime {
    /// Starts the committer, the timer and the guest threads.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn new(
        config: Config,
        store: Arc<dyn Store>,
        host: Arc<dyn TaskHost>,
        clock: Clock,
        messages: Arc<dyn MessageSink>,
    ) -> std::io::Result<Runtime> {
        let mut ids = Entropy::from_seed(config.seed.unwrap_or_else(seed_from_system));
        let tokens = TokenKey::new(match config.seed {
            Some(_) => derived(&mut ids),
            None => secret_from_system(),
        });
        let mut shard = shard::Config::new(ids.next_u64(), tokens.clone());
        shard.run_ahead = config.run_ahead;
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        if let Some(threads) = config.guest_threads {
            builder.worker_threads(threads.max(1));
        }
        let guests = builder.thread_name("guest").enable_all().build()?;
        let commits = Arc::new(Queue::default());
        let alarm = Arc::new(Alarm::default());
        let shell = Arc::new(Shell::new(
            Shard::new(shard),
            clock.clone(),
            store.clone(),
            host,
            messages,
            commits.clone(),
            alarm.clone(),
            guests.handle().clone(),
        ));
        committer::start(commits, store, Arc::downgrade(&shell))?;
        timer::start(alarm, clock, Arc::downgrade(&shell))?;
        Ok(Runtime(Arc::new(Owned {
            config,
            shell,
            tokens,
            ids: std::sync::Mutex::new(ids),
            guests: std::sync::Mutex::new(Some(guests)),
        })))
    }

    /// StartExecution. When it returns, the start is durable.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(&self, request: StartRequest) -> Result<Started, StartError> {
        let bytes = request.input.len_bytes();
        if bytes > engine::limits::PAYLOAD_BYTES_MAX {
            let limit_bytes = engine::limits::PAYLOAD_BYTES_MAX;
            return Err(StartError::InputTooLarge { bytes, limit_bytes });
        }
        let header = self.header(&request);
        let arn = header.arn.clone();
        let shell = &self.0.shell;
        let watch = shell.watch(&arn);
        let pinned = Arc::new(Pinned {
            machine: request.machine.clone(),
            functions: shell.host.functions(),
        });
        let answer = shell
            .ask(|reply| {
                Input::Start(Box::new(StartExecution {
                    header,
                    pinned,
                    reply,
                }))
            })
            .await;
        let error = match answer {
            Some(Answer::Started {
                execution,
                started_at,
            }) => {
                return Ok(Started {
                    execution,
                    started_at,
                    watch,
                });
            }
            Some(Answer::AlreadyExists) => StartError::AlreadyExists(arn.clone()),
            Some(Answer::TooManyExecutions) => StartError::LimitExceeded,
            Some(Answer::Failed(error)) => {
                StartError::Internal(error.cause.as_deref().unwrap_or_default().to_owned())
            }
            Some(other) => StartError::Internal(format!("unexpected answer {other:?}")),
            None => StartError::Internal(String::from("the runtime is shut down")),
        };
        drop(watch);
        shell.unwatch(&arn);
        Err(error)
    }

    /// SendTaskSuccess. When it returns, the answer is durable.
    ///
    /// # Errors
    /// [`CallbackError`].
    pub async fn send_task_success(&self, token: &str, output: Data) -> Result<(), CallbackError> {
        self.callback(token, Callback::Success(output)).await
    }

    /// SendTaskFailure. When it returns, the answer is durable.
    ///
    /// # Errors
    /// [`CallbackError`].
    pub async fn send_task_failure(
        &self,
        token: &str,
        error: ErrorOutput,
    ) -> Result<(), CallbackError> {
        self.callback(token, Callback::Failure(error)).await
    }

    /// SendTaskHeartbeat.
    ///
    /// # Errors
    /// [`CallbackError`].
    pub async fn send_task_heartbeat(&self, token: &str) -> Result<(), CallbackError> {
        self.callback(token, Callback::Heartbeat).await
    }

    /// StopExecution. When it returns, the end is durable.
    ///
    /// # Errors
    /// [`StopError`].
    pub async fn stop(
        &self,
        execution: &ExecutionArn,
        error: ErrorOutput,
    ) -> Result<(), StopError> {
        let execution = execution.clone();
        match self
            .0
            .shell
            .ask(|reply| Input::Stop {
                execution,
                error,
                reply,
            })
            .await
        {
            Some(Answer::Accepted { .. }) => Ok(()),
            Some(Answer::Failed(error)) => Err(StopError::Internal(error)),
            _ => Err(StopError::NoSuchExecution),
        }
    }

    /// Durable events of an execution after `after_seq`, at most `max`.
    ///
    /// # Errors
    /// What the store says.
    pub fn events(
        &self,
        execution: &ExecutionArn,
        after_seq: u64,
        max: usize,
    ) -> Result<Vec<Event>, store::Error> {
        self.0.shell.store.events(
            execution,
            after_seq,
            max.min(crate::limits::EVENTS_PER_READ),
        )
    }

    /// Ends every task and the threads. Executions that run are not ended: what is durable stays.
    pub fn shutdown(&self) {
        self.0.shutdown();
    }

    async fn callback(&self, token: &str, callback: Callback) -> Result<(), CallbackError> {
        let target = self
            .0
            .tokens
            .open(token)
            .ok_or(CallbackError::InvalidToken)?;
        let (execution, attempt) = (target.execution, target.attempt);
        let answer = self
            .0
            .shell
            .ask(|reply| Input::Callback {
                execution,
                attempt,
                callback,
                reply,
            })
            .await;
        match answer {
            Some(Answer::Accepted { .. }) => Ok(()),
            Some(Answer::AttemptOver) => Err(CallbackError::TaskTimedOut),
            Some(Answer::Throttled) => Err(CallbackError::Throttled),
            Some(_) => Err(CallbackError::TaskDoesNotExist),
            None => Err(CallbackError::ShutDown),
        }
    }

    fn header(&self, request: &StartRequest) -> Header {
        let Config {
            region,
            account,
            role_arn,
            ..
        } = &self.0.config;
        let machine = &request.machine_name;
        let (name, run) = {
            let mut ids = locked(&self.0.ids);
            (
                request.name.clone().unwrap_or_else(|| ids.uuid_v4()),
                ids.uuid_v4(),
            )
        };
        let arn = match request.workflow {
            Workflow::Standard => {
                format!("arn:aws:states:{region}:{account}:execution:{machine}:{name}")
            }
            Workflow::Express => {
                format!("arn:aws:states:{region}:{account}:express:{machine}:{name}:{run}")
            }
        };
        Header {
            arn: ExecutionArn(arn.into()),
            name: name.into(),
            machine_arn: format!("arn:aws:states:{region}:{account}:stateMachine:{machine}").into(),
            machine_name: machine.as_str().into(),
            revision: "".into(),
            role_arn: role_arn.as_str().into(),
            workflow: request.workflow,
            input: request.input.clone(),
            started_at: self.0.shell.clock.now(),
            version_arn: None,
            alias_arn: None,
            trace_header: None,
        }
    }
}

impl Owned {
    fn shutdown(&self) {
        self.shell.close();
        if let Some(guests) = locked(&self.guests).take() {
            guests.shutdown_background();
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        self.shutdown();
    }
}

/// The only randomness that does not come in from outside: a UUID of the operating system's.
fn seed_from_system() -> u64 {
    let (high, low) = uuid::Uuid::new_v4().as_u64_pair();
    high ^ low
}

/// 244 random bits of the operating system's.
fn secret_from_system() -> [u8; 32] {
    let (first, second) = (uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
    let mut secret = [0; 32];
    let bytes = first.as_bytes().iter().chain(second.as_bytes());
    secret
        .iter_mut()
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
    secret
}

/// With a seed everything is repeatable, tokens too.
fn derived(ids: &mut Entropy) -> [u8; 32] {
    let mut secret = [0; 32];
    for chunk in secret.chunks_exact_mut(8) {
        chunk.copy_from_slice(&ids.next_u64().to_be_bytes());
    }
    secret
}
