//! Expressions that only read: `$states.input.order.id`, `$total.net`. They are most of all expressions. What
//! they read is copied as it is, so that nothing else of a large state is touched and a whole number beyond
//! 2^53 stays exact, which a double could not hold.

use jsonata_core::ast::{AstNode, PathStep};
use serde_json::Value;

/// A variable and the members on the way.
#[derive(Debug)]
pub(super) struct Direct {
    pub(super) variable: Box<str>,
    members: Vec<Box<str>>,
}

/// What a [`Direct`] finds.
pub(super) enum Found<'v> {
    Value(&'v Value),
    /// There is no such member: undefined.
    Nothing,
    /// There is an array on the way, which the rules of paths are for.
    Unknown,
}

impl Direct {
    /// `None`: the expression does more than read.
    pub(super) fn of(tree: &AstNode) -> Option<Direct> {
        let (first, members) = match tree {
            AstNode::Path { steps } => {
                let (first, members) = steps.split_first()?;
                (&plain(first)?.node, members)
            }
            other => (other, &[][..]),
        };
        let AstNode::Variable(variable) = first else {
            return None;
        };
        let members: Option<Vec<Box<str>>> = members
            .iter()
            .map(|step| match &plain(step)?.node {
                AstNode::Name(name) => Some(name.as_str().into()),
                _ => None,
            })
            .collect();
        (!variable.is_empty()).then_some(Direct {
            variable: variable.as_str().into(),
            members: members?,
        })
    }

    /// The member of `$states` and what is read of it.
    pub(super) fn of_states(&self) -> Option<(&str, &[Box<str>])> {
        let (member, rest) = self.members.split_first()?;
        Some((member, rest))
    }

    pub(super) fn members(&self) -> &[Box<str>] {
        &self.members
    }
}

fn plain(step: &PathStep) -> Option<&PathStep> {
    let is_plain = step.stages.is_empty()
        && step.focus.is_none()
        && step.index_var.is_none()
        && step.ancestor_label.is_none()
        && !step.is_tuple
        && !step.inner_tuple;
    is_plain.then_some(step)
}

/// Goes from `value` along `members`.
pub(super) fn walk<'v>(mut value: &'v Value, members: &[Box<str>]) -> Found<'v> {
    for member in members {
        value = match value {
            Value::Object(object) => match object.get(&**member) {
                Some(value) => value,
                None => return Found::Nothing,
            },
            Value::Array(_) => return Found::Unknown,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return Found::Nothing;
            }
        };
    }
    Found::Value(value)
}

/// A copy in which whole numbers have no fraction, as the service writes them: `1.0` is `1`.
pub(super) fn normal(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(super::convert::normal(number)),
        Value::Array(items) => Value::Array(items.iter().map(normal).collect()),
        Value::Object(members) => Value::Object(
            members
                .iter()
                .map(|(name, member)| (name.clone(), normal(member)))
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}
