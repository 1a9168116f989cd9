//! From bytes to a function, or to a refusal that names what is wrong.
//!
//! Checks run from cheap to dear: grants, size, outline, imports, exports, and
//! only then the compiler.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use wasmtime::component::{Component, Linker};

use crate::bindings::TaskPre;
use crate::cache::{Cache, Digest, machine_code_bytes};
use crate::imports::{Verdict, judge};
use crate::profile::Profile;
use crate::scan::{NotAComponent, Scan, scan};
use crate::state::State;
use crate::ticker::Ticker;
use crate::{CompileError, Grants};

/// What a task must export.
const HANDLER: &str = "stepwell:task/handler@0.1.0";

/// A checked and compiled component, ready to be instantiated. Cheap to clone.
#[derive(Clone)]
pub struct Function(Arc<Compiled>);

struct Compiled {
    name: String,
    digest: String,
    sealed: bool,
    code_bytes: u64,
    imports: Vec<String>,
    profile: Profile,
    pre: TaskPre<State>,
    /// Without ticks a spinning guest would not look up, so they go on for as
    /// long as there is a function to invoke.
    _ticker: Arc<Ticker>,
}

impl Function {
    /// The name under which it was compiled; used in messages only.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// SHA-256 of the component's bytes, in 64 lower-case hex digits.
    pub fn digest(&self) -> &str {
        &self.0.digest
    }

    /// True when it holds no outward grant: running it twice cannot be noticed.
    pub fn is_sealed(&self) -> bool {
        self.0.sealed
    }

    /// Bytes of its machine code: what keeping it takes, about.
    pub fn code_bytes(&self) -> u64 {
        self.0.code_bytes
    }

    /// Names of what it imports, in the order of the component.
    pub fn imports(&self) -> &[String] {
        &self.0.imports
    }

    pub(crate) fn pre(&self) -> &TaskPre<State> {
        &self.0.pre
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Function")
            .field("name", &self.0.name)
            .field("digest", &self.0.digest)
            .field("profile", &self.0.profile)
            .finish_non_exhaustive()
    }
}

/// What compiling needs of a sandbox.
pub(crate) struct Compiler<'a> {
    pub(crate) limit_bytes: u64,
    pub(crate) cache: &'a Cache,
    pub(crate) ticker: &'a Arc<Ticker>,
    pub(crate) linker: &'a dyn Fn(Profile) -> &'a Linker<State>,
}

impl Compiler<'_> {
    pub(crate) fn compile(
        &self,
        name: &str,
        bytes: &[u8],
        grants: &Grants,
    ) -> Result<Function, CompileError> {
        let outline = self.check(name, bytes, grants)?;
        let profile = Profile::of(outline.initial_memory_bytes);
        let linker = (self.linker)(profile);
        let digest: Digest = Sha256::digest(bytes).into();
        let component = match self.cache.get(&digest) {
            Some(component) => component,
            None => {
                let component = Component::from_binary(linker.engine(), bytes)
                    .map_err(|error| malformed(name, format!("{error:#}")))?;
                self.cache.put(digest, component.clone());
                component
            }
        };
        let pre = linker
            .instantiate_pre(&component)
            .and_then(TaskPre::new)
            .map_err(|error| CompileError::Link {
                function: name.to_owned(),
                message: format!("{error:#}"),
            })?;
        Ok(Function(Arc::new(Compiled {
            name: name.to_owned(),
            digest: hex(&digest),
            code_bytes: machine_code_bytes(&component),
            sealed: grants.outward.is_empty(),
            imports: outline.imports,
            profile,
            pre,
            _ticker: self.ticker.clone(),
        })))
    }

    /// Everything that can be refused without compiling.
    fn check(&self, name: &str, bytes: &[u8], grants: &Grants) -> Result<Scan, CompileError> {
        if let Some(grant) = grants.outward.first() {
            return Err(CompileError::GrantUnavailable {
                function: name.to_owned(),
                grant: *grant,
            });
        }
        let size = bytes.len() as u64;
        if size > self.limit_bytes {
            return Err(CompileError::TooLarge {
                function: name.to_owned(),
                bytes: size,
                limit_bytes: self.limit_bytes,
            });
        }
        let outline = scan(bytes).map_err(|reason| match reason {
            NotAComponent::CoreModule => CompileError::CoreModule {
                function: name.to_owned(),
            },
            NotAComponent::Malformed(message) => malformed(name, message),
        })?;
        check_imports(name, &outline.imports)?;
        if !outline.exports.iter().any(|export| export == HANDLER) {
            return Err(CompileError::MissingExport {
                function: name.to_owned(),
                export: HANDLER.to_owned(),
                found: outline.exports,
            });
        }
        Ok(outline)
    }
}

fn check_imports(name: &str, imports: &[String]) -> Result<(), CompileError> {
    let mut wanted = Vec::new();
    for import in imports {
        match judge(import) {
            Verdict::Inert => {}
            Verdict::Needs(grant) => wanted.push((import.clone(), grant)),
            Verdict::Unknown => {
                return Err(CompileError::UnknownImport {
                    function: name.to_owned(),
                    import: import.clone(),
                });
            }
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    Err(CompileError::ImportNotGranted {
        function: name.to_owned(),
        imports: wanted,
    })
}

fn malformed(name: &str, message: String) -> CompileError {
    CompileError::Malformed {
        function: name.to_owned(),
        message,
    }
}

fn hex(digest: &Digest) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
