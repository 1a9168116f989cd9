//! Why a definite path matched nothing, in the words of Jayway 2.0.0, which AWS passes on:
//! `Invalid path '$.a.b' : Missing property in path $['a']` (recorded: scenarios, `INVALID_JSONPATH_IN_*`).

use std::fmt::Write as _;

use serde_json::Value;

use crate::{
    java,
    path::{
        Path, Root,
        ast::{Segment, Selector},
        walk,
    },
    scope::Scope,
};

/// The whole cause.
pub(super) fn explain(path: &Path, scope: Scope<'_>) -> String {
    let reason = match (walk::root_value(path.root(), scope), path.root()) {
        (None, Root::Variable(name)) => format!("The variable '{name}' is not assigned"),
        (None, Root::Input | Root::Context) => "No results for path: $".to_owned(),
        (Some(start), _) => reason(start, path.segments()),
    };
    format!("Invalid path '{}' : {reason}", path.text())
}

/// Follows the segments to the one that failed.
fn reason(start: &Value, segments: &[Segment]) -> String {
    let mut node = start;
    let mut place = String::from("$");
    for (at, segment) in segments.iter().enumerate() {
        let is_last = at + 1 == segments.len();
        node = match (segment, node) {
            (Segment::Child(Selector::Name(name)), Value::Object(members)) => {
                append_name(&mut place, name);
                match members.get(&**name) {
                    Some(member) => member,
                    None if is_last => break,
                    None => return format!("Missing property in path {place}"),
                }
            }
            (Segment::Child(Selector::Name(name)), _) => {
                return format!("Property ['{name}'] not found in path {place}");
            }
            (Segment::Child(Selector::Index(index)), Value::Array(items)) => {
                append_index(&mut place, *index);
                match walk::item(items, *index) {
                    Some(item) => item,
                    None => {
                        segments
                            .get(at + 1..)
                            .unwrap_or_default()
                            .iter()
                            .for_each(|rest| append(&mut place, rest));
                        break;
                    }
                }
            }
            (Segment::Child(Selector::Index(_)), Value::Null) => {
                return format!("The path {place} is null");
            }
            (Segment::Child(Selector::Index(index)), other) => {
                return format!(
                    "Filter: [{index}] can only be applied to arrays. Current context is: {}",
                    java::text_of(other)
                );
            }
            _ => break,
        };
    }
    format!("No results for path: {place}")
}

fn append(place: &mut String, segment: &Segment) {
    match segment {
        Segment::Child(Selector::Name(name)) => append_name(place, name),
        Segment::Child(Selector::Index(index)) => append_index(place, *index),
        // A definite path has no other segments, but for a union of names that is never missing.
        Segment::Child(_) | Segment::Descend(_) => {}
    }
}

fn append_name(place: &mut String, name: &str) {
    place.push_str("['");
    place.push_str(name);
    place.push_str("']");
}

fn append_index(place: &mut String, index: i64) {
    // Writing to a string cannot fail.
    let _ = write!(place, "[{index}]");
}
