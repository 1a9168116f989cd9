//! Functions that are given once and stay: what `stepwell run` builds from a project.

use std::collections::BTreeMap;
use std::sync::Arc;

use sandbox::{CompileError, Function, Grants, Limits, Sandbox};
use shard::FunctionFacts;

use super::translate::{call_of, task_report};
use crate::host::{HostFuture, Invocation, TaskHost};

/// A function to be made.
#[derive(Clone, Debug)]
pub struct FunctionSpec {
    /// Its name.
    pub name: String,
    /// The component.
    pub wasm: Vec<u8>,
    /// What it may use.
    pub limits: Limits,
    /// What it may reach.
    pub grants: Grants,
    /// It may be entered again after a crash.
    pub is_idempotent: bool,
}

/// Runs functions in a sandbox. They have one version each, which is found under any qualifier.
pub struct SandboxHost {
    sandbox: Sandbox,
    functions: BTreeMap<Arc<str>, Entry>,
    facts: Arc<BTreeMap<Arc<str>, FunctionFacts>>,
}

struct Entry {
    function: Function,
    limits: Limits,
}

impl SandboxHost {
    /// Compiles and checks all functions.
    ///
    /// # Errors
    /// The first one that is refused; the message names it.
    pub fn new(sandbox: Sandbox, specs: Vec<FunctionSpec>) -> Result<SandboxHost, CompileError> {
        let (mut functions, mut all_facts) = (BTreeMap::new(), BTreeMap::new());
        for spec in specs {
            let function = sandbox.compile(&spec.name, &spec.wasm, &spec.grants)?;
            let facts = FunctionFacts {
                is_sealed: function.is_sealed(),
                is_idempotent: spec.is_idempotent,
            };
            let entry = Entry {
                function,
                limits: spec.limits,
            };
            let name: Arc<str> = spec.name.into();
            all_facts.insert(name.clone(), facts);
            functions.insert(name, entry);
        }
        Ok(SandboxHost {
            sandbox,
            functions,
            facts: Arc::new(all_facts),
        })
    }
}

impl TaskHost for SandboxHost {
    fn functions(&self) -> Arc<BTreeMap<Arc<str>, FunctionFacts>> {
        self.facts.clone()
    }

    fn invoke(&self, function: &str, invocation: Invocation) -> Option<HostFuture> {
        let entry = self.functions.get(function)?;
        let (sandbox, function, limits) =
            (self.sandbox.clone(), entry.function.clone(), entry.limits);
        Some(Box::pin(async move {
            let request = invocation.attempt.idempotency_key.clone();
            let resource = invocation.attempt.resource.clone();
            let call = call_of(&function, invocation, Arc::default(), limits);
            let report = sandbox.invoke(&function, call).await;
            task_report(report, &request, &resource, None)
        }))
    }
}
