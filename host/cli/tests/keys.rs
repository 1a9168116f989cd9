//! `stepwell keys` as people run it.

#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot do without may end it"
)]

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

struct Ended {
    stdout: String,
    stderr: String,
    code: i32,
}

fn keys(folder: &TempDir, args: &[&str]) -> Ended {
    let output = Command::new(env!("CARGO_BIN_EXE_stepwell"))
        .arg("keys")
        .args(args)
        .current_dir(folder.path())
        .env_remove("STEPWELL_DATA_DIR")
        .output()
        .unwrap();
    Ended {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap(),
    }
}

fn create(folder: &TempDir) -> Value {
    let made = keys(
        folder,
        &["create", "--name", "ci", "--allow", "*", "--output", "json"],
    );
    assert_eq!(made.code, 0, "{}", made.stderr);
    serde_json::from_str(&made.stdout).unwrap()
}

#[test]
fn a_secret_is_shown_once_and_never_again() {
    let folder = TempDir::new().unwrap();
    let made = create(&folder);
    let (id, secret) = (
        made["accessKeyId"].as_str().unwrap(),
        made["secretAccessKey"].as_str().unwrap(),
    );
    for args in [
        vec!["list"],
        vec!["list", "--output", "json"],
        vec!["show", id],
        vec!["show", id, "--output", "json"],
        vec!["deny", id, "lambda:*"],
        vec!["disable", id],
        vec!["enable", id],
        vec!["delete", id],
    ] {
        let shown = keys(&folder, &args);
        assert_eq!(shown.code, 0, "{args:?} {}", shown.stderr);
        assert!(
            !shown.stdout.contains(secret) && !shown.stderr.contains(secret),
            "{args:?}"
        );
    }
}

#[test]
fn a_key_is_made_in_the_form_of_a_credentials_file() {
    let folder = TempDir::new().unwrap();
    let made = keys(
        &folder,
        &["create", "--allow", "*", "--data-dir", "elsewhere"],
    );
    assert!(
        made.stdout
            .starts_with("[default]\naws_access_key_id = AKIA"),
        "{}",
        made.stdout
    );
    assert_eq!(made.stdout.lines().count(), 3);
    assert!(folder.path().join("elsewhere/keys").is_dir());
    assert!(!folder.path().join(".stepwell").exists());
}

#[test]
fn what_was_said_of_a_key_is_shown_and_can_be_taken_back() {
    let folder = TempDir::new().unwrap();
    let made = create(&folder);
    let id = made["accessKeyId"].as_str().unwrap();
    let rule = "states:Start*=arn:aws:states:*:*:stateMachine:orders";
    assert_eq!(keys(&folder, &["allow", id, rule, "sqs:*"]).code, 0);
    assert_eq!(keys(&folder, &["deny", id, "lambda:*"]).code, 0);
    assert_eq!(keys(&folder, &["revoke", id, "*", "sqs:*"]).code, 0);
    let shown = keys(&folder, &["show", id]).stdout;
    let expected = "name: ci\nallow states:Start* on arn:aws:states:*:*:stateMachine:orders\ndeny lambda:* on *\n";
    assert_eq!(shown.split_once('\n').unwrap().1, expected);
    let again = keys(&folder, &["revoke", id, "sqs:*"]);
    assert_eq!(again.code, 2, "{}", again.stderr);
}

#[test]
fn a_disabled_key_is_listed_as_such() {
    let folder = TempDir::new().unwrap();
    let made = create(&folder);
    let id = made["accessKeyId"].as_str().unwrap();
    let states = || keys(&folder, &["list"]).stdout;
    assert!(states().contains("  ci  enabled "), "{}", states());
    assert_eq!(keys(&folder, &["disable", id]).code, 0);
    assert!(states().contains("  ci  disabled "), "{}", states());
    assert_eq!(keys(&folder, &["delete", id]).code, 0);
    assert_eq!(states(), "");
}

#[test]
fn what_cannot_be_used_is_a_usage_error() {
    let folder = TempDir::new().unwrap();
    for args in [
        vec!["create"],
        vec!["create", "--allow", "everything"],
        vec!["create", "--allow", "states:*=orders"],
        vec!["create", "--allow", "*", "--name", "a b"],
        vec!["show", "../../etc/passwd"],
        vec!["show", "AKIAAAAAAAAAAAAAAAAA"],
        vec!["delete", "AKIAAAAAAAAAAAAAAAAA"],
        vec!["allow", "AKIAAAAAAAAAAAAAAAAA", "*"],
        vec!["allow", "AKIAAAAAAAAAAAAAAAAA"],
    ] {
        let ended = keys(&folder, &args);
        assert_eq!((ended.code, ended.stdout), (2, String::new()), "{args:?}");
    }
    assert!(
        !folder.path().join(".stepwell").exists(),
        "nothing was made"
    );
}

#[test]
fn a_file_that_is_no_key_does_not_hide_the_others() {
    let folder = TempDir::new().unwrap();
    create(&folder);
    let broken = folder
        .path()
        .join(".stepwell/keys/AKIABROKENBROKENBROK.json");
    std::fs::write(broken, "{").unwrap();
    let ended = keys(&folder, &["list"]);
    assert_eq!((ended.code, ended.stdout.lines().count()), (7, 1));
    assert!(
        ended
            .stderr
            .contains("AKIABROKENBROKENBROK.json is no key file"),
        "{}",
        ended.stderr
    );
}
