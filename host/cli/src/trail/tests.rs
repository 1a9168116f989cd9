//! Every folder of `tests/trail` is one case: `definition.asl.json`, `input.json` and `script.json` of
//! the simulator, and the lines that are expected in `trail.txt`. `UPDATE_EXPECT=1` writes the
//! expectations; the difference is then reviewed like code.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use asl::{Resource, StateMachine};
use engine::{Event, EventKind, Timestamp};
use expr::Data;
use shard::sim::{self, Script, Settings};
use store::{MemoryStore, Store};

use super::{Look, Trail, task_of};

const PLAIN: Look = Look {
    ascii: false,
    color: false,
};

struct Case {
    folder: PathBuf,
    machine: StateMachine,
    events: Vec<Event>,
}

fn folders(root: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let entries = fs::read_dir(root).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn cases(root: &str) -> Vec<Case> {
    folders(root).into_iter().map(simulate).collect()
}

fn simulate(folder: PathBuf) -> Case {
    let read = |file: &str| fs::read_to_string(folder.join(file));
    let definition = read("definition.asl.json").unwrap();
    let script = match read("script.json") {
        Ok(text) => Script::read(&serde_json::from_str(&text).unwrap()).unwrap(),
        Err(_) => Script::default(),
    };
    let parsed = asl::parse(&definition, source::Format::Json);
    let settings = Settings {
        machine: parsed.machine.unwrap(),
        input: Data::parse(read("input.json").unwrap().trim()).unwrap(),
        script,
        seed: 1,
    };
    let store = MemoryStore::new();
    let mut commit = |group| {
        let answers = store.commit(group).unwrap();
        answers
            .into_iter()
            .map(|answer| answer.map_or_else(|c| panic!("{c:?}"), |_| Ok(())))
            .collect()
    };
    let mut events = sim::run(&settings, &mut commit).unwrap().events;
    // `run` shows an execution until it is over; only a server redrives it after that.
    let over = events.iter().position(|event| event.kind.is_terminal());
    events.truncate(over.map_or(events.len(), |last| last + 1));
    let machine = settings.machine;
    measure(&mut events, &machine);
    Case {
        folder,
        machine,
        events,
    }
}

/// The simulator's functions use nothing: here they are given a use that follows from their time, all
/// of it but 100 µs inside the sandbox.
fn measure(events: &mut [Event], machine: &StateMachine) {
    let mut out: BTreeMap<u64, Timestamp> = BTreeMap::new();
    let mut is_function: BTreeMap<u64, bool> = BTreeMap::new();
    for event in events {
        let (at, frame) = (event.at, event.frame.0);
        match &mut event.kind {
            EventKind::StateEntered { state, .. } => {
                let resource = machine.state(*state).and_then(task_of);
                is_function.insert(frame, matches!(resource, Some(Resource::Function { .. })));
            }
            EventKind::TaskScheduled { .. } => {
                out.insert(frame, at);
            }
            EventKind::TaskSucceeded { usage, .. } | EventKind::TaskFailed { usage, .. }
                if is_function[&frame] =>
            {
                usage.duration_us = at.micros_since(out[&frame]).saturating_sub(100);
                usage.fuel = usage.duration_us * 37;
                usage.memory_peak_bytes = (1 + usage.duration_us % 20) * 65_536;
            }
            _ => {}
        }
    }
}

/// The lines, and the trail at its end.
fn follow(case: &Case, look: Look) -> (Vec<String>, Trail<'_>) {
    let mut trail = Trail::new(&case.machine, look);
    let lines = case.events.iter().flat_map(|event| trail.follow(event));
    let lines: Vec<String> = lines.collect();
    (lines, trail)
}

fn whole(case: &Case, look: Look) -> String {
    let (mut lines, trail) = follow(case, look);
    lines.extend(trail.summary());
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn every_case_is_told_as_expected() {
    let cases = cases("tests/trail");
    assert!(cases.len() >= 12, "only {} cases", cases.len());
    for case in &cases {
        for (file, ascii) in [("trail.txt", false), ("trail-ascii.txt", true)] {
            let path = case.folder.join(file);
            let actual = whole(case, Look { ascii, ..PLAIN });
            if std::env::var_os("UPDATE_EXPECT").is_some() {
                fs::write(&path, &actual).unwrap();
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(actual, expected, "{}", path.display());
        }
    }
}

#[test]
fn colours_change_no_word() {
    let look = Look {
        color: true,
        ..PLAIN
    };
    for case in cases("tests/trail") {
        let colored = whole(&case, look);
        let stripped = anstream::adapter::strip_str(&colored).to_string();
        let words = |text: &str| -> Vec<String> {
            text.lines()
                .map(|line| line.trim_end().to_owned())
                .collect()
        };
        assert_ne!(colored, stripped);
        assert_eq!(words(&stripped), words(&whole(&case, PLAIN)));
    }
}

#[test]
fn ascii_is_ascii_whatever_the_guests_say() {
    let look = Look {
        ascii: true,
        ..PLAIN
    };
    for case in cases("tests/trail") {
        assert!(whole(&case, look).is_ascii(), "{}", case.folder.display());
    }
}

/// What is true of every execution, on all cases of the engine.
#[test]
fn every_state_that_is_entered_is_left_in_one_line() {
    let cases = cases("../../tests/engine");
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    for case in &cases {
        let folder = case.folder.display();
        let (lines, trail) = follow(case, PLAIN);
        let ends = ["✓", "↷", "✗", "■"];
        let left = lines
            .iter()
            .filter(|line| ends.iter().any(|mark| line.starts_with(mark)));
        assert_eq!(left.count() as u64, trail.states(), "{folder}");
        let retried = lines.iter().filter(|line| line.starts_with('↻')).count() as u64;
        assert!(trail.transitions() <= trail.states() + retried, "{folder}");
        assert_eq!(trail.visits.frames().count(), 0, "{folder}");
        assert!(
            !lines.iter().any(|line| line.contains(char::is_control)),
            "{folder}"
        );
        assert!(!lines.iter().any(|line| line.contains("?[")), "{folder}");
        let failed = case.events.last().map(|event| &event.kind);
        if let Some(EventKind::ExecutionFailed(_)) = failed {
            assert!(lines.iter().any(|line| line.starts_with('✗')), "{folder}");
        }
    }
}

#[test]
fn a_line_comes_with_the_event_it_ends_at() {
    for case in cases("tests/trail") {
        let mut trail = Trail::new(&case.machine, PLAIN);
        for event in &case.events {
            let at = super::amount::offset(event.at.micros_since(case.events[0].at));
            for line in trail.follow(event) {
                assert!(
                    line.contains(&format!("→ {at}")) || line.contains("→ … "),
                    "{line}"
                );
            }
        }
    }
}

#[test]
fn the_summary_can_be_had_before_the_end() {
    let case = simulate(folders("tests/trail").remove(1));
    let mut trail = Trail::new(&case.machine, PLAIN);
    assert_eq!(
        trail.figures(),
        super::Figures {
            express_usd: 0.000_001,
            ..Default::default()
        }
    );
    for event in &case.events[..3] {
        trail.follow(event);
    }
    assert_eq!(trail.summary()[0], "⏸ RUNNING");
}
