//! `stepwell serve`: the server that AWS clients talk to.

mod banner;
mod first_key;
mod settings;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use api::logs::ExecutionLog;
use api::wire::{Auth, BindError, Config, Server};
use runtime::{Clock, Keys, Services};
use sandbox::Sandbox;
use store::SqliteStore;
use tokio::signal::unix::{SignalKind, signal};

use banner::Banner;
pub(crate) use settings::DATA_FOLDER;
use settings::{Durability, Settings};

use crate::exit::{Exit, Failure};

/// Where the keys are in a data folder.
pub(crate) const KEYS: &str = "keys";

/// What can be said to `stepwell serve`.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Where everything is kept [default: .stepwell]
    #[arg(long, value_name = "DIR", env = "STEPWELL_DATA_DIR")]
    data_dir: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8085]
    #[arg(long, value_name = "IP:PORT", env = "STEPWELL_LISTEN")]
    listen: Option<String>,
    /// A configuration file (TOML)
    #[arg(long, value_name = "FILE", env = "STEPWELL_CONFIG")]
    config: Option<PathBuf>,
    /// The region in ARNs [default: us-east-1]
    #[arg(long, value_name = "NAME", env = "STEPWELL_REGION")]
    region: Option<String>,
    /// The account in ARNs, 12 digits [default: 123456789012]
    #[arg(long, value_name = "ID", env = "STEPWELL_ACCOUNT")]
    account: Option<String>,
    /// Do not check who sends a request; on a loopback address only
    #[arg(long)]
    no_auth: bool,
    /// Whether sealed tasks run ahead of the commits [default: run-ahead]
    #[arg(long, value_enum)]
    durability: Option<Durability>,
    /// Threads that run tasks [default: one for each core]
    #[arg(long, value_name = "N")]
    guest_threads: Option<usize>,
}

/// Serves until SIGTERM or SIGINT; then lets what is under way end, commits, and returns.
///
/// # Errors
/// What cannot be used or opened, with its exit code.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let clock = Clock::real();
    let began = clock.now();
    let settings = Settings::of(args)?;
    let store = SqliteStore::open(&settings.data_folder)
        .map_err(|error| Failure::host(error.to_string()))?;
    let store = Arc::new(store);
    // What a person is shown and types again must lead there from any folder.
    let data_folder = std::path::absolute(&settings.data_folder)
        .map_err(|error| Failure::host(format!("cannot find the data folder: {error}")))?;
    let keys_folder = data_folder.join(KEYS);
    let credentials = match settings.auth {
        Auth::Off => None,
        Auth::Required => {
            let keys = Keys::new(&keys_folder);
            first_key::ensure(&keys, &keys_folder, &data_folder, clock.now())?
        }
    };
    let sandbox = Sandbox::new(sandbox::Config::default())
        .map_err(|error| Failure::host(error.to_string()))?;
    let services = runtime::Settings {
        place: settings.place.clone(),
        clock: clock.clone(),
        keys_folder,
        guest_threads: settings.guest_threads,
        run_ahead: settings.durability == Durability::RunAhead,
    };
    let services = Services::open(services, store.clone(), sandbox)
        .map_err(|error| Failure::host(error.to_string()))?;
    let tokio = tokio::runtime::Builder::new_multi_thread()
        .thread_name("api")
        .enable_all()
        .build()
        .map_err(|error| Failure::host(format!("cannot start: {error}")))?;
    tokio.block_on(async {
        let (mut terminate, mut interrupt) = signals()?;
        // Before the first execution goes on, so that nothing is missing in its log.
        let execution_log = ExecutionLog::start(&services);
        let recovered = services
            .recover()
            .await
            .map_err(|error| Failure::host(error.to_string()))?;
        let server = Server::bind(wire(&settings), services.clone())
            .await
            .map_err(refused)?;
        let banner = Banner {
            address: server.local_addr(),
            data_folder: &data_folder,
            region: &settings.place.region,
            auth: settings.auth,
            credentials: credentials.as_deref(),
            recovered: &recovered,
            ready_ms: clock.now().micros_since(began) / 1_000,
        };
        let mut stderr = anstream::stderr();
        // A server whose stderr is gone still serves.
        let _ = write!(stderr, "{}", banner.text());
        let _ = stderr.flush();
        let polls = services.clone();
        server
            .run(async move {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                // Long polls are answered with nothing, so that nobody has to wait for them.
                polls.close();
            })
            .await;
        execution_log.flush().await;
        services.shutdown().await;
        // Threads that are on their way out may still hold the store: what it has is put into the one
        // file here, and not when the last of them lets go.
        store
            .checkpoint()
            .map_err(|error| Failure::host(error.to_string()))?;
        let _ = writeln!(stderr, "stopped; everything that was answered is kept");
        Ok(Exit::Succeeded)
    })
}

fn signals() -> Result<(tokio::signal::unix::Signal, tokio::signal::unix::Signal), Failure> {
    let cannot = |error| Failure::host(format!("cannot listen for signals: {error}"));
    let terminate = signal(SignalKind::terminate()).map_err(cannot)?;
    let interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
    Ok((terminate, interrupt))
}

fn wire(settings: &Settings) -> Config {
    Config {
        listen: settings.listen,
        auth: settings.auth,
        hosts: settings.hosts.clone(),
        ..Config::default()
    }
}

fn refused(error: BindError) -> Failure {
    let text = error.to_string();
    match error {
        BindError::Exposed(_) => Failure::usage(text).with_help(
            "leave --no-auth out: requests are then signed with keys of `stepwell keys`",
        ),
        BindError::Listen { .. } => Failure::host(text).with_help(
            "another server may have the address; --listen 127.0.0.1:0 takes any free port",
        ),
    }
}
