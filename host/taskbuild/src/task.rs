//! From what a user writes (a name, a folder, a file) to a task that can be built.

use std::path::{Path, PathBuf};

/// One task to build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskCrate {
    /// The cargo package; for a finished component, the file's stem.
    pub name: String,
    /// The folder of its Cargo.toml, or a `.wasm` file, which is taken as it is.
    pub manifest_dir: PathBuf,
}

impl TaskCrate {
    /// Whether this is a finished component.
    pub(crate) fn is_component(&self) -> bool {
        has_wasm_extension(&self.manifest_dir)
    }
}

/// Whether the name of `path` says that it is a component.
pub(crate) fn has_wasm_extension(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("wasm"))
}

/// The name in `names` that is nearest to `wanted`, if one is near enough to be a slip.
pub(crate) fn closest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    names
        .map(|name| (strsim::damerau_levenshtein(wanted, name), name))
        .filter(|(distance, name)| *distance <= (name.len().max(wanted.len()) / 3).max(1))
        .min()
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_finds_the_name_that_was_meant() {
        let names = ["validate-order", "check-inventory", "echo"];
        assert_eq!(
            closest("validate-ordr", names.into_iter()).as_deref(),
            Some("validate-order")
        );
        assert_eq!(closest("something-else", names.into_iter()), None);
    }
}
