//! Reading typed fields out of objects. A field that is not of its type is reported here and is then
//! as good as absent, so that one mistake makes one diagnostic.

use source::{Kind, Member, Node, Span};

use super::report::{Report, schema};
use crate::suggest;

/// An object of the definition.
#[derive(Clone, Debug)]
pub(super) struct Object<'a> {
    pub(super) members: &'a [Member],
    /// Where it is, as the service prints it; empty at the top.
    pub(super) location: String,
    /// Where to point when something is missing in it: its key, or its bracket.
    pub(super) anchor: Span,
}

/// A field of an object.
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) key_span: Span,
    pub(super) node: &'a Node,
    pub(super) location: String,
}

impl<'a> Object<'a> {
    /// The node as an object; if it is none, that is reported.
    pub(super) fn of(
        node: &'a Node,
        location: String,
        anchor: Option<Span>,
        report: &mut Report,
    ) -> Option<Object<'a>> {
        match &node.value {
            Kind::Object(members) => {
                // A block of YAML has no bracket; it begins with its first key.
                let bracket = match members.first() {
                    Some(first) if first.key_span.start == node.span.start => first.key_span,
                    _ => Span::new(node.span.start, node.span.end.min(node.span.start + 1)),
                };
                Some(Object {
                    members,
                    location,
                    anchor: anchor.unwrap_or(bracket),
                })
            }
            _ => {
                report.push(wrong_type("Object", node, &location));
                None
            }
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<Field<'a>> {
        let member = self.members.iter().find(|member| member.key == name)?;
        Some(self.field(member))
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.key == name)
    }

    pub(super) fn field(&self, member: &'a Member) -> Field<'a> {
        Field {
            name: &member.key,
            key_span: member.key_span,
            node: &member.value,
            location: format!("{}/{}", self.location, member.key),
        }
    }

    /// The field; if it is absent, that is reported.
    pub(super) fn required(&self, name: &str, report: &mut Report) -> Option<Field<'a>> {
        let field = self.get(name);
        if field.is_none() {
            report.push(
                schema(
                    format!("These fields are required: [{name}]"),
                    self.anchor,
                    &self.location,
                )
                .with_label(format!("`{name}` is missing here")),
            );
        }
        field
    }

    /// Reports every field that is not among the known ones. `what` says what takes them: "a retrier".
    pub(super) fn only(&self, known: &[&str], what: &str, report: &mut Report) {
        for member in self
            .members
            .iter()
            .filter(|member| !known.contains(&member.key.as_str()))
        {
            match report.is_full() {
                true => report.cut(),
                false => report.push(unknown_field(member, known, what, &self.location)),
            }
        }
    }

    /// Reports if there is more than one of these fields, or, when one is `needed`, none. Gives back
    /// the first there is.
    pub(super) fn one_of(
        &self,
        names: &[&str],
        needed: bool,
        report: &mut Report,
    ) -> Option<Field<'a>> {
        let mut present = self
            .members
            .iter()
            .filter(|member| names.contains(&member.key.as_str()));
        let Some(first) = present.next() else {
            if needed {
                let message = format!(
                    "This object should have only one of the following fields: [{}]",
                    names.join(", ")
                );
                report.push(
                    schema(message, self.anchor, &self.location).with_label(format!(
                        "one of {} is missing here",
                        suggest::list(names.iter().copied())
                    )),
                );
            }
            return None;
        };
        if let Some(second) = present.next() {
            let message = format!(
                "There should only be one of the following fields: [{}]",
                names.join(", ")
            );
            report.push(
                schema(message, second.key_span, &self.location)
                    .with_label(format!(
                        "`{}` cannot stand beside `{}`",
                        second.key, first.key
                    ))
                    .with_related(first.key_span, "the other one is here"),
            );
        }
        Some(self.field(first))
    }
}

impl<'a> Field<'a> {
    pub(super) fn object(&self, report: &mut Report) -> Option<Object<'a>> {
        Object::of(
            self.node,
            self.location.clone(),
            Some(self.key_span),
            report,
        )
    }

    pub(super) fn string(&self, report: &mut Report) -> Option<&'a str> {
        let text = self.node.as_str();
        if text.is_none() {
            report.push(wrong_type("String", self.node, &self.location));
        }
        text
    }

    pub(super) fn boolean(&self, report: &mut Report) -> Option<bool> {
        let value = self.node.as_bool();
        if value.is_none() {
            report.push(wrong_type("Boolean", self.node, &self.location));
        }
        value
    }

    /// A whole number from `least` to `most`.
    pub(super) fn integer(&self, least: u64, most: u64, report: &mut Report) -> Option<u64> {
        let number = match self.node.as_number() {
            Some(number) if number.is_u64() || number.is_i64() => number,
            _ => {
                let mut diagnostic = wrong_type("Integer", self.node, &self.location);
                if self.node.as_str().is_some_and(|text| text.starts_with('$')) {
                    let twin = format!("to read it from the input use `{}Path`", self.name);
                    diagnostic = diagnostic.with_help(twin);
                }
                report.push(diagnostic);
                return None;
            }
        };
        match number.as_u64() {
            Some(value) if value > most => self.out_of_range("Maximum", most, report),
            Some(value) if value >= least => Some(value),
            _ => self.out_of_range("Minimum", least, report),
        }
    }

    fn out_of_range<T>(&self, which: &str, bound: u64, report: &mut Report) -> Option<T> {
        report.push(
            schema(
                format!("{which} value is {bound}"),
                self.node.span,
                &self.location,
            )
            .with_label("out of range"),
        );
        None
    }

    /// The items of an array, each as a field of its own: `Retry[0]`.
    pub(super) fn items(&self, report: &mut Report) -> Option<Vec<Field<'a>>> {
        let Some(items) = self.node.items() else {
            report.push(wrong_type("Array", self.node, &self.location));
            return None;
        };
        Some(
            items
                .iter()
                .enumerate()
                .map(|(index, node)| Field {
                    name: self.name,
                    key_span: self.key_span,
                    node,
                    location: format!("{}[{index}]", self.location),
                })
                .collect(),
        )
    }

    /// Like [`Field::items`], and at least one; an empty array is reported.
    pub(super) fn some_items(&self, report: &mut Report) -> Option<Vec<Field<'a>>> {
        let items = self.items(report)?;
        if items.is_empty() {
            report.push(schema(
                "Value cannot be empty",
                self.node.span,
                &self.location,
            ));
            return None;
        }
        Some(items)
    }

    /// One of the words; another one is reported.
    pub(super) fn word(&self, words: &[&'static str], report: &mut Report) -> Option<&'static str> {
        let text = self.string(report)?;
        let found = words.iter().find(|word| **word == text).copied();
        if found.is_none() {
            let message = format!(
                "Value should be one of the following: [{}]",
                words.join(", ")
            );
            let diagnostic = schema(message, self.node.span, &self.location);
            report.push(match suggest::closest(text, words.iter().copied()) {
                Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
                None => diagnostic,
            });
        }
        found
    }
}

/// A value of the wrong type.
pub(super) fn wrong_type(expected: &str, node: &Node, location: &str) -> source::Diagnostic {
    let diagnostic = schema(
        format!("Expected value of type {expected}"),
        node.span,
        location,
    )
    .with_label(format!("this is {}", node.kind_name()));
    match (expected, node.as_str()) {
        ("Integer" | "Number", Some(text)) if text.parse::<f64>().is_ok() => {
            diagnostic.with_help("write the number without quotes")
        }
        ("Boolean", Some(text))
            if matches!(
                text.to_ascii_lowercase().as_str(),
                "true" | "false" | "yes" | "no" | "on" | "off"
            ) =>
        {
            diagnostic.with_help("write `true` or `false`, without quotes")
        }
        ("Integer", None) if node.as_number().is_some() => {
            diagnostic.with_label("this is no whole number")
        }
        ("Array", _) => diagnostic.with_help("a list of one has brackets, too: `[…]`"),
        _ => diagnostic,
    }
}

/// A field that its object does not take.
pub(super) fn unknown_field(
    member: &Member,
    known: &[&str],
    what: &str,
    location: &str,
) -> source::Diagnostic {
    let diagnostic = schema(
        format!("Field '{}' is not supported", member.key),
        member.key_span,
        location,
    )
    .with_label(format!("not a field of {what}"));
    match suggest::closest(&member.key, known.iter().copied()) {
        Some(meant) => diagnostic.with_help(format!("did you mean `{meant}`?")),
        None => diagnostic.with_help(format!(
            "{what} has {}",
            suggest::list(known.iter().copied())
        )),
    }
}
