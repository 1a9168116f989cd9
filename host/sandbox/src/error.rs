//! The host's own errors: a sandbox that cannot be made, a component that is
//! refused. What a running guest does wrong is a [`crate::Fault`].

use thiserror::Error as ThisError;

use crate::Grant;

/// A sandbox could not be made.
#[derive(Debug, ThisError)]
pub enum Error {
    /// The engine refused its settings, most often because the address space
    /// for the slots could not be reserved.
    #[error(
        "the WebAssembly engine could not start: {message}; fewer pool slots need less address space"
    )]
    Engine {
        /// What the engine said.
        message: String,
    },
    /// The thread that ticks the epoch could not be started.
    #[error("the thread that times guests could not start: {0}")]
    Ticker(#[from] std::io::Error),
}

/// A component is refused. The text names the function, the import or export
/// that is wrong, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub enum CompileError {
    /// More bytes than the sandbox accepts.
    #[error(
        "function {function}: the component has {bytes} bytes, the limit is {limit_bytes}; build it with optimisation and stripped (`--profile guest`)"
    )]
    TooLarge {
        /// The function's name.
        function: String,
        /// Its size.
        bytes: u64,
        /// What is accepted.
        limit_bytes: u64,
    },
    /// A core WebAssembly module, not a component.
    #[error(
        "function {function}: this is a core WebAssembly module, not a component; build it with `cargo build --target wasm32-wasip2`"
    )]
    CoreModule {
        /// The function's name.
        function: String,
    },
    /// Not WebAssembly, or broken.
    #[error("function {function}: this is not a WebAssembly component: {message}")]
    Malformed {
        /// The function's name.
        function: String,
        /// What was wrong and at which offset.
        message: String,
    },
    /// Imports that need grants which the function does not have: all of them, so that one look tells
    /// what the task reaches for.
    #[error(
        "function {function}: it imports {}, and nothing is granted; remove the use of it from the task",
        wanted(.imports)
    )]
    ImportNotGranted {
        /// The function's name.
        function: String,
        /// Each import and what would allow it, in the order of the component.
        imports: Vec<(String, Grant)>,
    },
    /// An import that this host does not provide to anybody.
    #[error(
        "function {function}: it imports {import}, which this host does not provide; a task may import stepwell:task and the inert wasi:io, wasi:cli, wasi:clocks and wasi:random of WASI 0.2"
    )]
    UnknownImport {
        /// The function's name.
        function: String,
        /// The import.
        import: String,
    },
    /// A grant that cannot be given yet.
    #[error(
        "function {function}: the grant {grant} is not available in this version; remove it from Metadata.Stepwell.Grants"
    )]
    GrantUnavailable {
        /// The function's name.
        function: String,
        /// The grant.
        grant: Grant,
    },
    /// It does not export the handler.
    #[error("function {function}: it does not export {export}; it exports {}; use #[stepwell_task::task]", list(.found))]
    MissingExport {
        /// The function's name.
        function: String,
        /// What a task must export.
        export: String,
        /// What it exports instead.
        found: Vec<String>,
    },
    /// Imports or exports have other types than this host's, or it needs more
    /// instances, memories or tables than a slot has.
    #[error("function {function}: the component does not fit this host: {message}")]
    Link {
        /// The function's name.
        function: String,
        /// What did not fit.
        message: String,
    },
}

/// `wasi:sockets/tcp@0.2.6 (needs the grant Sockets), …`
fn wanted(imports: &[(String, Grant)]) -> String {
    let named: Vec<String> = imports
        .iter()
        .map(|(import, grant)| format!("{import} (needs the grant {grant})"))
        .collect();
    list(&named)
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}
