//! The value of a `.$` key: a path or an intrinsic call. `ErrorPath` and `CausePath` take the same.

use serde_json::Value;

use crate::{
    budget::Budget,
    charge,
    entropy::Entropy,
    error::EvalError,
    intrinsic::Intrinsic,
    limits,
    path::{Found, Path, PathError},
    quote,
    scope::Scope,
};

/// A compiled path or intrinsic call. Cloning counts a reference.
#[derive(Debug, Clone)]
pub enum Expression {
    /// `$…`
    Path(Path),
    /// `States.…(…)`
    Intrinsic(Intrinsic),
}

impl Expression {
    /// Compiles what begins with `$` as a path and everything else as an intrinsic call.
    ///
    /// # Errors
    /// Those of [`Path::parse`] and [`Intrinsic::parse`].
    pub fn parse(text: &str) -> Result<Expression, PathError> {
        if text.starts_with('$') {
            return Path::parse(text).map(Expression::Path);
        }
        Intrinsic::parse(text).map(Expression::Intrinsic)
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        match self {
            Expression::Path(path) => path.text(),
            Expression::Intrinsic(call) => call.text(),
        }
    }

    /// The value. `field` is the key as written, for example `value.$` or `CausePath`, for the error text.
    /// A definite path whose index lies beyond the end of an array is `null`, as on AWS; one that finds
    /// nothing for any other reason is an error.
    ///
    /// # Errors
    /// `States.Runtime`: `The JSONPath '$.p' specified for the field 'value.$' could not be found in the
    /// input '…'` (recorded), a failing intrinsic call, a budget that is used up, or a result that is
    /// nested too deeply.
    pub fn evaluate(
        &self,
        field: &str,
        scope: Scope<'_>,
        entropy: &mut Entropy,
        budget: &mut Budget,
    ) -> Result<Value, EvalError> {
        self.evaluate_below(0, field, scope, entropy, budget)
    }

    /// As [`Expression::evaluate`], for a value that stands below `above` levels.
    pub(crate) fn evaluate_below(
        &self,
        above: usize,
        field: &str,
        scope: Scope<'_>,
        entropy: &mut Entropy,
        budget: &mut Budget,
    ) -> Result<Value, EvalError> {
        let value = match self {
            Expression::Intrinsic(call) => call.evaluate(scope, entropy, budget)?,
            Expression::Path(path) => match path.find(scope, budget)? {
                Found::Value(std::borrow::Cow::Borrowed(value)) => {
                    charge::copy(value, above, budget)?;
                    return Ok(value.clone());
                }
                Found::Value(std::borrow::Cow::Owned(value)) => value,
                Found::Beyond => Value::Null,
                Found::Missing => return Err(missing(path, field, scope)),
            },
        };
        if charge::is_container(&value) && above + charge::levels(&value) > limits::VALUE_LEVELS_MAX
        {
            charge::level(limits::VALUE_LEVELS_MAX)?;
        }
        Ok(value)
    }

    /// Variables that it reads, in order of appearance and each once.
    pub fn variables(&self) -> Vec<&str> {
        match self {
            Expression::Path(path) => path.variables(),
            Expression::Intrinsic(call) => call.variables(),
        }
    }

    /// Whether it reads the context object.
    pub fn uses_context(&self) -> bool {
        match self {
            Expression::Path(path) => path.uses_context(),
            Expression::Intrinsic(call) => call.uses_context(),
        }
    }
}

fn missing(path: &Path, field: &str, scope: Scope<'_>) -> EvalError {
    EvalError::runtime(format!(
        "The JSONPath '{}' specified for the field '{field}' could not be found in the input '{}'",
        path.text(),
        quote::shortened(scope.input.text())
    ))
}
