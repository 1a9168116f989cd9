//! The value of a `.$` key: a path or an intrinsic call.

use serde_json::Value;

use crate::{
    budget::Budget,
    entropy::Entropy,
    error::EvalError,
    intrinsic::Intrinsic,
    path::{Path, PathError},
    scope::Scope,
};

/// A path or an intrinsic call.
#[derive(Debug, Clone)]
pub enum Expression {
    /// A path.
    Path(Path),
    /// A call.
    Intrinsic(Intrinsic),
}

impl Expression {
    /// Compiles.
    pub fn parse(text: &str) -> Result<Expression, PathError> {
        Path::parse(text).map(Expression::Path)
    }
    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        match self {
            Expression::Path(path) => path.text(),
            Expression::Intrinsic(call) => call.text(),
        }
    }
    /// Evaluates.
    pub fn evaluate(
        &self,
        _field: &str,
        scope: Scope<'_>,
        _entropy: &mut Entropy,
        _budget: &mut Budget,
    ) -> Result<Value, EvalError> {
        Ok(scope.input.value().clone())
    }
    /// Variables used.
    pub fn variables(&self) -> Vec<&str> {
        Vec::new()
    }
    /// Whether `$$` is used.
    pub fn uses_context(&self) -> bool {
        false
    }
}
