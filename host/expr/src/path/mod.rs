//! JSONPath in Jayway's dialect, as AWS uses it (EXPRESSIONS.md B): parsed once, evaluated by borrowing.
//!
//! The one idea: a *definite* path (names and indexes only) is a loop over borrowed nodes, and finds one
//! value or none; every other path is a bounded walk, and always yields an array.
//!
//! No functions, no scripts, no regular expressions. Begin reading at [`Path`], then `ast`.

mod ast;
mod filter;
mod miss;
mod parse;
mod parse_filter;
mod walk;

use std::{borrow::Cow, sync::Arc};

use serde_json::Value;

pub use ast::Root;
pub(crate) use ast::{Query, Segment, Selector};
pub(crate) use parse::{Place, query};
pub(crate) use walk::{Found, root_value};

use crate::{budget::Budget, cursor::Cursor, error::EvalError, limits, scope::Scope};

/// Why a text is not a path, or not an expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PathError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// Where, as a byte offset in the text; at most its length, and at a character's border.
    pub offset: usize,
}

/// A compiled path. Cloning counts a reference.
#[derive(Debug, Clone)]
pub struct Path(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    text: Box<str>,
    root: Root,
    query: Query,
}

impl Path {
    /// Compiles a path: `$`, `$$` or `$name`, then `.name`, `['name']`, `['a','b']`, `[n]`, `[n,m]`,
    /// `[from:to]`, `.*`, `[*]`, `..` and `[?(…)]`. White space after it is allowed.
    ///
    /// # Errors
    /// What is wrong and where, also for a text that is longer or more deeply nested than `limits` allows.
    pub fn parse(text: &str) -> Result<Path, PathError> {
        check_length(text)?;
        let mut cursor = Cursor::new(text);
        let query = query(&mut cursor, Place::Whole)?;
        let end = cursor.offset();
        cursor.skip_whitespace();
        if let Some(found) = cursor.peek() {
            let after_name = matches!(
                query.segments.last(),
                Some(Segment::Child(Selector::Name(_)))
            );
            return Err(if after_name && !matches!(found, ']' | '[') {
                // The culprit is the first character that the name could not take, also a blank.
                cursor.fail_at(
                    end,
                    "a name with such characters is written in brackets and quotes: `['a name']`",
                )
            } else {
                cursor.fail(format!("expected `.`, `[` or the end, found `{found}`"))
            });
        }
        Ok(Path::of(text, query))
    }

    /// A path of a part of a text, already read.
    pub(crate) fn of(text: &str, query: Query) -> Path {
        let root = match &query.origin {
            ast::Origin::Root(root) => root.clone(),
            // Only filters begin at `@`, and they are never a path of their own.
            ast::Origin::Current => Root::Input,
        };
        Path(Arc::new(Compiled {
            text: text.into(),
            root,
            query,
        }))
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Where it begins.
    pub fn root(&self) -> &Root {
        &self.0.root
    }

    /// Whether it names at most one value; every other path yields an array.
    pub fn is_definite(&self) -> bool {
        self.0.query.definite
    }

    /// Whether it is exactly `$`, the input itself.
    pub fn is_whole(&self) -> bool {
        self.0.root == Root::Input && self.0.query.segments.is_empty()
    }

    /// The steps after the root.
    pub(crate) fn segments(&self) -> &[Segment] {
        &self.0.query.segments
    }

    /// Variables that it reads, in filters too, in order of appearance and each once.
    pub fn variables(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.0.query.roots(&mut |root| {
            if let Root::Variable(name) = root
                && !names.contains(&&**name)
            {
                names.push(&**name);
            }
        });
        names
    }

    /// Whether it reads the context object, in filters too.
    pub fn uses_context(&self) -> bool {
        let mut found = false;
        self.0
            .query
            .roots(&mut |root| found |= *root == Root::Context);
        found
    }

    /// What the path selects. `None`: a definite path that matches nothing, or an unknown variable. A path
    /// that is not definite always yields an array, perhaps an empty one.
    ///
    /// # Errors
    /// `States.Runtime` when the budget is used up.
    pub fn select<'v>(
        &self,
        scope: Scope<'v>,
        budget: &mut Budget,
    ) -> Result<Option<Cow<'v, Value>>, EvalError> {
        match self.find(scope, budget)? {
            Found::Value(value) => Ok(Some(value)),
            Found::Beyond | Found::Missing => Ok(None),
        }
    }

    /// As [`Path::select`], and tells an index beyond the end of an array from everything else that is
    /// not there.
    pub(crate) fn find<'v>(
        &self,
        scope: Scope<'v>,
        budget: &mut Budget,
    ) -> Result<Found<'v>, EvalError> {
        walk::find(&self.0.query, scope, None, budget)
    }

    /// The error of a field such as `InputPath` whose path matched nothing: `States.Runtime`, cause
    /// `Invalid path '$.a.b' : Missing property in path $['a']`, in Jayway's words.
    pub fn not_found(&self, scope: Scope<'_>) -> EvalError {
        EvalError::runtime(miss::explain(self, scope))
    }
}

pub(crate) fn check_length(text: &str) -> Result<(), PathError> {
    if text.len() <= limits::EXPRESSION_TEXT_BYTES_MAX {
        return Ok(());
    }
    Err(PathError {
        message: format!(
            "an expression has at most {} bytes",
            limits::EXPRESSION_TEXT_BYTES_MAX
        ),
        offset: 0,
    })
}
