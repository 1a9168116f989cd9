//! Intrinsic functions: `States.Format('{} left', $.count)`. Compiled with every name and every number of
//! arguments checked; applied to borrowed arguments, so that only results are new values.
//!
//! The error of a failing call is `States.Runtime`, as AWS reports it (the documentation's
//! `States.IntrinsicFailure` is not seen in practice), and its cause names the whole expression:
//! `The function 'States.Format('{}', $.x)' had the following error: …`.
//!
//! Begin reading at [`Function`], then `parse`, then `apply`.

mod apply;
mod array;
mod encode;
mod format;
mod function;
mod json;
mod math;
mod parse;
mod split;

use std::sync::Arc;

use serde_json::Value;

pub(crate) use function::Function;

use crate::{
    budget::Budget,
    entropy::Entropy,
    error::EvalError,
    path::{Path, PathError},
    scope::Scope,
};

/// A compiled intrinsic call. Cloning counts a reference.
#[derive(Debug, Clone)]
pub struct Intrinsic(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    text: Box<str>,
    call: Call,
}

/// One call, with its arguments.
#[derive(Debug)]
pub(crate) struct Call {
    function: Function,
    arguments: Vec<Argument>,
    /// The first argument of `States.Format` when it is a literal, which is then never read again.
    template: Option<Result<Vec<format::Piece>, String>>,
}

/// One argument of a call.
#[derive(Debug)]
pub(crate) enum Argument {
    Literal(Value),
    Path(Path),
    Call(Call),
}

impl Intrinsic {
    /// Compiles a call. White space after it is allowed, before it is not.
    ///
    /// # Errors
    /// What is wrong and where: an unknown function (with the right name when it is close), a wrong
    /// number of arguments, a bad escape, a bad path, or calls nested more than 10 levels deep.
    pub fn parse(text: &str) -> Result<Intrinsic, PathError> {
        let call = parse::intrinsic(text)?;
        Ok(Intrinsic(Arc::new(Compiled {
            text: text.into(),
            call,
        })))
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The name of the outermost function, for example `States.Format`.
    pub fn function(&self) -> &'static str {
        self.0.call.function.name()
    }

    /// Applies the function.
    ///
    /// # Errors
    /// `States.Runtime` when an argument finds nothing, when an argument is not what the function takes,
    /// or when the budget is used up.
    pub fn evaluate(
        &self,
        scope: Scope<'_>,
        entropy: &mut Entropy,
        budget: &mut Budget,
    ) -> Result<Value, EvalError> {
        apply::intrinsic(&self.0.call, self.text(), scope, entropy, budget)
    }

    /// Variables that the arguments read, in order of appearance and each once.
    pub fn variables(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.0.call.paths(&mut |path| {
            for name in path.variables() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        });
        names
    }

    /// Whether an argument reads the context object.
    pub fn uses_context(&self) -> bool {
        let mut found = false;
        self.0.call.paths(&mut |path| found |= path.uses_context());
        found
    }
}

impl Call {
    /// Calls `found` with every path among the arguments.
    fn paths<'c>(&'c self, found: &mut dyn FnMut(&'c Path)) {
        for argument in &self.arguments {
            match argument {
                Argument::Literal(_) => {}
                Argument::Path(path) => found(path),
                Argument::Call(call) => call.paths(found),
            }
        }
    }
}
