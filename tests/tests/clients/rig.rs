//! What the suites need from here: the binary, components, the list of operations, and the Python with the
//! clients in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use stepwell_tests::built::{build_folder, operations, stepwell};

/// Tasks that the suites upload.
const TASKS: [&str; 3] = ["echo", "flaky", "wants-network"];

/// A folder with everything that `tests/clients/run.py` is given.
pub struct Rig {
    folder: tempfile::TempDir,
}

impl Rig {
    /// Builds what is needed.
    pub fn new() -> Rig {
        Rig {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A folder of this rig's own.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the repository.
    pub fn repository() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .unwrap()
            .to_owned()
    }

    /// Runs `run.py` with these arguments and shows what it says when it fails.
    pub fn run(&self, arguments: &[&str]) {
        let listed = self.folder().join("operations.json");
        std::fs::write(&listed, serde_json::to_string(&operations()).unwrap()).unwrap();
        let output = Command::new(python())
            .arg(Rig::repository().join("tests/clients/run.py"))
            .args(arguments)
            .arg("--stepwell")
            .arg(stepwell())
            .arg("--components")
            .arg(self.components())
            .env("STEPWELL_OPERATIONS", listed)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// The components of [`TASKS`], each in a file named like its task.
    fn components(&self) -> PathBuf {
        static BUILT: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        let folder = self.folder().join("components");
        std::fs::create_dir(&folder).unwrap();
        let built = BUILT.get_or_init(|| stepwell_tests::components(&TASKS));
        for (task, component) in TASKS.iter().zip(built) {
            std::fs::write(folder.join(format!("{task}.wasm")), component).unwrap();
        }
        folder
    }
}

fn python() -> PathBuf {
    let target = build_folder().parent().unwrap().to_owned();
    let python = target.join("clients-venv/bin/python");
    assert!(
        python.exists(),
        "{} is not there: run `tests/setup`, which puts the AWS clients there",
        python.display()
    );
    python
}
