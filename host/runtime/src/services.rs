//! Everything that a server is made of, put together in one place.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use sandbox::Sandbox;
use store::{Change, Expect, Store};

use crate::activities::Activities;
use crate::clock::Clock;
use crate::committer::Queue;
use crate::functions::Functions;
use crate::keys::Keys;
use crate::limits;
use crate::logs::Logs;
use crate::machines::{MachineError, Machines};
use crate::outside::{Outside, Publisher};
use crate::place::Place;
use crate::queues::Queues;
use crate::records::{RecordError, Records};
use crate::recovery::{RecoverError, Recovered};
use crate::runtime::{Config, Runtime, secret_from_system};

/// The space of what the host itself keeps.
const HOST: &str = "host";

/// Its record of the key that signs task tokens.
const TOKEN_KEY: &str = "token-secret";

/// Its record of the place that its ARNs say.
const PLACE_KEY: &str = "place";

/// What the operations of the API work on.
pub struct Services {
    /// Where this installation says it is.
    pub place: Place,
    /// Tells the time.
    pub clock: Clock,
    /// Runs executions.
    pub runtime: Runtime,
    /// Reads and writes records.
    pub records: Records,
    /// State machines.
    pub machines: Machines,
    /// Activities.
    pub activities: Arc<Activities>,
    /// Functions.
    pub functions: Arc<Functions>,
    /// Queues.
    pub queues: Arc<Queues>,
    /// Log groups.
    pub logs: Arc<Logs>,
    /// Access keys.
    pub keys: Keys,
    outside: Arc<Outside>,
}

/// How a server works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where this installation says it is.
    pub place: Place,
    /// Tells the time.
    pub clock: Clock,
    /// Where the access keys are.
    pub keys_folder: PathBuf,
    /// Guest threads; `None`: one for each core.
    pub guest_threads: Option<usize>,
    /// Whether sealed tasks run ahead of the commit (DESIGN D3).
    pub run_ahead: bool,
}

/// Why a server cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The operating system gave no thread.
    #[error("cannot start: {0}")]
    Threads(#[from] std::io::Error),
    /// The store could not be read or written.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A record could not be read.
    #[error(transparent)]
    Records(#[from] RecordError),
    /// What is stored has ARNs of another region or account.
    #[error(
        "the data folder belongs to {stored}, and {asked} was asked for: ARNs that were handed out say \
         so; give this one another data folder"
    )]
    OtherPlace {
        /// The place of what is stored: `arn:aws:…`.
        stored: String,
        /// The place that was asked for.
        asked: String,
    },
}

impl Services {
    /// Puts a server together over a store. Executions that are stored stand still until
    /// [`Services::recover`].
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(
        settings: Settings,
        store: Arc<dyn Store>,
        sandbox: Sandbox,
    ) -> Result<Arc<Services>, OpenError> {
        let Settings {
            place,
            clock,
            keys_folder,
            guest_threads,
            run_ahead,
        } = settings;
        check_place(&*store, &place)?;
        let token_secret = token_secret(&*store)?;
        let commits = Arc::new(Queue::default());
        let records = Records::new(store.clone(), commits.clone());
        let parts = || (records.clone(), place.clone(), clock.clone());
        let (r, p, c) = parts();
        let logs = Arc::new(Logs::open(r, p, c)?);
        let (r, p, c) = parts();
        let queues = Arc::new(Queues::open(r, p, c)?);
        let (r, p, c) = parts();
        let activities = Arc::new(Activities::new(r, p, c));
        let (r, p, c) = parts();
        let machines = Machines::new(r, p, c);
        let (r, p, c) = parts();
        let functions = Arc::new(Functions::open(r, p, c, sandbox, logs.clone())?);
        let outside = Arc::new(Outside {
            activities: activities.clone(),
            queues: queues.clone(),
            machines: machines.clone(),
            runtime: OnceLock::new(),
            publisher: OnceLock::new(),
        });
        let config = Config {
            place: place.clone(),
            guest_threads,
            run_ahead,
            token_secret: Some(token_secret),
            ..Config::default()
        };
        let (host, messages) = (functions.clone(), outside.clone());
        let runtime = Runtime::with_queue(config, store, host, clock.clone(), messages, commits)?;
        // Set once, here.
        let _ = outside.runtime.set(runtime.downgrade());
        logs.start(runtime.guests());
        functions.start(runtime.guests());
        queues.start(runtime.guests());
        let services = Arc::new(Services {
            place,
            clock,
            runtime,
            records,
            machines,
            activities,
            functions,
            queues,
            logs,
            keys: Keys::new(keys_folder),
            outside,
        });
        services.sweep_now_and_then();
        Ok(services)
    }

    /// Who follows executions from now on; only the first one that is set.
    pub fn follow(&self, publisher: Arc<dyn Publisher>) {
        let _ = self.outside.publisher.set(publisher);
    }

    /// Whether the store still takes and gives what it is asked for. One that failed once stays dead: the
    /// process has to be started anew (I14).
    pub fn is_alive(&self) -> bool {
        self.runtime.durable_store().record(HOST, TOKEN_KEY).is_ok()
    }

    /// Goes on with the stored executions that are not over.
    ///
    /// # Errors
    /// [`RecoverError`].
    pub async fn recover(&self) -> Result<Recovered, RecoverError> {
        self.runtime
            .recover(|header| {
                let found = self
                    .machines
                    .revision(&header.machine_arn, &header.revision);
                Some(found.ok()??.machine.clone())
            })
            .await
    }

    /// Ends what waits for something to happen: polls of activities and queues. Requests that are under
    /// way come to their end.
    pub fn close(&self) {
        self.activities.close();
        self.queues.close();
    }

    /// Writes what still waits to be written, and ends every thread.
    pub async fn shutdown(&self) {
        self.close();
        self.logs.flush().await;
        self.runtime.shutdown();
    }

    /// Forgets, in the background, what has been kept long enough.
    fn sweep_now_and_then(self: &Arc<Services>) {
        let services = Arc::downgrade(self);
        self.runtime.guests().spawn(async move {
            let tick_ms = limits::DELETION_INTERVAL_MS;
            let mut ticks = tokio::time::interval(Duration::from_millis(tick_ms));
            for tick in 0_u64.. {
                ticks.tick().await;
                let Some(services) = services.upgrade() else {
                    return;
                };
                // What cannot be swept now is swept the next time; a store that has stopped tells
                // everybody who writes.
                let _ = if tick.is_multiple_of(limits::SWEEP_INTERVAL_MS / tick_ms) {
                    services.sweep().await
                } else {
                    services.machines.end_deletions().await.map(|_| ())
                };
            }
        });
    }

    /// Forgets what has been kept long enough.
    ///
    /// # Errors
    /// What the store says.
    pub async fn sweep(&self) -> Result<(), MachineError> {
        let kept_us = limits::EXECUTIONS_KEPT_DAYS * 86_400 * 1_000_000;
        let before = engine::Timestamp(
            self.clock
                .now()
                .0
                .saturating_sub(i64::try_from(kept_us).unwrap_or(i64::MAX)),
        );
        while self.runtime.forget_ended(before).await? == limits::FORGOTTEN_PER_COMMIT {}
        self.machines.sweep().await?;
        Ok(())
    }
}

/// What is stored keeps the region and account that it was made under.
fn check_place(store: &dyn Store, place: &Place) -> Result<(), OpenError> {
    let asked = place.arn("states", "");
    let Some(record) = store.record(HOST, PLACE_KEY)? else {
        return write_first(store, PLACE_KEY, asked.as_bytes());
    };
    let stored = String::from_utf8_lossy(&record.value).into_owned();
    if stored == asked {
        return Ok(());
    }
    Err(OpenError::OtherPlace { stored, asked })
}

/// Writes a record of the host's own, before there is a committer.
fn write_first(store: &dyn Store, key: &str, value: &[u8]) -> Result<(), OpenError> {
    let put = Change::Put {
        space: HOST,
        key: key.into(),
        value: value.into(),
        expect: Expect::Anything,
    };
    for written in store.write(vec![vec![put]])? {
        written.map_err(RecordError::from)?;
    }
    Ok(())
}

/// The key that signs task tokens: made once for an installation, so that a token is good after a
/// restart.
fn token_secret(store: &dyn Store) -> Result<[u8; 32], OpenError> {
    if let Some(record) = store.record(HOST, TOKEN_KEY)?
        && let Ok(secret) = <[u8; 32]>::try_from(&*record.value)
    {
        return Ok(secret);
    }
    let secret = secret_from_system();
    write_first(store, TOKEN_KEY, &secret)?;
    Ok(secret)
}
