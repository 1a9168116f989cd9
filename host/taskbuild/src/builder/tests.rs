//! The builder over tools that only pretend, so that a machine without the target, without rustup or
//! with a crate that does not compile can be had anywhere.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::OnceLock;

use tempfile::TempDir;

use super::*;
use crate::target::TARGET;

/// Answers from the files of the folder it is called in.
const CARGO: &str = r#"#!/bin/sh
echo "cargo $*" >> calls.txt
case "$1" in metadata) cat metadata.json; exit 0 ;; esac
case "$*" in
  *--config*) ;;
  *) if [ -f no-profile ]; then echo 'error: profile `guest` is not defined' >&2; exit 101; fi ;;
esac
cat messages.json
cat stderr.txt >&2
exit "$(cat status.txt)"
"#;

const RUSTC: &str = "#!/bin/sh\necho \"$PWD/libdir\"\n";

const RUSTUP: &str = r#"#!/bin/sh
echo "rustup $*" >> calls.txt
if [ -f rustup-fails ]; then echo "error: toolchain 'x' is not installed" >&2; exit 1; fi
mkdir -p libdir && touch libdir/libstd-0.rlib
"#;

/// The tools, written once: a file that is still open for writing in some child of another test
/// could not be run.
fn tools() -> &'static Path {
    static TOOLS: OnceLock<TempDir> = OnceLock::new();
    let dir = TOOLS.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        for (name, script) in [("cargo", CARGO), ("rustc", RUSTC), ("rustup", RUSTUP)] {
            let path = dir.path().join(name);
            fs::write(&path, script).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        dir
    });
    dir.path()
}

/// A workspace with the one task `echo`, and what the tools answer in it.
struct Workspace {
    dir: TempDir,
    toolchain: Toolchain,
}

impl Workspace {
    fn new() -> Workspace {
        let tools = tools();
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir_all(root.join("tasks/echo")).unwrap();
        fs::create_dir_all(root.join("libdir")).unwrap();
        fs::write(root.join("Cargo.toml"), "").unwrap();
        fs::write(root.join("tasks/echo/Cargo.toml"), "").unwrap();
        fs::write(root.join("libdir/libstd-0.rlib"), "").unwrap();
        let root = root.display();
        let target = format!(
            r#"{{"kind":["cdylib","rlib"],"crate_types":["cdylib","rlib"],"name":"echo",
            "src_path":"{root}/tasks/echo/src/lib.rs","edition":"2024"}}"#
        );
        let id = format!("path+file://{root}/tasks/echo#0.1.0");
        let metadata = format!(
            r#"{{"packages":[{{"name":"echo","version":"0.1.0","id":"{id}","dependencies":[],
            "targets":[{target}],"features":{{}},"manifest_path":"{root}/tasks/echo/Cargo.toml"}}],
            "workspace_members":["{id}"],"workspace_root":"{root}","target_directory":"{root}/target",
            "version":1}}"#
        );
        let artifact = format!(
            r#"{{"reason":"compiler-artifact","package_id":"{id}","manifest_path":"{root}/tasks/echo/Cargo.toml",
            "target":{target},"profile":{{"opt_level":"3","debug_assertions":false,"overflow_checks":false,
            "test":false}},"features":[],"filenames":["{root}/echo.wasm"],"executable":null,"fresh":false}}"#
        );
        let workspace = Workspace {
            toolchain: Toolchain {
                cargo: tools.join("cargo"),
                rustc: tools.join("rustc"),
                rustup: Some(tools.join("rustup")),
            },
            dir,
        };
        workspace.write("metadata.json", &metadata);
        workspace.write(
            "messages.json",
            &(artifact.replace('\n', " ") + "\nnot a message\n"),
        );
        workspace.write(
            "stderr.txt",
            "   Compiling echo v0.1.0 (tasks/echo)\n    Finished\n",
        );
        workspace.write("status.txt", "0");
        workspace
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.dir.path().join(name), text).unwrap();
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.dir.path().join("calls.txt")).unwrap()
    }

    /// Builds `echo`, and what was told meanwhile.
    fn build(&self) -> (Result<Vec<Built>, Error>, Vec<Progress>) {
        let builder = Builder::with_toolchain(self.dir.path(), self.toolchain.clone()).unwrap();
        let task = builder.task("echo").unwrap();
        let mut told = Vec::new();
        let built = builder.build(&[task], &mut |progress| told.push(progress));
        (built, told)
    }
}

#[test]
fn a_task_is_built_by_one_cargo_call_for_the_guests_target() {
    let workspace = Workspace::new();
    let (built, told) = workspace.build();
    let wasm = workspace.dir.path().join("echo.wasm");
    assert_eq!(
        built.unwrap(),
        [Built {
            name: "echo".to_owned(),
            wasm,
            fresh: false
        }]
    );
    assert_eq!(
        told,
        [
            Progress::Compiling {
                package: "echo v0.1.0".to_owned()
            },
            Progress::CargoLine("    Finished".to_owned()),
            Progress::Built {
                package: "echo".to_owned()
            },
        ]
    );
    let calls = workspace.calls();
    let build = calls.lines().nth(1).unwrap();
    assert!(
        build.starts_with("cargo build --lib --target wasm32-wasip2 --profile guest"),
        "{calls}"
    );
    assert!(build.ends_with("--package echo"), "{calls}");
    assert_eq!(calls.lines().count(), 2, "{calls}");
}

#[test]
fn what_cargo_calls_fresh_is_fresh() {
    let workspace = Workspace::new();
    let messages = fs::read_to_string(workspace.dir.path().join("messages.json")).unwrap();
    workspace.write(
        "messages.json",
        &messages.replace("\"fresh\":false", "\"fresh\":true"),
    );
    let (built, told) = workspace.build();
    assert!(built.unwrap()[0].fresh);
    assert_eq!(
        told.last(),
        Some(&Progress::Fresh {
            package: "echo".to_owned()
        })
    );
}

#[test]
fn a_missing_target_is_added_before_cargo_is_asked() {
    let workspace = Workspace::new();
    fs::remove_dir_all(workspace.dir.path().join("libdir")).unwrap();
    let (built, told) = workspace.build();
    assert_eq!(built.unwrap().len(), 1);
    assert_eq!(told[0], Progress::AddingTarget { target: TARGET });
    let calls = workspace.calls();
    let mut calls = calls.lines().skip(1);
    assert_eq!(calls.next(), Some("rustup target add wasm32-wasip2"));
    assert!(calls.next().unwrap().starts_with("cargo build"));
    let (built, told) = workspace.build();
    assert!(built.is_ok() && !told.contains(&Progress::AddingTarget { target: TARGET }));
}

#[test]
fn a_missing_target_without_rustup_says_in_one_line_what_to_install() {
    let mut workspace = Workspace::new();
    fs::remove_dir_all(workspace.dir.path().join("libdir")).unwrap();
    workspace.toolchain.rustup = None;
    let (built, told) = workspace.build();
    let error = built.unwrap_err().to_string();
    assert!(
        error.contains("`rustup target add wasm32-wasip2`"),
        "{error}"
    );
    assert!(error.contains("your distribution's package"), "{error}");
    assert_eq!(error.lines().count(), 1);
    assert_eq!(told, []);
    assert!(!workspace.calls().contains("cargo build"));
}

#[test]
fn a_target_that_rustup_refuses_tells_why() {
    let workspace = Workspace::new();
    fs::remove_dir_all(workspace.dir.path().join("libdir")).unwrap();
    workspace.write("rustup-fails", "");
    let error = workspace.build().0.unwrap_err().to_string();
    assert!(error.contains("toolchain 'x' is not installed"), "{error}");
}

#[test]
fn a_compile_error_carries_what_cargo_said() {
    let workspace = Workspace::new();
    workspace.write(
        "stderr.txt",
        "error[E0308]: mismatched types\n --> tasks/echo/src/lib.rs:7:5\n",
    );
    workspace.write("status.txt", "101");
    let Error::Compile {
        packages,
        diagnostics,
    } = workspace.build().0.unwrap_err()
    else {
        panic!("another error");
    };
    assert_eq!(packages, ["echo"]);
    assert_eq!(
        diagnostics,
        "error[E0308]: mismatched types\n --> tasks/echo/src/lib.rs:7:5"
    );
}

#[test]
fn a_workspace_without_the_profile_gets_the_built_in_one() {
    let workspace = Workspace::new();
    workspace.write("no-profile", "");
    let (built, told) = workspace.build();
    assert_eq!(built.unwrap().len(), 1);
    assert!(
        told.iter()
            .any(|one| matches!(one, Progress::Note(note) if note.contains("[profile.guest]")))
    );
    assert!(
        workspace
            .calls()
            .contains("--config profile.guest.inherits=\"release\"")
    );
}

#[test]
fn a_crate_that_gives_no_component_is_told_how_to() {
    let workspace = Workspace::new();
    workspace.write("messages.json", "");
    let error = workspace.build().0.unwrap_err();
    assert!(
        matches!(&error, Error::NoComponent { package } if package == "echo"),
        "{error}"
    );
}

#[test]
fn names_folders_and_files_all_name_a_task() {
    let workspace = Workspace::new();
    let root = workspace.dir.path();
    let builder = Builder::with_toolchain(root, workspace.toolchain.clone()).unwrap();
    let echo = builder.task("echo").unwrap();
    assert_eq!(builder.tasks(), std::slice::from_ref(&echo));
    assert_eq!(
        builder
            .task(root.join("tasks/../tasks/echo").to_str().unwrap())
            .unwrap(),
        echo
    );
    let component = root.join("other.wasm");
    fs::write(&component, "").unwrap();
    let task = builder.task(component.to_str().unwrap()).unwrap();
    assert_eq!(
        task,
        TaskCrate {
            name: "other".to_owned(),
            manifest_dir: component.clone()
        }
    );
    let built = builder.build(&[task], &mut |_| {}).unwrap();
    assert_eq!(
        built,
        [Built {
            name: "other".to_owned(),
            wasm: component,
            fresh: true
        }]
    );
    assert!(!workspace.calls().contains("cargo build"));
}

#[test]
fn what_is_no_task_is_refused() {
    let workspace = Workspace::new();
    let root = workspace.dir.path();
    let builder = Builder::with_toolchain(root, workspace.toolchain.clone()).unwrap();
    let error = builder.task("ecko").unwrap_err().to_string();
    assert_eq!(error, "no task crate `ecko`; did you mean `echo`?");
    for path in ["libdir", "absent", "absent.wasm"] {
        let error = builder.task_at(&root.join(path)).unwrap_err();
        assert!(matches!(error, Error::NotATask { .. }), "{path}: {error}");
    }
}

#[test]
fn without_cargo_the_error_says_what_to_install() {
    let mut workspace = Workspace::new();
    workspace.toolchain.cargo = workspace.dir.path().join("absent");
    let error =
        Builder::with_toolchain(workspace.dir.path(), workspace.toolchain.clone()).unwrap_err();
    assert!(error.to_string().contains("install Rust"), "{error}");
}
