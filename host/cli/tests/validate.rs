//! `stepwell validate` as people run it: what it prints, to the letter, and how it ends.
//!
//! Each folder of `tests/validate` is a case; what is expected of a command line in it is in a file
//! beside the definitions. `UPDATE_EXPECT=1` writes these anew; the change is then reviewed like code.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot do without may end it"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/validate")
        .join(case)
}

/// Runs `stepwell validate` in the folder of a case: stdout, stderr and the exit code as one text.
fn validate(case: &str, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_stepwell"))
        .arg("validate")
        .args(args)
        .current_dir(folder(case))
        .output()
        .unwrap();
    format!(
        "{}--- stderr\n{}--- exit {}\n",
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
        output.status.code().unwrap()
    )
}

fn check(case: &str, args: &[&str], expected: &str) {
    let found = validate(case, args);
    let file = folder(case).join(expected);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(found, expected, "{}", file.display());
}

#[test]
fn a_definition_from_the_wild_gets_exactly_its_one_error() {
    check("missing-catch-target", &["order.asl.json"], "expected.txt");
}

#[test]
fn programs_get_the_same_as_one_document() {
    check(
        "missing-catch-target",
        &["order.asl.json", "--output", "json"],
        "expected.json.txt",
    );
}

#[test]
fn a_folder_is_its_template_with_all_definitions_and_functions() {
    check("template-and-definitions", &["."], "expected.txt");
}

#[test]
fn a_file_that_is_named_twice_is_checked_once() {
    let once = validate("template-and-definitions", &["template.yaml"]);
    let twice = validate(
        "template-and-definitions",
        &["template.yaml", "template.yaml"],
    );
    assert_eq!(once, twice);
}

#[test]
fn warnings_are_shown_and_fail_only_on_demand() {
    check("warnings", &["order.asl.json"], "expected.txt");
    let denied = validate("warnings", &["order.asl.json", "--deny-warnings"]);
    assert!(denied.ends_with("--- exit 1\n"), "{denied}");
}

#[test]
fn a_function_that_nobody_has_is_a_warning_in_a_bare_definition() {
    check("unknown-function", &["order.asl.json"], "expected.txt");
}

#[test]
fn matters_of_taste_are_told_on_demand() {
    let plain = validate("sound", &["."]);
    assert_eq!(
        plain,
        "--- stderr\n1 file checked: no problems\n--- exit 0\n"
    );
    check("sound", &[".", "--pedantic"], "expected.pedantic.txt");
}

#[test]
fn a_path_that_is_not_there_is_a_mistake_on_the_command_line() {
    let found = validate("sound", &["nowhere.asl.json"]);
    let expected = "--- stderr\nerror: there is no file or folder nowhere.asl.json\n--- exit 2\n";
    assert_eq!(found, expected);
}

#[test]
fn the_workflows_that_are_shipped_are_sound() {
    let found = validate(
        "../../../../workflows",
        &[
            "order-processing",
            "line-item-pricing",
            "nightly-batch",
            "--deny-warnings",
        ],
    );
    assert_eq!(
        found,
        "--- stderr\n6 files checked: no problems\n--- exit 0\n"
    );
}
