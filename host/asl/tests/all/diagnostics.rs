//! Diagnostics as people see them: each folder of `tests/diagnostics` holds a definition and the exact
//! text that it gets. `UPDATE_EXPECT=1` writes the texts anew; the change is then reviewed like code.

use std::path::{Path, PathBuf};

use source::{Format, Severity};

/// The folder of the cases.
fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/diagnostics")
}

fn check(folder: &Path, is_update: bool) -> Result<(), String> {
    let file = ["definition.asl.json", "definition.asl.yaml"]
        .into_iter()
        .find(|name| folder.join(name).exists())
        .ok_or_else(|| format!("{} has no definition", folder.display()))?;
    let text = std::fs::read_to_string(folder.join(file)).map_err(|error| error.to_string())?;
    let parsed = asl::parse(&text, Format::guess(Some(file), &text));
    let has_errors = parsed
        .diagnostics
        .iter()
        .any(|found| found.severity == Severity::Error);
    assert_eq!(parsed.machine.is_none(), has_errors, "{}", folder.display());

    let picture = source::render(file, &text, &parsed.diagnostics, false);
    let expected_file = folder.join("expected.txt");
    if is_update {
        return std::fs::write(expected_file, picture).map_err(|error| error.to_string());
    }
    let expected = std::fs::read_to_string(expected_file).unwrap_or_default();
    match picture == expected {
        true => Ok(()),
        false => Err(format!(
            "{}\n--- expected\n{expected}\n--- found\n{picture}",
            folder.display()
        )),
    }
}

#[test]
fn every_case_gets_its_exact_text() {
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut folders: Vec<PathBuf> = std::fs::read_dir(cases())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    assert!(folders.len() >= 14, "only {} cases", folders.len());
    let failures: Vec<String> = folders
        .iter()
        .filter_map(|folder| check(folder, is_update).err())
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn a_definition_from_the_wild_gets_exactly_its_one_error() {
    let text =
        std::fs::read_to_string(cases().join("order-from-the-wild/definition.asl.json")).unwrap();
    let parsed = asl::parse(&text, Format::Json);
    assert_eq!(parsed.diagnostics.len(), 1);
    let found = &parsed.diagnostics[0];
    assert_eq!(found.message, "Missing 'Next' target: RefundAndNotify");
    assert_eq!(
        found.location.as_deref(),
        Some("/States/ChargePayment/Catch[0]/Next")
    );
    assert_eq!(found.span.unwrap().of(&text), "\"RefundAndNotify\"");

    let repaired = text.replace("\"RefundAndNotify\"", "\"OrderFailed\"");
    assert!(asl::parse(&repaired, Format::Json).diagnostics.is_empty());
}

#[test]
fn a_task_without_a_time_limit_is_told_only_on_demand() {
    let text = r#"{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:1:function:f","End":true}}}"#;
    assert!(asl::parse(text, Format::Json).diagnostics.is_empty());
    let parsed = asl::parse_with(text, Format::Json, asl::Options { pedantic: true });
    assert_eq!(parsed.diagnostics[0].code, asl::code::NO_TIMEOUT);
    assert!(parsed.machine.is_some());
}
