//! The runtime as its users see it: start, answer, stop, watch.

mod test_state;

use std::sync::Arc;

use engine::{ErrorOutput, Event, ExecutionArn, Header, Timestamp, TokenKey, Workflow};
use expr::{Data, Entropy};
use shard::{Answer, Callback, Input, Shard, StartExecution};
use store::{Listed, Listing, MemoryStore, Store};
use tokio::sync::oneshot;

use crate::busy::Busy;
use crate::clock::Clock;
use crate::committer::{self, Job, Queue};
use crate::host::TaskHost;
use crate::limits;
use crate::lock::locked;
use crate::message::MessageSink;
use crate::place::Place;
use crate::records::RecordError;
use crate::request::{CallbackError, ExecutionView, StartError, StartRequest, Started, StopError};
use crate::shell::{Parts, Shell};
use crate::timer::{self, Alarm};

/// How a runtime works.
#[derive(Clone, Debug)]
pub struct Config {
    /// Partition, region and account in ARNs.
    pub place: Place,
    /// Guest threads; `None`: one for each core.
    pub guest_threads: Option<usize>,
    /// Whether sealed tasks run ahead of the commit (DESIGN D3).
    pub run_ahead: bool,
    /// Seed of ids, jitter and random functions; `None`: from the operating system.
    pub seed: Option<u64>,
    /// Signs task tokens; `None`: a key that is gone with the process.
    pub token_secret: Option<[u8; 32]>,
    /// Express executions that are over and still kept, for whoever asks what they did.
    pub express_ended_max: usize,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            place: Place::default(),
            guest_threads: None,
            run_ahead: true,
            seed: None,
            token_secret: None,
            express_ended_max: limits::EXPRESS_ENDED_MAX,
        }
    }
}

/// Runs executions. A clone is the same runtime; it is shut down when the last one is dropped.
#[derive(Clone)]
pub struct Runtime(Arc<Owned>);

struct Owned {
    config: Config,
    /// Durable ones.
    standard: Arc<Shell>,
    /// Those that live in memory: the same engine over another store.
    express: Arc<Shell>,
    clock: Clock,
    tokens: TokenKey,
    ids: std::sync::Mutex<Entropy>,
    guests: std::sync::Mutex<Option<tokio::runtime::Runtime>>,
    committer: std::sync::Mutex<Option<std::thread::JoinHandle<()>>>,
}

impl Runtime {
    /// Starts the committer, the timer and the guest threads.
    ///
    /// # Errors
    /// When the operating system gives no thread, or the store does not give the shard.
    pub fn new(
        config: Config,
        store: Arc<dyn Store>,
        host: Arc<dyn TaskHost>,
        clock: Clock,
        messages: Arc<dyn MessageSink>,
    ) -> std::io::Result<Runtime> {
        Runtime::with_queue(config, store, host, clock, messages, Arc::default())
    }

    /// The same with a queue of commits that others write to as well.
    pub(crate) fn with_queue(
        config: Config,
        store: Arc<dyn Store>,
        host: Arc<dyn TaskHost>,
        clock: Clock,
        messages: Arc<dyn MessageSink>,
        commits: Arc<Queue>,
    ) -> std::io::Result<Runtime> {
        let mut ids = Entropy::from_seed(config.seed.unwrap_or_else(seed_from_system));
        let tokens = TokenKey::new(match (config.token_secret, config.seed) {
            (Some(secret), _) => secret,
            (None, Some(_)) => derived(&mut ids),
            (None, None) => secret_from_system(),
        });
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        if let Some(threads) = config.guest_threads {
            builder.worker_threads(threads.max(1));
        }
        let guests = builder.thread_name("guest").enable_all().build()?;
        let alarms = [Arc::new(Alarm::default()), Arc::new(Alarm::default())];
        let busy = Arc::new(Busy::new(clock.clone(), alarms.to_vec()));
        let memory =
            MemoryStore::with_limits(config.express_ended_max, limits::EXPRESS_ENDED_BYTES_MAX);
        let stores: [Arc<dyn Store>; 2] = [store, Arc::new(memory)];
        let mut queue = Some(commits);
        let mut committer = None;
        let mut shells = Vec::with_capacity(2);
        for (store, alarm) in stores.into_iter().zip(alarms) {
            let mut shard = shard::Config::new(ids.next_u64(), tokens.clone());
            shard.run_ahead = config.run_ahead;
            shard.epoch = store
                .claim_shard(shard.shard)
                .map_err(std::io::Error::other)?;
            let commits = queue.take().unwrap_or_default();
            let shell = Arc::new(Shell::new(Parts {
                shard: Shard::new(shard),
                clock: clock.clone(),
                store: store.clone(),
                host: host.clone(),
                messages: messages.clone(),
                commits: commits.clone(),
                alarm: alarm.clone(),
                busy: busy.clone(),
                guests: guests.handle().clone(),
            }));
            let thread = committer::start(commits, store, Arc::downgrade(&shell))?;
            committer.get_or_insert(thread);
            timer::start(alarm, clock.clone(), Arc::downgrade(&shell))?;
            shells.push(shell);
        }
        let (Some(express), Some(standard)) = (shells.pop(), shells.pop()) else {
            return Err(std::io::Error::other("a shell is missing"));
        };
        Ok(Runtime(Arc::new(Owned {
            config,
            standard,
            express,
            clock,
            tokens,
            ids: std::sync::Mutex::new(ids),
            guests: std::sync::Mutex::new(Some(guests)),
            committer: std::sync::Mutex::new(committer),
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
        let shell = self.shell(&arn);
        let watch = shell.watch(&arn);
        let pinned = shell.pinned(request.machine.clone());
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

    /// A worker takes the task of an activity. `true`: that is durable, and the worker may have it;
    /// `false`: nobody waits for it any more.
    ///
    /// # Errors
    /// [`CallbackError`].
    pub async fn activity_started(
        &self,
        token: &str,
        worker: Option<&str>,
    ) -> Result<bool, CallbackError> {
        let started = Callback::Started(worker.map(Arc::from));
        match self.callback(token, started).await {
            Ok(()) => Ok(true),
            Err(CallbackError::TaskTimedOut | CallbackError::TaskDoesNotExist) => Ok(false),
            Err(other) => Err(other),
        }
    }

    /// SendTaskHeartbeat.
    ///
    /// # Errors
    /// [`CallbackError`].
    pub async fn send_task_heartbeat(&self, token: &str) -> Result<(), CallbackError> {
        self.callback(token, Callback::Heartbeat).await
    }

    /// StopExecution. When it returns, the end is durable; it says when that was.
    ///
    /// # Errors
    /// [`StopError`].
    pub async fn stop(
        &self,
        execution: &ExecutionArn,
        error: ErrorOutput,
    ) -> Result<Timestamp, StopError> {
        let shell = self.shell(execution);
        let execution = execution.clone();
        match shell
            .ask(|reply| Input::Stop {
                execution,
                error,
                reply,
            })
            .await
        {
            Some(Answer::Accepted { at }) => Ok(at),
            Some(Answer::Failed(error)) => Err(StopError::Internal(error)),
            _ => Err(StopError::NoSuchExecution),
        }
    }

    /// An execution as it is stored; `None`: there is none, or it was forgotten.
    ///
    /// # Errors
    /// What the store says.
    pub fn describe(
        &self,
        execution: &ExecutionArn,
    ) -> Result<Option<ExecutionView>, store::Error> {
        let store = &*self.shell(execution).store;
        let (Some(state), Some(index)) =
            (store::recover(store, execution)?, store.index(execution)?)
        else {
            return Ok(None);
        };
        Ok(ExecutionView::of(&state, index))
    }

    /// A page of the Standard executions of a machine, newest first.
    ///
    /// # Errors
    /// What the store says.
    pub fn list(&self, listing: &Listing) -> Result<Vec<Listed>, store::Error> {
        self.0.standard.store.list(listing)
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
        self.shell(execution).store.events(
            execution,
            after_seq,
            max.min(crate::limits::EVENTS_PER_READ),
        )
    }

    /// Waits for the end of an execution. `None`: there is none, or the runtime was shut down first.
    ///
    /// # Errors
    /// What the store says.
    pub async fn ended(
        &self,
        execution: &ExecutionArn,
    ) -> Result<Option<ExecutionView>, store::Error> {
        let shell = self.shell(execution);
        // Watched before it is looked up: an end between the two is not missed.
        let mut watch = shell.watch(execution);
        let is_running = self
            .describe(execution)?
            .is_some_and(|view| view.outcome.is_none());
        if is_running {
            watch.ended().await;
        }
        drop(watch);
        shell.unwatch(execution);
        Ok(self
            .describe(execution)?
            .filter(|view| view.outcome.is_some()))
    }

    /// Forgets executions that ended before `before`, a page of them; says how many.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn forget_ended(&self, before: Timestamp) -> Result<usize, RecordError> {
        let shell = &self.0.standard;
        let max = limits::FORGOTTEN_PER_COMMIT;
        if shell.store.is_immediate() {
            return Ok(shell.store.forget_ended(before, max)?);
        }
        let (reply, forgotten) = oneshot::channel();
        let job = Job::Forget { before, max, reply };
        if !shell.commits.push(job) {
            return Err(RecordError::ShutDown);
        }
        forgotten.await.map_err(|_| RecordError::ShutDown)?
    }

    /// The shell of the durable executions.
    pub(crate) fn standard(&self) -> &Arc<Shell> {
        &self.0.standard
    }

    /// Where durable executions are.
    pub(crate) fn durable_store(&self) -> Arc<dyn Store> {
        self.0.standard.store.clone()
    }

    /// Whether it was shut down.
    pub(crate) fn is_shut_down(&self) -> bool {
        self.0.standard.is_closed()
    }

    /// The same runtime, held by somebody whom the runtime holds.
    pub(crate) fn downgrade(&self) -> WeakRuntime {
        WeakRuntime(Arc::downgrade(&self.0))
    }

    /// Where background work of the services runs.
    pub(crate) fn guests(&self) -> &tokio::runtime::Handle {
        &self.0.standard.guests
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
        let execution = target.execution.clone();
        let shell = self.shell(&execution).clone();
        let answer = shell
            .ask(|reply| Input::Callback {
                target,
                callback,
                reply,
            })
            .await;
        match answer {
            Some(Answer::Accepted { .. }) => Ok(()),
            Some(Answer::AttemptOver) => Err(CallbackError::TaskTimedOut),
            Some(Answer::Throttled) => Err(CallbackError::Throttled),
            // An execution that is over is still known, and closed its tasks with its end.
            Some(_) => match shell.store.index(&execution) {
                Ok(Some(_)) => Err(CallbackError::TaskTimedOut),
                Ok(None) | Err(_) => Err(CallbackError::TaskDoesNotExist),
            },
            None => Err(CallbackError::ShutDown),
        }
    }

    /// The shell that runs an execution.
    pub(crate) fn shell(&self, execution: &ExecutionArn) -> &Arc<Shell> {
        if is_express(execution) {
            &self.0.express
        } else {
            &self.0.standard
        }
    }

    /// A random number, for choices that the API makes.
    pub fn random(&self) -> u64 {
        locked(&self.0.ids).next_u64()
    }

    fn header(&self, request: &StartRequest) -> Header {
        let place = &self.0.config.place;
        let machine = &request.machine_name;
        let (name, run) = {
            let mut ids = locked(&self.0.ids);
            (
                request.name.clone().unwrap_or_else(|| ids.uuid_v4()),
                ids.uuid_v4(),
            )
        };
        let resource = match request.workflow {
            Workflow::Standard => format!("execution:{machine}:{name}"),
            Workflow::Express => format!("express:{machine}:{name}:{run}"),
        };
        let machine_arn = place.arn("states", &format!("stateMachine:{machine}"));
        Header {
            arn: ExecutionArn(place.arn("states", &resource).into()),
            name: name.into(),
            machine_arn: machine_arn.into(),
            machine_name: machine.as_str().into(),
            revision: request.revision.clone(),
            role_arn: request.role_arn.clone(),
            workflow: request.workflow,
            input: request.input.clone(),
            started_at: self.0.clock.now(),
            version_arn: request.version_arn.clone(),
            alias_arn: request.alias_arn.clone(),
            trace_header: request.trace_header.clone(),
        }
    }
}

/// A runtime that may be gone.
#[derive(Clone, Default)]
pub(crate) struct WeakRuntime(std::sync::Weak<Owned>);

impl WeakRuntime {
    pub(crate) fn upgrade(&self) -> Option<Runtime> {
        self.0.upgrade().map(Runtime)
    }
}

/// Whether an ARN is one of an Express execution: `arn:P:states:R:A:express:…`.
fn is_express(execution: &ExecutionArn) -> bool {
    execution.as_str().split(':').nth(5) == Some("express")
}

impl Owned {
    /// Takes nothing more, lets what is on its way to the store get there, and ends the threads.
    fn shutdown(&self) {
        self.standard.close();
        self.express.close();
        if let Some(committer) = locked(&self.committer).take()
            // The committer may be the last to hold a runtime; it cannot wait for itself.
            && committer.thread().id() != std::thread::current().id()
        {
            let _ = committer.join();
        }
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
pub(crate) fn secret_from_system() -> [u8; 32] {
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
