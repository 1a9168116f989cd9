//! Query × value → what it selects. Definite queries by a loop, all others by a depth-first walk in
//! document order. Every node visited is charged; nothing is copied before the end.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::{
    budget::Budget,
    charge,
    error::EvalError,
    limits,
    path::{
        ast::{Origin, Query, Root, Segment, Selector},
        filter,
    },
    scope::Scope,
};

/// What a query selects.
#[derive(Debug)]
pub(crate) enum Found<'v> {
    Value(Cow<'v, Value>),
    /// An index beyond the end of an array, which some fields of AWS forgive.
    Beyond,
    Missing,
}

/// Evaluates a query; `current` is what `@` names.
pub(super) fn find<'v>(
    query: &Query,
    scope: Scope<'v>,
    current: Option<&'v Value>,
    budget: &mut Budget,
) -> Result<Found<'v>, EvalError> {
    budget.charge(1)?;
    let Some(start) = start(&query.origin, scope, current) else {
        return Ok(Found::Missing);
    };
    if query.definite {
        return definite(start, &query.segments, budget);
    }
    let mut walk = Walk {
        scope,
        budget,
        found: Vec::new(),
    };
    walk.step(start, &query.segments)?;
    let items = walk.found;
    items.iter().try_for_each(|item| match item {
        Cow::Borrowed(value) => charge::copy(value, 1, budget),
        Cow::Owned(_) => Ok(()),
    })?;
    Ok(Found::Value(Cow::Owned(Value::Array(
        items.into_iter().map(Cow::into_owned).collect(),
    ))))
}

/// The value that a query begins at.
fn start<'v>(origin: &Origin, scope: Scope<'v>, current: Option<&'v Value>) -> Option<&'v Value> {
    match origin {
        Origin::Current => current,
        Origin::Root(root) => root_value(root, scope),
    }
}

/// The value of a root; `None` for an unknown variable.
pub(crate) fn root_value<'v>(root: &Root, scope: Scope<'v>) -> Option<&'v Value> {
    match root {
        Root::Input => Some(scope.input.value()),
        Root::Context => Some(scope.bindings.context()),
        Root::Variable(name) => scope.bindings.variable(name),
    }
}

fn definite<'v>(
    start: &'v Value,
    segments: &[Segment],
    budget: &mut Budget,
) -> Result<Found<'v>, EvalError> {
    let mut node = start;
    for segment in segments {
        budget.charge(1)?;
        node = match (segment, node) {
            (Segment::Child(Selector::Name(name)), Value::Object(members)) => {
                match members.get(&**name) {
                    Some(member) => member,
                    None => return Ok(Found::Missing),
                }
            }
            (Segment::Child(Selector::Index(index)), Value::Array(items)) => {
                match item(items, *index) {
                    Some(item) => item,
                    None => return Ok(Found::Beyond),
                }
            }
            // A union of names ends a definite path.
            (Segment::Child(Selector::Names(names)), Value::Object(members)) => {
                return Ok(Found::Value(Cow::Owned(merge(members, names, 0, budget)?)));
            }
            _ => return Ok(Found::Missing),
        };
    }
    Ok(Found::Value(Cow::Borrowed(node)))
}

/// The item at an index, counted from the end when negative.
pub(crate) fn item(items: &[Value], index: i64) -> Option<&Value> {
    items.get(position(items.len(), index)?)
}

fn position(length: usize, index: i64) -> Option<usize> {
    if index >= 0 {
        return usize::try_from(index).ok();
    }
    length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
}

/// Jayway makes one object of a union of names that ends a path; names that are not there are left out.
fn merge(
    members: &Map<String, Value>,
    names: &[Box<str>],
    above: usize,
    budget: &mut Budget,
) -> Result<Value, EvalError> {
    charge::level(above)?;
    let mut merged = Map::with_capacity(names.len());
    for name in names {
        budget.charge(1)?;
        if let Some(member) = members.get(&**name) {
            budget.charge_bytes(name.len())?;
            charge::copy(member, above + 1, budget)?;
            merged.insert(name.to_string(), member.clone());
        }
    }
    Ok(Value::Object(merged))
}

struct Walk<'b, 'v> {
    scope: Scope<'v>,
    budget: &'b mut Budget,
    found: Vec<Cow<'v, Value>>,
}

impl<'v> Walk<'_, 'v> {
    fn step(&mut self, node: &'v Value, segments: &[Segment]) -> Result<(), EvalError> {
        self.budget.charge(1)?;
        match segments.split_first() {
            None => self.push(Cow::Borrowed(node)),
            Some((Segment::Child(selector), rest)) => self.children(selector, node, rest),
            Some((Segment::Descend(selector), rest)) => self.descend(selector, node, rest, 0),
        }
    }

    fn push(&mut self, value: Cow<'v, Value>) -> Result<(), EvalError> {
        // What is collected takes memory as a copy does.
        self.budget.charge(limits::COPY_STEPS_PER_VALUE)?;
        self.found.push(value);
        Ok(())
    }

    /// Applies the selector to the node and to every container below it, parents first.
    fn descend(
        &mut self,
        selector: &Selector,
        node: &'v Value,
        rest: &[Segment],
        above: usize,
    ) -> Result<(), EvalError> {
        if !charge::is_container(node) {
            return Ok(());
        }
        charge::level(above)?;
        self.budget.charge(1)?;
        match selector {
            // A filter after `..` tests each object where it is met, the first one too.
            Selector::Filter(condition) => {
                if filter::matches(condition, node, self.scope, self.budget)? {
                    self.step(node, rest)?;
                }
            }
            selector => self.children(selector, node, rest)?,
        }
        match node {
            Value::Array(items) => items
                .iter()
                .try_for_each(|item| self.descend(selector, item, rest, above + 1)),
            Value::Object(members) => members
                .values()
                .try_for_each(|member| self.descend(selector, member, rest, above + 1)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
        }
    }

    fn children(
        &mut self,
        selector: &Selector,
        node: &'v Value,
        rest: &[Segment],
    ) -> Result<(), EvalError> {
        match (selector, node) {
            (Selector::Name(name), Value::Object(members)) => match members.get(&**name) {
                Some(member) => self.step(member, rest),
                None => Ok(()),
            },
            (Selector::Names(names), Value::Object(members)) if rest.is_empty() => {
                let merged = merge(members, names, 1, self.budget)?;
                self.push(Cow::Owned(merged))
            }
            (Selector::Names(names), Value::Object(members)) => names
                .iter()
                .filter_map(|name| members.get(&**name))
                .try_for_each(|member| self.step(member, rest)),
            (Selector::Index(index), Value::Array(items)) => self.index(items, *index, rest),
            (Selector::Indexes(indexes), Value::Array(items)) => indexes
                .iter()
                .try_for_each(|index| self.index(items, *index, rest)),
            (Selector::Slice { from, to }, Value::Array(items)) => {
                slice(items.len(), *from, *to).try_for_each(|index| self.index(items, index, rest))
            }
            (Selector::Wildcard, Value::Array(items)) => {
                items.iter().try_for_each(|item| self.step(item, rest))
            }
            (Selector::Wildcard, Value::Object(members)) => members
                .values()
                .try_for_each(|member| self.step(member, rest)),
            (Selector::Filter(condition), Value::Array(items)) => items
                .iter()
                .try_for_each(|item| self.filtered(condition, item, rest)),
            // Jayway tests an object itself, not its members.
            (Selector::Filter(condition), Value::Object(_)) => self.filtered(condition, node, rest),
            _ => Ok(()),
        }
    }

    fn filtered(
        &mut self,
        condition: &super::ast::Filter,
        node: &'v Value,
        rest: &[Segment],
    ) -> Result<(), EvalError> {
        if filter::matches(condition, node, self.scope, self.budget)? {
            self.step(node, rest)
        } else {
            Ok(())
        }
    }

    fn index(&mut self, items: &'v [Value], index: i64, rest: &[Segment]) -> Result<(), EvalError> {
        self.budget.charge(1)?;
        match item(items, index) {
            Some(item) => self.step(item, rest),
            None => Ok(()),
        }
    }
}

/// The indexes of a slice of an array of `length` items. With both ends given, Jayway counts from `from`
/// up to `to` and reads each number as an index, from the end when negative: `[-2:-1]` is one item,
/// `[0:-1]` nothing, `[-1:1]` the last item and the first.
fn slice(length: usize, from: Option<i64>, to: Option<i64>) -> std::ops::Range<i64> {
    // An array is in memory, so its length is far below the limit of `i64`.
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    let from_end = |index: i64| {
        if index < 0 {
            index.saturating_add(length)
        } else {
            index
        }
    };
    match (from, to) {
        (None, None) => 0..length,
        (Some(from), None) => from_end(from).max(0)..length,
        (None, Some(to)) => 0..from_end(to).min(length),
        (Some(from), Some(to)) => from.max(-length)..to.min(length),
    }
}
