//! Reference paths: paths that identify one node, by names and indexes. They are read like a path and,
//! for `ResultPath`, written: a value is put into a document at the place they name.

use serde_json::{Map, Value};

use crate::{
    charge, limits,
    path::{Path, PathError, Root, Segment, Selector, root_value},
    quote,
    scope::Scope,
};
use crate::error::EvalError;

/// A compiled reference path. Cloning counts a reference.
#[derive(Debug, Clone)]
pub struct ReferencePath(Path);

/// Why a value cannot be put where a reference path points.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {cause}")]
pub struct PutError {
    /// The AWS error name: always `States.ResultPathMatchFailure`.
    pub error: &'static str,
    /// What happened.
    pub cause: String,
}

/// One step of a reference path.
enum Step<'p> {
    Name(&'p str),
    Index(usize),
}

impl ReferencePath {
    /// Compiles a reference path: any root, then `.name`, `['name']` and `[n]`. Where a field does not
    /// allow `$$` or `$name` the caller looks at [`ReferencePath::root`].
    ///
    /// # Errors
    /// What is wrong and where; what is a path and no reference path is told apart.
    pub fn parse(text: &str) -> Result<ReferencePath, PathError> {
        let path = Path::parse(text)?;
        let refused = path.segments().iter().find_map(|segment| match segment {
            Segment::Child(Selector::Name(_)) => None,
            Segment::Child(Selector::Index(index)) if *index >= 0 => None,
            Segment::Child(Selector::Index(_)) => Some(("negative indexes", "[-")),
            Segment::Child(Selector::Names(_) | Selector::Indexes(_)) => Some(("unions", ",")),
            Segment::Child(Selector::Slice { .. }) => Some(("slices", ":")),
            Segment::Child(Selector::Wildcard) => Some(("wildcards", "*")),
            Segment::Child(Selector::Filter(_)) => Some(("filters", "[?")),
            Segment::Descend(_) => Some(("`..`", "..")),
        });
        match refused {
            None => Ok(ReferencePath(path)),
            Some((what, sign)) => Err(PathError {
                message: format!("a reference path names one node by names and indexes: it takes no {what}"),
                offset: text.find(sign).unwrap_or(0),
            }),
        }
    }

    /// The text it was compiled from.
    pub fn text(&self) -> &str {
        self.0.text()
    }

    /// Where it begins.
    pub fn root(&self) -> &Root {
        self.0.root()
    }

    /// Whether it is exactly `$`.
    pub fn is_whole(&self) -> bool {
        self.0.is_whole()
    }

    /// The node it names, if it is there.
    pub fn get<'v>(&self, scope: Scope<'v>) -> Option<&'v Value> {
        self.steps().try_fold(root_value(self.root(), scope)?, |node, step| match step {
            Step::Name(name) => node.as_object()?.get(name),
            Step::Index(index) => node.as_array()?.get(index),
        })
    }

    /// The error of a field whose path matched nothing, as [`Path::not_found`].
    pub fn not_found(&self, scope: Scope<'_>) -> EvalError {
        self.0.not_found(scope)
    }

    /// Puts `value` into `target` at the place that the path names, whatever its root, and gives back the
    /// whole. Objects that are missing on the way are created, keys keep their order, and a new key comes
    /// last. `$` gives back `value`.
    ///
    /// # Errors
    /// `States.ResultPathMatchFailure`, when `target` is not an object, when a step meets a node that is
    /// not an object or an array with that index, or when the whole would be nested more than
    /// [`limits::VALUE_LEVELS_MAX`] levels deep. Then nothing was put.
    pub fn put(&self, mut target: Value, value: Value) -> Result<Value, PutError> {
        if self.0.segments().is_empty() {
            return Ok(value);
        }
        if !self.fits(&target) {
            let target = target.to_string();
            return Err(self.failure(format!(
                "Unable to apply ReferencePath {} to input {}",
                self.text(),
                quote::shortened(&target)
            )));
        }
        if self.0.segments().len() + charge::levels(&value) > limits::VALUE_LEVELS_MAX {
            return Err(self.failure(format!(
                "Unable to apply ReferencePath {}: the output would be nested deeper than {} levels",
                self.text(),
                limits::VALUE_LEVELS_MAX
            )));
        }
        let mut place = &mut target;
        for step in self.steps() {
            place = match step {
                Step::Name(name) => {
                    if place.is_null() {
                        *place = Value::Object(Map::new());
                    }
                    match place {
                        Value::Object(members) => members.entry(name).or_insert(Value::Null),
                        other => other,
                    }
                }
                Step::Index(index) => match place {
                    Value::Array(items) if index < items.len() => match items.get_mut(index) {
                        Some(item) => item,
                        None => return Err(self.failure("the index is gone".to_owned())),
                    },
                    other => other,
                },
            };
        }
        *place = value;
        Ok(target)
    }
}
