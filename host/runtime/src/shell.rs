//! Performs what the shard wants done. Every input goes through [`Shell::input`]: the shard handles it
//! under a lock, and what has an order (commits, wake-ups, answers, progress) is done before the lock
//! is given back; only tasks are run outside it.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use asl::StateMachine;
use engine::{AttemptId, ErrorOutput, ExecutionArn, Outcome, Status, Transition};
use shard::{Answer, Effect, Input, Pinned, ReplyId, RunTask, Shard};
use store::Store;
use tokio::sync::oneshot;

use crate::busy::Busy;
use crate::clock::Clock;
use crate::committer::{self, Job, Queue};
use crate::guests::{self, Cancel};
use crate::host::TaskHost;
use crate::lock::locked;
use crate::message::MessageSink;
use crate::timer::Alarm;
use crate::watch::{Reports, Watch};

/// A shard and everything it needs to act.
pub(crate) struct Shell {
    state: Mutex<State>,
    pub(crate) clock: Clock,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) host: Arc<dyn TaskHost>,
    pub(crate) messages: Arc<dyn MessageSink>,
    pub(crate) commits: Arc<Queue>,
    pub(crate) alarm: Arc<Alarm>,
    pub(crate) guests: tokio::runtime::Handle,
    next_reply: AtomicU64,
    busy: Arc<Busy>,
}

/// What a shell is made of.
pub(crate) struct Parts {
    pub(crate) shard: Shard,
    pub(crate) clock: Clock,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) host: Arc<dyn TaskHost>,
    pub(crate) messages: Arc<dyn MessageSink>,
    pub(crate) commits: Arc<Queue>,
    pub(crate) alarm: Arc<Alarm>,
    pub(crate) busy: Arc<Busy>,
    pub(crate) guests: tokio::runtime::Handle,
}

struct State {
    shard: Shard,
    /// Shut down: nothing is taken any more.
    closed: bool,
    replies: HashMap<ReplyId, oneshot::Sender<Answer>>,
    progress: HashMap<ExecutionArn, Reports>,
    running: HashMap<(ExecutionArn, AttemptId), Arc<Cancel>>,
}

/// What is left to do outside the lock.
#[derive(Default)]
struct Todo {
    ready: Vec<Work>,
    /// For a store that waits for nothing: changing threads would cost more than the commit.
    commits: Vec<Transition>,
}

/// What can go on.
enum Work {
    Run(Box<RunTask>, Arc<Cancel>),
    Continue(ExecutionArn),
}

impl Shell {
    pub(crate) fn new(parts: Parts) -> Shell {
        Shell {
            state: Mutex::new(State {
                shard: parts.shard,
                closed: false,
                replies: HashMap::new(),
                progress: HashMap::new(),
                running: HashMap::new(),
            }),
            clock: parts.clock,
            store: parts.store,
            host: parts.host,
            messages: parts.messages,
            commits: parts.commits,
            alarm: parts.alarm,
            guests: parts.guests,
            next_reply: AtomicU64::new(1),
            busy: parts.busy,
        }
    }

    /// What an execution of this definition is bound to from now on (I7).
    pub(crate) fn pinned(&self, machine: Arc<StateMachine>) -> Arc<Pinned> {
        Arc::new(Pinned {
            machine,
            functions: self.host.functions(),
        })
    }

    /// Whether nothing is under way, in any shard.
    pub(crate) fn is_idle(&self) -> bool {
        self.busy.is_idle()
    }

    /// Gives an input to the shard and does what it wants.
    pub(crate) fn input(self: &Arc<Self>, input: Input) {
        let next = self.input_keeping_one(input);
        if let Some((task, cancel)) = next {
            guests::spawn(self, *task, cancel);
        }
    }

    /// The same, but leaves one task to the caller: a guest thread that has just finished one runs
    /// the next one itself, without waking another thread.
    pub(crate) fn input_keeping_one(
        self: &Arc<Self>,
        input: Input,
    ) -> Option<(Box<RunTask>, Arc<Cancel>)> {
        // Until everything that follows is done, a skipping clock must not jump.
        self.began(1);
        let mut todo = Todo::default();
        let mut inputs = VecDeque::from([input]);
        while let Some(input) = inputs.pop_front() {
            {
                let mut state = locked(&self.state);
                if state.closed {
                    break;
                }
                let effects = state.shard.handle(input, self.clock.now());
                self.perform(&mut state, effects, &mut todo);
            }
            if !todo.commits.is_empty() {
                let group = std::mem::take(&mut todo.commits);
                inputs.extend(committer::write(&*self.store, group));
            }
        }
        let kept = self.hand_out(todo.ready);
        self.finished(1);
        kept
    }

    /// Hands out what can go on; what is alone is left to the caller. A thread that kept one of several
    /// would have the last of the others behind it in its own queue, where no idle thread looks: the
    /// branches of a Parallel would run one after the other.
    fn hand_out(self: &Arc<Self>, ready: Vec<Work>) -> Option<(Box<RunTask>, Arc<Cancel>)> {
        let is_offer = |item: &Work| matches!(item, Work::Run(task, _) if guests::is_offer(task));
        // Here, and not on the guest threads: workers get tasks in the order in which they were scheduled.
        let (offers, mut ready): (Vec<Work>, Vec<Work>) = ready.into_iter().partition(is_offer);
        for item in offers {
            if let Work::Run(task, cancel) = item {
                guests::offer(self, &task, &cancel);
            }
        }
        if ready.len() == 1
            && let Some(Work::Run(task, cancel)) =
                ready.pop_if(|item| matches!(item, Work::Run(..)))
        {
            return Some((task, cancel));
        }
        for item in ready {
            match item {
                Work::Run(task, cancel) => guests::spawn(self, *task, cancel),
                Work::Continue(execution) => self.continue_later(execution),
            }
        }
        None
    }

    /// The committer has written a group.
    pub(crate) fn committed(self: &Arc<Self>, inputs: Vec<Input>, count: usize) {
        for input in inputs {
            self.input(input);
        }
        self.finished(count);
    }

    /// Asks the shard something and waits for its answer.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        input: impl FnOnce(ReplyId) -> Input,
    ) -> Option<Answer> {
        let reply = ReplyId(self.next_reply.fetch_add(1, Ordering::Relaxed));
        let (sender, receiver) = oneshot::channel();
        {
            let mut state = locked(&self.state);
            if state.closed {
                return None;
            }
            state.replies.insert(reply, sender);
        }
        self.input(input(reply));
        receiver.await.ok()
    }

    /// The progress of an execution that is about to be started.
    pub(crate) fn watch(&self, execution: &ExecutionArn) -> Watch {
        let mut state = locked(&self.state);
        state
            .progress
            .entry(execution.clone())
            .or_default()
            .subscribe()
    }

    /// Nobody needs the progress of an execution that was not started; whoever watches another one of
    /// the same name still does.
    pub(crate) fn unwatch(&self, execution: &ExecutionArn) {
        let mut state = locked(&self.state);
        if state
            .progress
            .get(execution)
            .is_some_and(Reports::is_unused)
        {
            state.progress.remove(execution);
        }
    }

    /// Whether it was shut down.
    pub(crate) fn is_closed(&self) -> bool {
        locked(&self.state).closed
    }

    /// Ends every task; nothing is written any more.
    pub(crate) fn close(&self) {
        let mut state = locked(&self.state);
        state.closed = true;
        self.alarm.close();
        for cancel in state.running.values() {
            cancel.set();
        }
        state.running.clear();
        state.replies.clear();
        state.progress.clear();
        drop(state);
        self.commits.close();
    }

    /// A task came to its end, whatever the end was.
    pub(crate) fn task_done(&self, execution: &ExecutionArn, attempt: AttemptId) {
        locked(&self.state)
            .running
            .remove(&(execution.clone(), attempt));
    }

    /// `count` more things are under way.
    pub(crate) fn began(&self, count: usize) {
        self.busy.began(count);
    }

    /// `count` things that were under way are done.
    pub(crate) fn finished(&self, count: usize) {
        self.busy.finished(count);
    }

    fn perform(&self, state: &mut State, effects: Vec<Effect>, todo: &mut Todo) {
        for effect in effects {
            match effect {
                Effect::Submit(transition) if self.store.is_immediate() => {
                    todo.commits.push(*transition);
                }
                Effect::Submit(transition) => {
                    self.began(1);
                    if !self.commits.push(Job::Transition(transition)) {
                        self.finished(1);
                    }
                }
                Effect::Run(task) => {
                    self.began(1);
                    let cancel = Arc::new(Cancel::default());
                    let key = (task.execution.clone(), task.call.attempt);
                    state.running.insert(key, cancel.clone());
                    todo.ready.push(Work::Run(task, cancel));
                }
                Effect::Cancel { execution, attempt } => {
                    let key = (execution, attempt);
                    match state.running.remove(&key) {
                        Some(cancel) => cancel.set(),
                        None => self.messages.withdraw(&key.0, key.1),
                    }
                }
                Effect::WakeAt(at) => self.alarm.set(at),
                Effect::Continue { execution } => {
                    self.began(1);
                    todo.ready.push(Work::Continue(execution));
                }
                Effect::Publish { execution, events } => {
                    self.messages.published(&execution, &events);
                    if let (Some(reports), Some(last)) =
                        (state.progress.get(&execution), events.last())
                    {
                        reports.reached(last.seq);
                    }
                }
                Effect::Answer { reply, answer } => {
                    if let Some(sender) = state.replies.remove(&reply) {
                        // Whoever asked may have gone away.
                        let _ = sender.send(answer);
                    }
                }
                Effect::Ended {
                    execution,
                    status,
                    outcome,
                } => {
                    if let Some(reports) = state.progress.remove(&execution) {
                        reports.end(status, outcome);
                    }
                }
                Effect::Lost { execution, reason } => {
                    if let Some(reports) = state.progress.remove(&execution) {
                        let error = ErrorOutput::new("States.Runtime", reason);
                        reports.end(Status::Failed, Outcome::Error(error));
                    }
                }
            }
        }
    }

    fn continue_later(self: &Arc<Self>, execution: ExecutionArn) {
        let shell = self.clone();
        self.guests.spawn(async move {
            shell.input(Input::Continue { execution });
            shell.finished(1);
        });
    }
}
