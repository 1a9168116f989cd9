//! The templates of the shipped workflows read without a finding, and the paths in them are there.

use std::fs;
use std::path::Path;

use source::Format;
use template::Definition;

#[test]
fn every_shipped_template_is_clean_and_its_paths_exist() {
    let workflows = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workflows");
    let mut count = 0;
    for entry in fs::read_dir(&workflows).unwrap() {
        let folder = entry.unwrap().path();
        let Ok(text) = fs::read_to_string(folder.join("template.yaml")) else {
            continue;
        };
        count += 1;
        let parsed = template::parse(&text, Format::Yaml);
        assert_eq!(parsed.diagnostics, [], "{}", folder.display());
        let template = parsed.template.unwrap();
        assert_eq!(template.state_machines.len(), 1, "{}", folder.display());
        let machine = &template.state_machines[0];
        assert!(folder.ends_with(&machine.name), "{}", machine.name);
        let Definition::Uri(uri) = &machine.definition else {
            panic!("{}: an inline definition", folder.display());
        };
        assert!(folder.join(uri).is_file(), "{uri}");
        for function in &template.functions {
            let manifest = folder.join(&function.code_uri).join("Cargo.toml");
            assert!(manifest.is_file(), "{}", manifest.display());
        }
    }
    assert!(count >= 3, "only {count} workflows");
}
