//! What an expression can see: the input (`$`), the context object (`$$`) and the variables (`$name`).

use serde_json::{Map, Value};

use crate::data::Data;

/// What an expression can see beside its input. Context is built lazily by the implementor: an expression
/// that does not name `$$` never asks for it.
pub trait Bindings {
    /// The context object, `$$`.
    fn context(&self) -> &Value;
    /// The variable `$name`, if one is assigned in this scope or an outer one.
    fn variable(&self, name: &str) -> Option<&Value>;
}

/// An empty context object and no variables.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoBindings;

static EMPTY_CONTEXT: std::sync::LazyLock<Value> =
    std::sync::LazyLock::new(|| Value::Object(Map::new()));

impl Bindings for NoBindings {
    fn context(&self) -> &Value {
        &EMPTY_CONTEXT
    }

    fn variable(&self, _name: &str) -> Option<&Value> {
        None
    }
}

/// What one evaluation sees.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The data that `$` names.
    pub input: &'a Data,
    /// Context object and variables.
    pub bindings: &'a dyn Bindings,
}

impl<'a> Scope<'a> {
    /// A scope of `input` and `bindings`.
    pub fn new(input: &'a Data, bindings: &'a dyn Bindings) -> Scope<'a> {
        Scope { input, bindings }
    }

    /// A scope of `input` alone: an empty context object and no variables.
    pub fn of(input: &'a Data) -> Scope<'a> {
        Scope {
            input,
            bindings: &NoBindings,
        }
    }
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("input", self.input)
            .finish_non_exhaustive()
    }
}
