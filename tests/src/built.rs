//! What was built together with the tests: the binary, and the operations that it has.

use std::path::{Path, PathBuf};

/// Service and name of every operation that the server's tables have.
pub fn operations() -> Vec<(&'static str, &'static str)> {
    let all = api::services::SERVICES.iter().flat_map(|service| {
        let operations = service.operations.iter();
        operations.map(|operation| (service.name, operation.name))
    });
    all.collect()
}

/// The folder of this build: `target/debug`.
pub fn build_folder() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    this.parent().and_then(Path::parent).unwrap().to_owned()
}

/// The binary. `cargo test --workspace` builds it first; a test of this crate alone does not, and a server of
/// yesterday must not pass for today's.
pub fn stepwell() -> PathBuf {
    let binary = build_folder().join("stepwell");
    let built = binary.metadata().and_then(|file| file.modified()).ok();
    let sources = std::fs::read_to_string(build_folder().join("stepwell.d")).unwrap_or_default();
    let is_newer = |source: &&str| {
        let changed = std::fs::metadata(source).and_then(|file| file.modified());
        built < changed.ok()
    };
    let newer = sources.split_whitespace().skip(1).find(is_newer);
    assert!(
        built.is_some() && newer.is_none(),
        "{} is missing or older than {}: run `cargo build -p stepwell`",
        binary.display(),
        newer.unwrap_or("its sources"),
    );
    binary
}
