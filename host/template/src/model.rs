//! What a template says, typed: parsed once, with every default filled in.

use serde_json::Value;
use source::{Diagnostic, Span};

/// What [`parse`](crate::parse) returns.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The resources; `Some` exactly when no diagnostic is an error.
    pub template: Option<Template>,
    /// Every problem, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// The functions and state machines of a template, each in the order of the text.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// `AWS::Serverless::Function`. Their names differ from one another.
    pub functions: Vec<Function>,
    /// `AWS::Serverless::StateMachine`. Their names differ from one another.
    pub state_machines: Vec<StateMachine>,
}

impl Template {
    /// The function that a definition means by this name.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name == name)
    }

    /// The state machine of this name.
    #[must_use]
    pub fn state_machine(&self, name: &str) -> Option<&StateMachine> {
        self.state_machines
            .iter()
            .find(|machine| machine.name == name)
    }
}

/// A task: a component with a name, limits and grants.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its key under `Resources`.
    pub logical_id: String,
    /// `FunctionName`, or the logical id: what the ARNs in a definition end with.
    pub name: String,
    /// `CodeUri` as written: the folder of a crate or a `.wasm` file, relative to the template.
    pub code_uri: String,
    /// Linear memory that one call may use (MB): `MemorySize`, 128..=10240, default 128; or
    /// `Metadata: Stepwell: MemoryMegabytes`, 1..=10240, which wins.
    pub memory_mb: u32,
    /// Wall clock that one call may use (ms): `Timeout` seconds, 1..=900, default 3; or
    /// `Metadata: Stepwell: TimeoutMillis`, 1..=900000, which wins.
    pub timeout_ms: u32,
    /// `Metadata: Stepwell: Fuel`: instructions that one call may use, at least 1. `None`: the
    /// sandbox's default.
    pub fuel: Option<u64>,
    /// `Metadata: Stepwell: Grants`, no name twice. Empty: the function is sealed.
    pub grants: Vec<String>,
    /// `Metadata: Stepwell: Idempotent`: after a host died in the middle of a call, the function is
    /// entered again instead of the attempt failing. Default false.
    pub idempotent: bool,
    /// The logical id in the text.
    pub span: Span,
}

/// A workflow.
#[derive(Clone, Debug)]
pub struct StateMachine {
    /// Its key under `Resources`.
    pub logical_id: String,
    /// `Name`, or the logical id.
    pub name: String,
    /// Where its definition is.
    pub definition: Definition,
    /// `Type`.
    pub kind: Kind,
    /// The logical id in the text.
    pub span: Span,
}

/// The definition of a state machine.
#[derive(Clone, Debug)]
pub enum Definition {
    /// `DefinitionUri` as written: a file, relative to the template.
    Uri(String),
    /// `Definition`: the object itself and its place in the template.
    Inline {
        /// The object.
        value: Value,
        /// Its place.
        span: Span,
    },
}

/// `Type` of a state machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `STANDARD`: durable, exactly once.
    #[default]
    Standard,
    /// `EXPRESS`: in memory, at least once, up to five minutes.
    Express,
}
