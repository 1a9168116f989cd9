//! Reference paths: paths that identify one node, by names and indexes. They are read like a path and,
//! for `ResultPath`, written: a value is put into a document at the place they name.

use serde_json::{Map, Value};

use crate::{
    charge,
    error::EvalError,
    limits,
    path::{Path, PathError, Root, Segment, Selector, root_value},
    quote,
    scope::Scope,
};

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
                message: format!(
                    "a reference path names one node by names and indexes: it takes no {what}"
                ),
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
        self.steps()
            .try_fold(root_value(self.root(), scope)?, |node, step| match step {
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
            place = match enter(place, step) {
                Some(place) => place,
                // `fits` has seen every step; said again, so that nothing depends on it.
                None => {
                    return Err(
                        self.failure(format!("Unable to apply ReferencePath {}", self.text()))
                    );
                }
            };
        }
        *place = value;
        Ok(target)
    }

    /// Whether every step meets an object, an array with that index, or nothing at all.
    fn fits(&self, target: &Value) -> bool {
        if !target.is_object() {
            return false;
        }
        let mut node = Some(target);
        for step in self.steps() {
            node = match (step, node) {
                (Step::Name(_), None) => None,
                (Step::Name(name), Some(Value::Object(members))) => members.get(name),
                (Step::Index(index), Some(Value::Array(items))) => match items.get(index) {
                    Some(item) => Some(item),
                    None => return false,
                },
                (Step::Name(_) | Step::Index(_), _) => return false,
            };
        }
        true
    }

    fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        self.0
            .segments()
            .iter()
            .filter_map(|segment| match segment {
                Segment::Child(Selector::Name(name)) => Some(Step::Name(name)),
                Segment::Child(Selector::Index(index)) => {
                    usize::try_from(*index).ok().map(Step::Index)
                }
                // Refused by `parse`.
                Segment::Child(_) | Segment::Descend(_) => None,
            })
    }

    fn failure(&self, cause: String) -> PutError {
        PutError {
            error: "States.ResultPathMatchFailure",
            cause,
        }
    }
}

/// The place that a step leads to; a name that is missing is added, with `null`, which the next step makes
/// an object.
fn enter<'a>(place: &'a mut Value, step: Step<'_>) -> Option<&'a mut Value> {
    match step {
        Step::Name(name) => {
            if place.is_null() {
                *place = Value::Object(Map::new());
            }
            // Looked up first, so that a key is only allocated when it is new.
            let members = place.as_object_mut()?;
            if !members.contains_key(name) {
                members.insert(name.to_owned(), Value::Null);
            }
            members.get_mut(name)
        }
        Step::Index(index) => place.as_array_mut()?.get_mut(index),
    }
}
