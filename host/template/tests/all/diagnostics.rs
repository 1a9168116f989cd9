//! Every folder under `tests/diagnostics` holds a `template.yaml` or `template.json` and the exact text
//! that a user sees for it. `UPDATE_EXPECT=1` writes the texts anew.

use std::fs;
use std::path::{Path, PathBuf};

use source::Format;

#[test]
fn every_template_gets_exactly_its_expected_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut cases: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() >= 10, "only {} cases", cases.len());
    let differing: Vec<String> = cases
        .iter()
        .filter_map(|case| differs(case, update))
        .collect();
    assert!(differing.is_empty(), "{}", differing.join("\n\n"));
}

/// What is wrong with the case, if anything.
fn differs(case: &Path, update: bool) -> Option<String> {
    let (name, format) = if case.join("template.json").exists() {
        ("template.json", Format::Json)
    } else {
        ("template.yaml", Format::Yaml)
    };
    let text = fs::read_to_string(case.join(name)).unwrap();
    let parsed = template::parse(&text, format);
    let actual = source::render(name, &text, &parsed.diagnostics, false);
    let expected_path = case.join("expected.txt");
    if update {
        fs::write(&expected_path, &actual).unwrap();
        return None;
    }
    let expected = fs::read_to_string(&expected_path).unwrap_or_default();
    (expected != actual).then(|| {
        format!(
            "{}:\n--- expected\n{expected}\n--- actual\n{actual}",
            case.display()
        )
    })
}
