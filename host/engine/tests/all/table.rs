//! The table at the head of `apply.rs`: every event in every phase, allowed or refused as it says.

use asl::{ScopeId, StateId};
use engine::{
    AttemptId, ErrorOutput, Event, EventKind, Execution, ExecutionArn, FrameId, Header,
    HistoryLink, Place, Timestamp, Usage, Went, Workflow,
};
use expr::Data;
use serde_json::json;

/// Where the frame under test is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    NotStarted,
    Entering,
    Entered,
    Scheduled,
    Started,
    Waiting,
    Backoff,
    Failing,
    Succeeded,
    Branches,
    BranchesDone,
    Iterations,
    IterationsDone,
    BranchEnded,
    IterationEnded,
    TopEnded,
    Over,
    Failed,
    Resuming,
    ResumingBranches,
}

const ALL: [At; 20] = [
    At::NotStarted,
    At::Entering,
    At::Entered,
    At::Scheduled,
    At::Started,
    At::Waiting,
    At::Backoff,
    At::Failing,
    At::Succeeded,
    At::Branches,
    At::BranchesDone,
    At::Iterations,
    At::IterationsDone,
    At::BranchEnded,
    At::IterationEnded,
    At::TopEnded,
    At::Resuming,
    At::ResumingBranches,
    At::Over,
    At::Failed,
];

/// Everywhere between the start and the end.
const ALIVE: &[At] = ALL.split_at(1).1.split_at(17).0;

/// The table. A new kind of event has to find its place here.
fn allowed(kind: &EventKind) -> &'static [At] {
    match kind {
        EventKind::ExecutionStarted { .. } => &[At::NotStarted],
        EventKind::ExecutionRedriven { .. } => &[At::Failed],
        EventKind::StateResumed => &[At::Resuming],
        EventKind::ChildrenResumed { .. } => &[At::ResumingBranches],
        // A Fail is entered again.
        EventKind::StateEntered { .. } => &[At::Entering, At::Resuming],
        EventKind::StateExited { .. } => &[At::Entered, At::Succeeded, At::Failing, At::Waiting],
        EventKind::StateFailed(_) => &[
            At::Entered,
            At::Succeeded,
            At::Branches,
            At::BranchesDone,
            At::Iterations,
            At::IterationsDone,
        ],
        // The child that failed has to be alive: here only those of a Parallel are.
        EventKind::ChildFailed { .. } => &[At::Branches],
        EventKind::RetryArmed { .. } | EventKind::ParallelFailed | EventKind::MapFailed => {
            &[At::Failing]
        }
        EventKind::EvaluationFailed { .. } => &[
            At::Entered,
            At::Succeeded,
            At::Failing,
            At::Waiting,
            At::Branches,
            At::BranchesDone,
            At::Iterations,
            At::IterationsDone,
        ],
        EventKind::RetryBegun => &[At::Backoff],
        EventKind::WaitArmed { .. }
        | EventKind::TaskScheduled { .. }
        | EventKind::ParallelStarted { .. }
        | EventKind::MapStarted { .. } => &[At::Entered],
        EventKind::TaskStarted { .. } => &[At::Scheduled],
        EventKind::TaskSubmitted { .. }
        | EventKind::TaskRecovered { .. }
        | EventKind::HeartbeatRecorded { .. }
        | EventKind::TaskSucceeded { .. }
        | EventKind::TaskFailed { .. }
        | EventKind::TaskTimedOut { .. } => &[At::Scheduled, At::Started],
        EventKind::IterationStarted { .. } => &[At::Iterations],
        EventKind::BranchSucceeded => &[At::BranchEnded],
        EventKind::IterationSucceeded { .. } => &[At::IterationEnded],
        EventKind::ParallelSucceeded => &[At::BranchesDone],
        EventKind::MapSucceeded => &[At::IterationsDone],
        EventKind::StateAborted
        | EventKind::IterationAborted { .. }
        | EventKind::IterationFailed { .. }
        | EventKind::ExecutionSucceeded { .. }
        | EventKind::ExecutionFailed(_)
        | EventKind::ExecutionTimedOut(_)
        | EventKind::ExecutionAborted(_) => ALIVE,
    }
}

/// One of each kind. `attempt` is the one that runs, `fresh` the next to be given out.
fn kinds(attempt: AttemptId, fresh: AttemptId) -> Vec<EventKind> {
    let output = data();
    let until = Timestamp(9);
    let usage = Usage::default();
    let error = ErrorOutput::default();
    vec![
        started(),
        EventKind::ExecutionSucceeded { output: data() },
        EventKind::ExecutionFailed(error.clone()),
        EventKind::ExecutionTimedOut(error.clone()),
        EventKind::ExecutionAborted(error.clone()),
        EventKind::ExecutionRedriven { redrive_count: 1 },
        EventKind::StateResumed,
        EventKind::ChildrenResumed { length: None },
        entered(),
        exited(Went::End),
        EventKind::StateAborted,
        EventKind::StateFailed(error.clone()),
        EventKind::ChildFailed {
            child: FrameId(1),
            error: error.clone(),
        },
        EventKind::RetryArmed {
            retrier: 0,
            attempt: fresh,
            until,
        },
        EventKind::RetryBegun,
        EventKind::WaitArmed {
            attempt: fresh,
            until,
        },
        scheduled(fresh),
        EventKind::TaskStarted {
            attempt,
            worker: None,
        },
        EventKind::TaskSubmitted {
            attempt,
            output: output.clone(),
        },
        EventKind::TaskRecovered { attempt },
        EventKind::HeartbeatRecorded { attempt, until },
        EventKind::TaskSucceeded {
            attempt,
            output,
            usage,
        },
        EventKind::TaskFailed {
            attempt,
            error,
            usage,
        },
        EventKind::TaskTimedOut {
            attempt,
            heartbeat: false,
        },
        branches(),
        EventKind::ParallelSucceeded,
        EventKind::ParallelFailed,
        items(&json!([1, 2])),
        EventKind::IterationStarted {
            index: 0,
            input: data(),
            place: PLACE,
        },
        EventKind::IterationSucceeded { index: 0 },
        EventKind::IterationFailed { index: 0 },
        EventKind::IterationAborted { index: 0 },
        EventKind::MapSucceeded,
        EventKind::MapFailed,
        EventKind::BranchSucceeded,
        EventKind::EvaluationFailed {
            error: ErrorOutput::new("States.QueryEvaluationError", "cause"),
            location: Some("Output".into()),
        },
    ]
}

const PLACE: Place = Place {
    scope: ScopeId(0),
    start_at: StateId(0),
};

fn data() -> Data {
    Data::empty_object()
}

fn started() -> EventKind {
    EventKind::ExecutionStarted {
        header: Box::new(Header {
            arn: ExecutionArn("arn".into()),
            name: "name".into(),
            machine_arn: "machine".into(),
            machine_name: "machine".into(),
            revision: "1".into(),
            role_arn: "role".into(),
            workflow: Workflow::Standard,
            input: data(),
            started_at: Timestamp(1),
            version_arn: None,
            alias_arn: None,
            trace_header: None,
        }),
        place: PLACE,
    }
}

fn entered() -> EventKind {
    EventKind::StateEntered {
        state: StateId(0),
        input: data(),
    }
}

fn exited(went: Went) -> EventKind {
    EventKind::StateExited {
        output: data(),
        assigned: Vec::new(),
        went,
    }
}

fn scheduled(attempt: AttemptId) -> EventKind {
    EventKind::TaskScheduled {
        attempt,
        parameters: data(),
        timeout_seconds: None,
        heartbeat_seconds: None,
        role_arn: None,
    }
}

fn branches() -> EventKind {
    EventKind::ParallelStarted {
        input: data(),
        branches: vec![PLACE, PLACE],
    }
}

fn items(items: &serde_json::Value) -> EventKind {
    EventKind::MapStarted {
        items: items.clone().into(),
        length: items.as_array().unwrap().len() as u64,
        concurrency: 1,
    }
}

/// A history in the making.
#[derive(Default)]
struct Story {
    execution: Execution,
    history_id: u64,
}

impl Story {
    fn event(&self, frame: u64, kind: EventKind) -> Event {
        Event {
            seq: self.execution.seq() + 1,
            at: Timestamp(1),
            history: kind.is_visible().then_some(HistoryLink {
                id: self.history_id + 1,
                previous: self.history_id,
            }),
            frame: FrameId(frame),
            kind,
        }
    }

    fn then(mut self, frame: u64, kind: EventKind) -> Story {
        let event = self.event(frame, kind);
        self.execution.apply(&event).unwrap();
        self.history_id += u64::from(event.history.is_some());
        self
    }
}

/// A story that ends there, and the frame under test.
fn story(at: At) -> (Story, u64) {
    let new = Story::default();
    if at == At::NotStarted {
        return (new, 0);
    }
    let entering = new.then(0, started());
    if at == At::Entering {
        return (entering, 0);
    }
    let entered_story = entering.then(0, entered());
    let first = AttemptId(0);
    let child_ended =
        |story: Story, frame| story.then(frame, entered()).then(frame, exited(Went::End));
    match at {
        At::NotStarted | At::Entering | At::Entered => (entered_story, 0),
        At::Scheduled => (entered_story.then(0, scheduled(first)), 0),
        At::Started => {
            let started = EventKind::TaskStarted {
                attempt: first,
                worker: None,
            };
            (entered_story.then(0, scheduled(first)).then(0, started), 0)
        }
        At::Waiting => {
            let armed = EventKind::WaitArmed {
                attempt: first,
                until: Timestamp(9),
            };
            (entered_story.then(0, armed), 0)
        }
        At::Failing => (
            entered_story.then(0, EventKind::StateFailed(ErrorOutput::default())),
            0,
        ),
        At::Backoff => {
            let armed = EventKind::RetryArmed {
                retrier: 0,
                attempt: first,
                until: Timestamp(9),
            };
            (story(At::Failing).0.then(0, armed), 0)
        }
        At::Succeeded => {
            let done = EventKind::TaskSucceeded {
                attempt: first,
                output: data(),
                usage: Usage::default(),
            };
            (entered_story.then(0, scheduled(first)).then(0, done), 0)
        }
        At::Branches => (entered_story.then(0, branches()), 0),
        At::BranchEnded => (child_ended(entered_story.then(0, branches()), 1), 1),
        At::BranchesDone => {
            let one = child_ended(entered_story.then(0, branches()), 1);
            let one = one.then(1, EventKind::BranchSucceeded);
            let both = child_ended(one, 2).then(2, EventKind::BranchSucceeded);
            (both, 0)
        }
        At::Iterations => (entered_story.then(0, items(&json!([1, 2]))), 0),
        At::IterationsDone => (entered_story.then(0, items(&json!([]))), 0),
        At::IterationEnded => {
            let begun = EventKind::IterationStarted {
                index: 0,
                input: data(),
                place: PLACE,
            };
            let running = story(At::Iterations).0.then(0, begun);
            (child_ended(running, 1), 1)
        }
        At::Failed => {
            let failed = EventKind::ExecutionFailed(ErrorOutput::default());
            (entered_story.then(0, failed), 0)
        }
        At::Resuming | At::ResumingBranches => {
            let failed = match at {
                At::Resuming => story(At::Failed).0,
                _ => {
                    let stopped = EventKind::ExecutionAborted(ErrorOutput::default());
                    story(At::Branches).0.then(0, stopped)
                }
            };
            let redriven = EventKind::ExecutionRedriven { redrive_count: 1 };
            (failed.then(0, redriven), 0)
        }
        At::TopEnded => (entered_story.then(0, exited(Went::End)), 0),
        At::Over => {
            let end = EventKind::ExecutionSucceeded { output: data() };
            (entered_story.then(0, exited(Went::End)).then(0, end), 0)
        }
    }
}

/// The next attempt to be given out there.
fn fresh(at: At) -> AttemptId {
    match at {
        At::Scheduled | At::Started | At::Waiting | At::Backoff | At::Succeeded => AttemptId(1),
        _ => AttemptId(0),
    }
}

#[test]
fn every_event_is_allowed_where_the_table_says_so_and_nowhere_else() {
    assert_eq!(kinds(AttemptId(0), AttemptId(0)).len(), 36);
    for at in ALL {
        for kind in kinds(AttemptId(0), fresh(at)) {
            let (mut story, frame) = story(at);
            let event = story.event(frame, kind);
            let answer = story.execution.apply(&event);
            let name = event.kind.name();
            let wanted = allowed(&event.kind).contains(&at);
            assert_eq!(answer.is_ok(), wanted, "{name} at {at:?}: {answer:?}");
        }
    }
}

#[test]
fn an_event_of_a_frame_that_is_not_there_is_refused() {
    for kind in kinds(AttemptId(0), AttemptId(0)) {
        // What ends the execution, or starts it, is of no frame.
        if kind.is_terminal()
            || matches!(
                kind,
                EventKind::ExecutionStarted { .. } | EventKind::ExecutionRedriven { .. }
            )
        {
            continue;
        }
        let (mut story, _) = story(At::Entered);
        let event = story.event(77, kind);
        assert!(story.execution.apply(&event).is_err(), "{event:?}");
    }
}

#[test]
fn an_event_out_of_sequence_is_refused() {
    for seq in [0, 1, 2, 4, u64::MAX] {
        let (mut story, _) = story(At::Entered);
        let mut event = story.event(0, scheduled(AttemptId(0)));
        event.seq = seq;
        assert!(story.execution.apply(&event).is_err(), "{seq}");
    }
}

#[test]
fn a_history_id_that_does_not_follow_is_refused() {
    let link = |id, previous| Some(HistoryLink { id, previous });
    for history in [None, link(2, 1), link(4, 1), link(3, 3), link(3, 4)] {
        let (mut story, _) = story(At::Entered);
        let mut event = story.event(0, scheduled(AttemptId(0)));
        event.history = history;
        assert!(story.execution.apply(&event).is_err(), "{history:?}");
    }
    let (mut story, _) = story(At::Failing);
    let armed = EventKind::RetryArmed {
        retrier: 0,
        attempt: AttemptId(0),
        until: Timestamp(9),
    };
    let mut event = story.event(0, armed);
    event.history = link(3, 2);
    let answer = story.execution.apply(&event);
    assert!(
        answer.is_err(),
        "an internal event has no place in the history"
    );
}

#[test]
fn an_attempt_that_is_not_the_one_is_refused() {
    let answers = [
        EventKind::TaskStarted {
            attempt: AttemptId(1),
            worker: None,
        },
        EventKind::TaskSucceeded {
            attempt: AttemptId(1),
            output: data(),
            usage: Usage::default(),
        },
        EventKind::TaskTimedOut {
            attempt: AttemptId(1),
            heartbeat: true,
        },
    ];
    for kind in answers {
        let (mut story, _) = story(At::Scheduled);
        let event = story.event(0, kind);
        assert!(story.execution.apply(&event).is_err(), "{event:?}");
    }
    let (mut story, _) = story(At::Entered);
    let event = story.event(0, scheduled(AttemptId(5)));
    assert!(
        story.execution.apply(&event).is_err(),
        "attempts have no gap"
    );
}

#[test]
fn a_map_event_of_another_length_or_index_is_refused() {
    let (mut story_of_map, _) = story(At::Entered);
    let event = story_of_map.event(
        0,
        EventKind::MapStarted {
            items: json!([1]).into(),
            length: 2,
            concurrency: 1,
        },
    );
    assert!(story_of_map.execution.apply(&event).is_err());
    let (mut story_of_item, _) = story(At::Iterations);
    let event = story_of_item.event(
        0,
        EventKind::IterationStarted {
            index: 1,
            input: data(),
            place: PLACE,
        },
    );
    assert!(story_of_item.execution.apply(&event).is_err());
}
