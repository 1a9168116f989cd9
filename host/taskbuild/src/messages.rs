//! cargo's machine messages: which component a package gave, and whether anything was compiled.

use std::path::{Path, PathBuf};

use cargo_metadata::{Artifact, Message, TargetKind};

use crate::task::has_wasm_extension;

/// The component that cargo made, or found still right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Component {
    /// The folder of the package's Cargo.toml.
    pub(crate) manifest_dir: PathBuf,
    /// The component file.
    pub(crate) wasm: PathBuf,
    /// Whether nothing had to be compiled.
    pub(crate) fresh: bool,
}

/// The component in one line of `--message-format=json`, if the line is about one. Lines that are
/// not messages (a build script may print anything) are about none.
pub(crate) fn component(line: &str) -> Option<Component> {
    match serde_json::from_str(line) {
        Ok(Message::CompilerArtifact(artifact)) => from_artifact(&artifact),
        Ok(_) | Err(_) => None,
    }
}

/// Only a cdylib is a task: a binary for this target is a command of the command line, whose
/// exports are not a task's.
fn from_artifact(artifact: &Artifact) -> Option<Component> {
    if !artifact.target.kind.contains(&TargetKind::CDyLib) {
        return None;
    }
    let wasm = artifact
        .filenames
        .iter()
        .find(|file| has_wasm_extension(file.as_std_path()))?;
    Some(Component {
        manifest_dir: artifact.manifest_path.parent()?.into(),
        wasm: wasm.into(),
        fresh: artifact.fresh,
    })
}

/// The package of a line such as `   Compiling echo v0.1.0 (…)` on cargo's stderr. Only for
/// progress: nothing is decided by it.
pub(crate) fn compiling(line: &str) -> Option<String> {
    let mut words = line
        .trim_start()
        .strip_prefix("Compiling ")?
        .split_whitespace();
    let (name, version) = (words.next()?, words.next()?);
    Some(format!("{name} {version}"))
}

/// Whether cargo says that the workspace has no profile of this name.
pub(crate) fn lacks_profile(stderr: &str, profile: &str) -> bool {
    stderr.contains(&format!("profile `{profile}` is not defined"))
}

/// Whether two paths name the same folder.
pub(crate) fn same_dir(left: &Path, right: &Path) -> bool {
    left == right
        || match (left.canonicalize(), right.canonicalize()) {
            (Ok(left), Ok(right)) => left == right,
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(kind: &str, filenames: &str, fresh: bool) -> String {
        format!(
            r#"{{"reason":"compiler-artifact","package_id":"path+file:///w/tasks/echo#0.1.0",
            "manifest_path":"/w/tasks/echo/Cargo.toml","target":{{"kind":{kind},"crate_types":{kind},
            "name":"echo","src_path":"/w/tasks/echo/src/lib.rs","edition":"2024","doc":true,
            "doctest":true,"test":true}},"profile":{{"opt_level":"3","debuginfo":0,
            "debug_assertions":false,"overflow_checks":false,"test":false}},"features":[],
            "filenames":{filenames},"executable":null,"fresh":{fresh}}}"#
        )
    }

    #[test]
    fn a_cdylib_gives_its_wasm_file() {
        let line = artifact(
            r#"["cdylib","rlib"]"#,
            r#"["/t/libecho.rlib","/t/echo.wasm"]"#,
            true,
        );
        let expected = Component {
            manifest_dir: "/w/tasks/echo".into(),
            wasm: "/t/echo.wasm".into(),
            fresh: true,
        };
        assert_eq!(component(&line), Some(expected));
    }

    #[test]
    fn a_binary_or_a_plain_library_is_no_component() {
        assert_eq!(
            component(&artifact(r#"["bin"]"#, r#"["/t/echo.wasm"]"#, false)),
            None
        );
        assert_eq!(
            component(&artifact(r#"["lib"]"#, r#"["/t/libecho.rlib"]"#, false)),
            None
        );
    }

    #[test]
    fn other_lines_are_passed_over() {
        assert_eq!(
            component(r#"{"reason":"build-finished","success":true}"#),
            None
        );
        assert_eq!(component("cargo::warning=hello"), None);
        assert_eq!(component("{"), None);
    }

    #[test]
    fn the_package_is_read_from_a_compiling_line() {
        assert_eq!(
            compiling("   Compiling echo v0.1.0 (/w/tasks/echo)").as_deref(),
            Some("echo v0.1.0")
        );
        assert_eq!(compiling("    Finished `guest` profile"), None);
        assert_eq!(compiling("Compiling"), None);
    }
}
