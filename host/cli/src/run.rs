//! `stepwell run`: a workflow in memory, its trail live on stderr, its output on stdout.

use std::collections::VecDeque;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use engine::{ErrorOutput, Event, Outcome, Status};
use runtime::{
    CallbackError, Clock, Config, Message, Runtime, SandboxHost, StartError, StartRequest, Started,
};
use sandbox::Sandbox;
use taskbuild::Progress;
use tokio::sync::mpsc;

use crate::answers::{Answer, Answers};
use crate::commands::Output;
use crate::exit::{self, Exit, Failure};
use crate::project::{Options, Project};
use crate::terminal::{self, FAINT, clean};
use crate::trail::{Look, Trail};
use crate::{callbacks, diagnostics, document, input, project};

/// What can be said to `stepwell run`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A workflow folder with a template.yaml, or a definition (.asl.json, .asl.yaml)
    workflow: PathBuf,
    /// Input of the execution: a file, JSON, or - for stdin [default: inputs/default.json, else {}]
    #[arg(long, value_name = "FILE|JSON|-")]
    input: Option<String>,
    /// Answer to a callback of STATE: a file, JSON, or fail:ERROR[:CAUSE]; may be repeated
    #[arg(long = "answer", value_name = "STATE=ANSWER")]
    answers: Vec<String>,
    /// Where the functions are, for a bare definition [default: the crates of the nearest tasks/]
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Which state machine of the template, when it has several
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t)]
    output: Output,
    /// Print the history as GetExecutionHistory gives it
    #[arg(long)]
    history: bool,
    /// Show what the tasks log and print
    #[arg(long)]
    logs: bool,
    /// Jump over Wait states and retry delays instead of waiting
    #[arg(long)]
    skip_waits: bool,
    /// Show the trail in ASCII
    #[arg(long)]
    ascii: bool,
}

/// Runs the workflow to its end.
///
/// # Errors
/// What cannot be used, built or answered, with its exit code.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let options = Options {
        template: args.template.clone(),
        machine: args.machine.clone(),
    };
    let project = project::open(&args.workflow, &options)?;
    let mut stderr = anstream::stderr();
    let warnings = diagnostics::render(&project.reports);
    if !warnings.is_empty() {
        // What is told on stderr is best effort here and below: a run goes on when nobody reads it.
        let _ = writeln!(stderr, "{warnings}");
    }
    let data = input::read(args.input.as_deref(), project.default_input.as_deref())?;
    let answers = Answers::parse(&args.answers, &project.machine)?;
    let host = functions(&project)?;
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::host(format!("cannot start: {error}")))?;
    tokio.block_on(async {
        let clock = if args.skip_waits {
            Clock::skipping()
        } else {
            Clock::real()
        };
        let (desk, messages) = callbacks::desk(args.logs);
        let store = Arc::new(store::MemoryStore::default());
        let runtime = Runtime::new(
            Config::default(),
            store,
            Arc::new(host),
            clock,
            Arc::new(desk),
        )
        .map_err(|error| Failure::host(format!("cannot start: {error}")))?;
        let mut request =
            StartRequest::new(project.machine.clone(), project.machine_name.clone(), data);
        request.workflow = project.workflow;
        let started = runtime.start(request).await.map_err(|error| match error {
            StartError::InputTooLarge { .. } => Failure::usage(error.to_string()),
            _ => Failure::host(error.to_string()),
        })?;
        let look = Look {
            ascii: terminal::is_ascii(args.ascii),
            // anstream takes the colours out where they are not wanted.
            color: true,
        };
        let mut run = Run {
            args,
            runtime: &runtime,
            trail: Trail::new(&project.machine, look),
            started,
            answers,
            shown: 0,
            events: Vec::new(),
        };
        let unanswered = run.follow(messages).await?;
        let exit = run.finish(&project)?;
        runtime.shutdown();
        match unanswered {
            Some(failure) => Err(failure),
            None => Ok(exit),
        }
    })
}

/// Builds what changed and compiles the components.
fn functions(project: &Project) -> Result<SandboxHost, Failure> {
    let specs = project.build(&mut show_progress)?;
    let sandbox = Sandbox::new(sandbox::Config::default())
        .map_err(|error| Failure::host(error.to_string()))?;
    SandboxHost::new(sandbox, specs).map_err(|error| Failure::new(Exit::Build, error.to_string()))
}

fn show_progress(progress: Progress) {
    let mut stderr = anstream::stderr();
    let line = match progress {
        Progress::AddingTarget { target } => format!("Adding the target {target} with rustup"),
        Progress::Compiling { package } => format!("Compiling {package}"),
        Progress::Built { package } => format!("Built {package}"),
        Progress::Note(text) => text,
        Progress::CargoLine(line) if std::io::stderr().is_terminal() => line,
        // What is fresh needs no word, and cargo's other lines are for people who watch.
        _ => return,
    };
    // A progress that nobody sees is no reason to stop.
    let _ = writeln!(stderr, "{FAINT}{}{FAINT:#}", clean(&line));
}

/// Questions for whoever sits at the terminal, one at a time.
struct Questions {
    typed_in: mpsc::Sender<(Message, Option<Answer>)>,
    waiting: VecDeque<Message>,
    is_asking: bool,
}

impl Questions {
    fn ask_next(&mut self) {
        let message = self.waiting.pop_front();
        self.is_asking = message.is_some();
        let Some(message) = message else { return };
        let typed_in = self.typed_in.clone();
        // A thread of its own: tokio would wait for one of its own at the end, and this one waits
        // for a person.
        std::thread::spawn(move || {
            let answer = callbacks::ask(&message);
            // Whoever followed may have gone: the execution is over.
            let _ = typed_in.blocking_send((message, answer));
        });
    }
}

/// One execution that is followed.
struct Run<'a> {
    args: &'a Args,
    runtime: &'a Runtime,
    trail: Trail<'a>,
    started: Started,
    answers: Answers,
    /// Sequence number of the last event that was shown.
    shown: u64,
    /// All of them, when the history is wanted.
    events: Vec<Event>,
}

impl Run<'_> {
    /// Shows what becomes durable until the execution is over. Gives the reason when it had to be
    /// stopped because nobody answers.
    async fn follow(
        &mut self,
        mut messages: mpsc::Receiver<Message>,
    ) -> Result<Option<Failure>, Failure> {
        let (typed_in, mut typed) = mpsc::channel::<(Message, Option<Answer>)>(1);
        let mut questions = Questions {
            typed_in,
            waiting: VecDeque::new(),
            is_asking: false,
        };
        let mut unanswered = None;
        let mut interrupted = false;
        loop {
            let progress = self.started.watch.progress();
            self.show_until(progress.seq)?;
            if progress.ended.is_some() {
                return Ok(unanswered);
            }
            tokio::select! {
                more = self.started.watch.changed() => {
                    if !more && self.started.watch.progress().ended.is_none() {
                        return Err(Failure::host("the runtime gave up"));
                    }
                }
                Some(message) = messages.recv() => {
                    // The trail comes first, so that the question stands below what led to it.
                    let progress = self.started.watch.progress();
                    self.show_until(progress.seq)?;
                    if let Some(message) = self.take(message, &mut questions).await {
                        unanswered.get_or_insert(self.nobody_answers(&message).await);
                    }
                }
                Some((message, answer)) = typed.recv() => {
                    match answer {
                        Some(answer) => self.send(&message, answer).await,
                        None => {
                            unanswered.get_or_insert(self.nobody_answers(&message).await);
                        }
                    }
                    questions.ask_next();
                }
                Ok(()) = tokio::signal::ctrl_c() => {
                    if interrupted {
                        return Err(Failure::new(Exit::Aborted, "stopped without waiting for the end"));
                    }
                    interrupted = true;
                    self.stop("Interrupted", "stopped with Ctrl-C").await;
                }
            }
        }
    }

    /// A message has come. Gives it back if it waits for an answer and nobody can give one.
    async fn take(&mut self, message: Message, questions: &mut Questions) -> Option<Message> {
        message.token.as_ref()?;
        if let Some(answer) = self.answers.take(&message.state_name) {
            self.send(&message, answer).await;
            return None;
        }
        if !terminal::can_ask() {
            return Some(message);
        }
        questions.waiting.push_back(message);
        if !questions.is_asking {
            questions.ask_next();
        }
        None
    }

    async fn send(&self, message: &Message, answer: Answer) {
        let Some(token) = &message.token else { return };
        loop {
            let answer = answer.clone();
            let sent = match answer {
                Answer::Success(output) => self.runtime.send_task_success(token, output).await,
                Answer::Failure(error) => self.runtime.send_task_failure(token, error).await,
            };
            match sent {
                Err(CallbackError::Throttled) => tokio::task::yield_now().await,
                // An answer that comes too late has nobody to be told to: the trail shows the end.
                _ => return,
            }
        }
    }

    async fn nobody_answers(&self, message: &Message) -> Failure {
        let state = clean(&message.state_name);
        self.stop("Unanswered", "nobody answers the callback").await;
        let text = format!(
            "{state} waits for an answer, and there is neither a terminal to ask at nor an --answer for it"
        );
        Failure::new(Exit::Unanswered, text).with_help(format!(
            "give it with --answer '{state}={{\"approved\":true}}'"
        ))
    }

    async fn stop(&self, error: &str, cause: &str) {
        // One that is over already needs no stopping.
        let _ = self
            .runtime
            .stop(&self.started.execution, ErrorOutput::new(error, cause))
            .await;
    }

    fn show_until(&mut self, seq: u64) -> Result<(), Failure> {
        let mut stderr = anstream::stderr().lock();
        while self.shown < seq {
            let events = self
                .runtime
                .events(&self.started.execution, self.shown, 1_000)
                .map_err(|error| Failure::host(error.to_string()))?;
            if events.is_empty() {
                return Ok(());
            }
            for event in &events {
                self.shown = event.seq;
                for line in self.trail.follow(event) {
                    let _ = writeln!(stderr, "{line}");
                }
            }
            if self.args.history {
                self.events.extend(events);
            }
        }
        Ok(())
    }

    /// The last lines, and the result.
    fn finish(&mut self, project: &Project) -> Result<Exit, Failure> {
        let Some((status, outcome)) = self.started.watch.progress().ended else {
            return Err(Failure::host("the runtime gave up"));
        };
        let mut stderr = anstream::stderr();
        for line in self.trail.summary() {
            let _ = writeln!(stderr, "{line}");
        }
        let history = self
            .args
            .history
            .then(|| api::history::to_wire(&self.events, &project.machine));
        // Data goes out byte for byte, whatever the terminal is.
        let mut stdout = std::io::stdout().lock();
        match self.args.output {
            Output::Json => {
                let figures = self.trail.figures();
                let document =
                    document::document(&self.started, status, &outcome, &figures, history);
                exit::unless_closed(writeln!(stdout, "{document}"))?;
            }
            Output::Text => {
                if let (Status::Succeeded, Outcome::Output(output)) = (status, &outcome) {
                    exit::unless_closed(writeln!(stdout, "{:#}", output.value()))?;
                }
                if let Some(events) = history {
                    let events = serde_json::json!({ "events": events });
                    exit::unless_closed(writeln!(stdout, "{events:#}"))?;
                }
            }
        }
        exit::unless_closed(stdout.flush())?;
        Ok(status.into())
    }
}
