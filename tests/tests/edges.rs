//! The crate borders of docs/ARCHITECTURE.md, as cargo sees them: any other edge fails here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Crate → the crates of ours that it may depend on.
const EDGES: &[(&str, &[&str])] = &[
    ("stepwell-expr", &[]),
    ("stepwell-source", &[]),
    ("stepwell-asl", &["stepwell-expr", "stepwell-source"]),
    ("stepwell-engine", &["stepwell-asl", "stepwell-expr"]),
    (
        "stepwell-shard",
        &["stepwell-engine", "stepwell-asl", "stepwell-expr"],
    ),
    ("stepwell-store", &["stepwell-engine"]),
    ("stepwell-sandbox", &[]),
    (
        "stepwell-runtime",
        &[
            "stepwell-shard",
            "stepwell-engine",
            "stepwell-store",
            "stepwell-sandbox",
            "stepwell-asl",
            "stepwell-expr",
        ],
    ),
    ("stepwell-template", &["stepwell-source"]),
    ("stepwell-taskbuild", &[]),
    (
        "stepwell-api",
        &[
            "stepwell-runtime",
            "stepwell-asl",
            "stepwell-engine",
            "stepwell-expr",
            "stepwell-source",
        ],
    ),
    ("stepwell-task-macros", &[]),
    ("stepwell-task", &["stepwell-task-macros"]),
];

/// Crates that wire everything, or test it.
const ALL: &[&str] = &["stepwell", "stepwell-tests", "stepwell-benches"];

/// Outside crates that only one of ours may name (I12).
const OWNERS: &[(&str, &[&str])] = &[
    ("wasmtime", &["stepwell-sandbox"]),
    ("wasmtime-wasi", &["stepwell-sandbox"]),
    ("jsonata-core", &["stepwell-expr"]),
    ("rusqlite", &["stepwell-store"]),
    ("tokio-postgres", &["stepwell-store"]),
    ("hyper", &["stepwell-api"]),
    ("hyper-util", &["stepwell-api"]),
    ("axum", &["stepwell-api"]),
    ("wit-bindgen", &["stepwell-task"]),
];

fn dependencies() -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>, String)> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let metadata = MetadataCommand::new()
        .manifest_path(manifest)
        .no_deps()
        .exec()
        .expect("cargo metadata");
    let root = metadata.workspace_root.clone();
    metadata
        .workspace_packages()
        .into_iter()
        .map(|package| {
            let named = |kinds: &[DependencyKind]| {
                package
                    .dependencies
                    .iter()
                    .filter(|dependency| kinds.contains(&dependency.kind))
                    .map(|dependency| dependency.name.clone())
                    .collect()
            };
            let place = package
                .manifest_path
                .strip_prefix(&root)
                .expect("inside")
                .to_string();
            let normal = named(&[DependencyKind::Normal, DependencyKind::Build]);
            let every = named(&[
                DependencyKind::Normal,
                DependencyKind::Build,
                DependencyKind::Development,
            ]);
            (package.name.to_string(), (normal, every, place))
        })
        .collect()
}

#[test]
fn crates_depend_on_each_other_only_as_drawn() {
    let packages = dependencies();
    let ours: BTreeSet<&String> = packages.keys().collect();
    for (name, (normal, _, place)) in &packages {
        if ALL.contains(&name.as_str()) {
            continue;
        }
        let allowed: &[&str] = if place.starts_with("tasks") || place.contains("/functions/") {
            &["stepwell-task"]
        } else {
            EDGES
                .iter()
                .find(|(crate_name, _)| crate_name == name)
                .map(|(_, allowed)| *allowed)
                .unwrap_or_else(|| panic!("{name} ({place}) is not drawn in docs/ARCHITECTURE.md"))
        };
        for dependency in normal.iter().filter(|dependency| ours.contains(dependency)) {
            assert!(
                allowed.contains(&dependency.as_str()),
                "{name} depends on {dependency}, an edge that docs/ARCHITECTURE.md does not draw"
            );
        }
    }
}

#[test]
fn every_crate_that_is_drawn_exists() {
    let packages = dependencies();
    for (name, _) in EDGES {
        assert!(
            packages.contains_key(*name),
            "{name} is drawn but not there"
        );
    }
}

#[test]
fn heavy_dependencies_have_one_owner() {
    for (name, (_, every, _)) in dependencies() {
        for (outside, owners) in OWNERS {
            assert!(
                !every.contains(*outside) || owners.contains(&name.as_str()),
                "{name} names {outside}, which only {owners:?} may"
            );
        }
    }
}

#[test]
fn engine_and_shard_and_what_they_stand_on_do_no_io() {
    let packages = dependencies();
    for name in [
        "stepwell-expr",
        "stepwell-asl",
        "stepwell-engine",
        "stepwell-shard",
    ] {
        let (normal, ..) = &packages[name];
        for forbidden in [
            "tokio",
            "futures",
            "rand",
            "getrandom",
            "uuid",
            "reqwest",
            "async-trait",
        ] {
            assert!(!normal.contains(forbidden), "{name} depends on {forbidden}");
        }
    }
}
