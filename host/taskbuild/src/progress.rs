//! What a build tells while it runs, as data: whoever asked for the build decides how it looks.

/// One thing that happened. In the order in which it happened; nothing here decides the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// rustup is about to add the guests' target; this downloads.
    AddingTarget {
        /// The target triple.
        target: &'static str,
    },
    /// cargo started on a package (a task or something it depends on).
    Compiling {
        /// The package's name and version, as cargo prints them.
        package: String,
    },
    /// Nothing changed: the component of an earlier build is still right.
    Fresh {
        /// The task.
        package: String,
    },
    /// A component was made.
    Built {
        /// The task.
        package: String,
    },
    /// Something the author of the crate may want to know.
    Note(String),
    /// Any other line of cargo's, without its line end.
    CargoLine(String),
}
