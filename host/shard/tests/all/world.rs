//! What every test of this binary needs: a definition that is good, a memory store to commit to, and
//! the checks that hold for every story.

use engine::{Execution, Transition};
use expr::Data;
use shard::Refusal;
use shard::sim::{self, Script, Settings, SimError, Story};
use store::{ConflictKind, MemoryStore, Store};

pub(crate) fn machine(text: &str) -> asl::StateMachine {
    let parsed = asl::parse(text, source::Format::Json);
    match parsed.machine {
        Some(machine) => machine,
        None => panic!(
            "{}",
            source::render("definition", text, &parsed.diagnostics, false)
        ),
    }
}

pub(crate) fn settings(definition: &str, input: &str, script: Script) -> Settings {
    Settings {
        machine: machine(definition),
        input: Data::parse(input.trim()).unwrap(),
        script,
        seed: 1,
    }
}

/// Runs to the end on a memory store, and checks what is true of every story.
pub(crate) fn run(settings: &Settings) -> Result<Story, SimError> {
    let store = MemoryStore::new();
    let mut commit = |group| commit_to(&store, group);
    let story = sim::run(settings, &mut commit)?;
    check(&story, &store);
    Ok(story)
}

pub(crate) fn commit_to(store: &dyn Store, group: Vec<Transition>) -> Vec<Result<(), Refusal>> {
    let answers = store.commit(group).unwrap();
    let answer = |answer: Result<_, store::Conflict>| match answer {
        Ok(_) => Ok(()),
        Err(conflict) => Err(match conflict.kind {
            ConflictKind::NameTaken => Refusal::NameTaken,
            ConflictKind::Fenced | ConflictKind::Damaged => Refusal::Fenced,
        }),
    };
    answers.into_iter().map(answer).collect()
}

/// I1, I5: what is stored is what was shown, and folds to the state that ended.
fn check(story: &Story, store: &MemoryStore) {
    let arn = Settings::execution();
    let stored = store.events(&arn, 0, usize::MAX).unwrap();
    let head = stored.len().min(story.events.len());
    assert_eq!(stored[..head], story.events[..head]);
    let mut fold = Execution::new();
    let mut history_id = 0;
    for (seq, event) in (1..).zip(&story.events) {
        assert_eq!(event.seq, seq, "sequence numbers have no gap");
        if let Some(link) = event.history {
            history_id += 1;
            assert_eq!(link.id, history_id, "history ids are dense");
            assert!(link.previous < link.id);
        }
        fold.apply(event).unwrap();
    }
    assert_eq!(fold.status(), story.status);
    assert_eq!(fold.outcome(), Some(&story.outcome));
    assert_eq!(store::recover(store, &arn).unwrap(), Some(fold));
    let timers = store.timers_due(0, engine::Timestamp(i64::MAX), 9).unwrap();
    assert_eq!(timers, [], "nothing is left of an execution that is over");
}
