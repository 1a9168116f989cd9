//! Payload templates.

use std::sync::Arc;

use serde_json::Value;

use crate::{budget::Budget, entropy::Entropy, error::EvalError, scope::Scope};

/// A compiled payload template.
#[derive(Debug, Clone)]
pub struct Template {
    source: Arc<Value>,
}

/// One fault of a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at {pointer})")]
pub struct TemplateError {
    /// RFC 6901 pointer to the offending key.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// Where in the text of the value, bytes, if known.
    pub offset: Option<usize>,
}

impl Template {
    /// Compiles.
    pub fn compile(value: &Value) -> Result<Template, Vec<TemplateError>> {
        Ok(Template { source: Arc::new(value.clone()) })
    }
    /// Evaluates.
    pub fn evaluate(
        &self,
        _scope: Scope<'_>,
        _entropy: &mut Entropy,
        _budget: &mut Budget,
    ) -> Result<Value, EvalError> {
        Ok(Value::clone(&self.source))
    }
    /// Variables used.
    pub fn variables(&self) -> Vec<&str> {
        Vec::new()
    }
    /// Whether `$$` is used.
    pub fn uses_context(&self) -> bool {
        false
    }
    /// What it was compiled from.
    pub fn source(&self) -> &Value {
        &self.source
    }
}
