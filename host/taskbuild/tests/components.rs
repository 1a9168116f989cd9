//! Real components of the shipped tasks: what they import, and how small they start.

#![expect(
    clippy::unwrap_used,
    reason = "what a test stands on fails by panicking, too"
)]

use std::path::Path;

use stepwell_taskbuild::{Builder, Built};
use wasmparser::{Parser, Payload};

/// What matters of a component here.
struct Component {
    imports: Vec<String>,
    exports: Vec<String>,
    memory_pages: u64,
}

fn read(built: &Built) -> Component {
    let bytes = std::fs::read(&built.wasm).unwrap();
    let mut component = Component {
        imports: Vec::new(),
        exports: Vec::new(),
        memory_pages: 0,
    };
    let mut depth = 0_u32;
    for payload in Parser::new(0).parse_all(&bytes) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 0 => {
                let names = imports
                    .into_iter()
                    .map(|import| import.unwrap().name.name.to_owned());
                component.imports.extend(names);
            }
            Payload::ComponentExportSection(exports) if depth == 0 => {
                let names = exports
                    .into_iter()
                    .map(|export| export.unwrap().name.name.to_owned());
                component.exports.extend(names);
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    component.memory_pages = component.memory_pages.max(memory.unwrap().initial);
                }
            }
            _ => {}
        }
    }
    component
}

fn build(names: &[&str]) -> Vec<Built> {
    let builder = Builder::new(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let tasks: Vec<_> = names
        .iter()
        .map(|name| builder.task(name).unwrap())
        .collect();
    builder.build(&tasks, &mut |_| {}).unwrap()
}

#[test]
fn a_component_imports_of_the_task_world_only_what_the_task_uses() {
    let built = build(&["noop", "flaky", "alert-team", "wants-filesystem"]);
    let imports: Vec<Vec<String>> = built.iter().map(|built| read(built).imports).collect();
    let imports_of = |index: usize, interface: &str| {
        let imports: &Vec<String> = &imports[index];
        imports.iter().any(|import| import.starts_with(interface))
    };
    for interface in [
        "stepwell:task/context",
        "stepwell:task/log",
        "stepwell:task/heartbeat",
    ] {
        assert!(!imports_of(0, interface), "noop: {:?}", imports[0]);
    }
    assert!(
        imports_of(1, "stepwell:task/context"),
        "flaky: {:?}",
        imports[1]
    );
    assert!(
        !imports_of(1, "stepwell:task/log"),
        "flaky: {:?}",
        imports[1]
    );
    assert!(
        imports_of(2, "stepwell:task/log"),
        "alert-team: {:?}",
        imports[2]
    );
    for (index, built) in built.iter().enumerate() {
        let wants = built.name == "wants-filesystem";
        assert_eq!(
            imports_of(index, "wasi:filesystem"),
            wants,
            "{}: {:?}",
            built.name,
            imports[index]
        );
        assert!(!imports_of(index, "wasi:sockets"), "{}", built.name);
    }
}

#[test]
fn a_component_exports_the_handler_and_starts_in_two_pages() {
    for built in build(&["noop", "echo", "flaky"]) {
        let component = read(&built);
        assert!(
            component
                .exports
                .iter()
                .any(|export| export == "stepwell:task/handler@0.1.0")
        );
        assert_eq!(component.memory_pages, 2, "{}", built.name);
    }
}

#[test]
fn a_second_build_finds_everything_fresh() {
    build(&["noop"]);
    assert!(build(&["noop"])[0].fresh);
}
