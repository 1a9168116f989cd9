//! Every folder of `tests/engine` is one case: `definition.asl.json`, `input.json`, `script.json` if
//! there are tasks, and what is expected in `expected.json` and `history.txt`. `UPDATE_EXPECT=1` writes
//! the expectations; the difference is then reviewed like code.

use std::fs;
use std::path::{Path, PathBuf};

use engine::Outcome;
use serde_json::{Value, json};
use shard::sim::{Script, Story, history};

use crate::world;

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/engine");
    let mut folders: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_case_ends_as_expected() {
    let folders = folders();
    assert!(folders.len() >= 60, "only {} cases", folders.len());
    let problems: Vec<String> = folders.iter().filter_map(|folder| check(folder)).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// What is wrong with a case.
fn check(folder: &Path) -> Option<String> {
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let read = |file: &str| fs::read_to_string(folder.join(file));
    let definition = read("definition.asl.json").unwrap();
    let script = match read("script.json") {
        Ok(text) => Script::read(&serde_json::from_str(&text).unwrap()).unwrap(),
        Err(_) => Script::default(),
    };
    let settings = world::settings(&definition, &read("input.json").unwrap(), script);
    let story = match world::run(&settings) {
        Ok(story) => story,
        Err(error) => return Some(format!("{name}: {error}")),
    };
    if world::run(&settings).unwrap() != story {
        return Some(format!("{name}: it runs differently the second time"));
    }
    let told = history::tell(&story.events, &settings.machine);
    let lines = history::lines(&told, &story.tokens);
    let expected = format!("{:#}\n", expectation(&story));
    [("expected.json", expected), ("history.txt", lines)]
        .iter()
        .find_map(|(file, actual)| compare(folder, file, actual))
        .map(|problem| format!("{name}: {problem}"))
}

fn compare(folder: &Path, file: &str, actual: &str) -> Option<String> {
    let path = folder.join(file);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(path, actual).unwrap();
        return None;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    (expected != actual).then(|| format!("{file} is\n{actual}\nand not\n{expected}"))
}

fn expectation(story: &Story) -> Value {
    let mut expected = json!({ "status": story.status.as_str() });
    match &story.outcome {
        Outcome::Output(output) => expected["output"] = output.value().clone(),
        Outcome::Error(error) => {
            for (key, text) in [("error", &error.error), ("cause", &error.cause)] {
                if let Some(text) = text {
                    expected[key] = Value::from(&**text);
                }
            }
        }
    }
    expected
}
