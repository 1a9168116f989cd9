//! YAML text to a tree: YAML 1.2, core schema, one document, keys that are strings.
//!
//! The tree is built from the parser's events with a stack of our own, so that depth and the growth
//! by aliases are bounded before anything is allocated for them.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError};

use crate::{Diagnostic, Kind, Member, Node, Span, code, limits};

mod scalar;

pub(crate) fn parse(text: &str) -> Result<Node, Diagnostic> {
    let text_start = text.len() - text.trim_start_matches('\u{feff}').len();
    let offsets = Offsets::new(text, text_start);
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text.get(text_start..).unwrap_or_default());
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| syntax(&error, &offsets, text))?;
        let span = Span::new(offsets.byte(span.start), offsets.byte(span.end)).clamped(text);
        builder.event(event, span, text)?;
    }
    builder
        .root
        .ok_or_else(|| Diagnostic::error(code::SYNTAX, "The text is empty").with_span(Span::at(0)))
}

fn syntax(error: &ScanError, offsets: &Offsets, text: &str) -> Diagnostic {
    let at = offsets.byte(*error.marker());
    let line_end = text
        .get(at..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |end| at + end);
    let shown = Span::new(at, line_end).of(text).trim_end().len();
    let diagnostic = Diagnostic::error(code::SYNTAX, format!("This is not YAML: {}", error.info()))
        .with_span(Span::new(at, at + shown));
    let line_start = text
        .get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |end| end + 1);
    let line = text.get(line_start..).unwrap_or_default();
    if line.trim_start_matches(' ').starts_with('\t') {
        diagnostic.with_help("YAML is indented with spaces; a tab stands here")
    } else if error.info().contains("expected key") || error.info().contains("block") {
        diagnostic.with_help("look at the indentation: what belongs together begins in one column")
    } else {
        diagnostic
    }
}

/// Byte offsets of the parser's character counts.
struct Offsets {
    /// Where the parser's text begins in ours.
    start: usize,
    /// Offset of each character; empty when the text is ASCII and counting is enough.
    characters: Vec<usize>,
    length: usize,
}

impl Offsets {
    fn new(text: &str, start: usize) -> Offsets {
        let characters = match text.is_ascii() {
            true => Vec::new(),
            false => text
                .char_indices()
                .map(|(offset, _)| offset)
                .filter(|at| *at >= start)
                .collect(),
        };
        Offsets {
            start,
            characters,
            length: text.len(),
        }
    }

    fn byte(&self, marker: Marker) -> usize {
        match self.characters.is_empty() {
            true => (self.start + marker.index()).min(self.length),
            false => self
                .characters
                .get(marker.index())
                .copied()
                .unwrap_or(self.length),
        }
    }
}

/// A collection that is still open.
struct Open {
    start: usize,
    tag: Option<String>,
    anchor: usize,
    content: Content,
}

enum Content {
    Array(Vec<Node>),
    Object {
        members: Vec<Member>,
        key: Option<(String, Span)>,
    },
}

#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    anchors: HashMap<usize, Anchored>,
    alias_weight: usize,
}

/// A value that an alias may repeat.
struct Anchored {
    node: Node,
    depth: usize,
    weight: usize,
}

impl Builder {
    fn event(&mut self, event: Event<'_>, span: Span, text: &str) -> Result<(), Diagnostic> {
        match event {
            Event::DocumentStart(_) => {
                self.documents += 1;
                match self.documents > 1 {
                    true => Err(error(
                        "There is a second YAML document; one is expected",
                        span,
                    )),
                    false => Ok(()),
                }
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::Scalar(value, style, anchor, tag) => {
                let tag = tag.map(|tag| tag.to_string());
                // A key is a key by its text; the core schema says what a value is.
                let node = scalar::node(&value, style, tag, span)?;
                self.finish(node, anchor, style == ScalarStyle::Plain)
            }
            Event::SequenceStart(anchor, tag) => {
                let tag = scalar::local_tag(tag.map(|tag| tag.to_string()), span)?;
                self.descend(span, tag, anchor, Content::Array(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                let tag = scalar::local_tag(tag.map(|tag| tag.to_string()), span)?;
                self.descend(
                    span,
                    tag,
                    anchor,
                    Content::Object {
                        members: Vec::new(),
                        key: None,
                    },
                )
            }
            Event::SequenceEnd | Event::MappingEnd => self.ascend(span, text),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn descend(
        &mut self,
        span: Span,
        tag: Option<String>,
        anchor: usize,
        content: Content,
    ) -> Result<(), Diagnostic> {
        if self.expects_key() {
            return Err(error("A key has to be a string", span).with_label("this is a collection"));
        }
        if self.open.len() >= limits::DEPTH_MAX {
            return Err(too_deep(span));
        }
        self.open.push(Open {
            start: span.start,
            tag,
            anchor,
            content,
        });
        Ok(())
    }

    fn ascend(&mut self, span: Span, text: &str) -> Result<(), Diagnostic> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        // A flow collection ends with its bracket. A block one ends where its last value ends; the
        // parser says so only at the next token.
        let is_flow = text
            .get(open.start..)
            .is_some_and(|rest| rest.starts_with(['{', '[']));
        let (value, last_end) = match open.content {
            Content::Array(items) => {
                let end = items.last().map(|item| item.span.end);
                (Kind::Array(items), end)
            }
            Content::Object { members, .. } => {
                let end = members
                    .last()
                    .map(|member| member.value.span.end.max(member.key_span.end));
                (Kind::Object(members), end)
            }
        };
        let end = if is_flow {
            span.end
        } else {
            last_end.unwrap_or(span.start)
        };
        let node = Node {
            value,
            span: Span::new(open.start, end),
            tag: open.tag,
        };
        self.finish(node, open.anchor, false)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Diagnostic> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            return Err(error(
                "This alias stands inside the value that it repeats",
                span,
            ));
        };
        if self.open.len() + anchored.depth > limits::DEPTH_MAX {
            return Err(too_deep(span));
        }
        self.alias_weight = self.alias_weight.saturating_add(anchored.weight);
        if self.alias_weight > limits::ALIAS_WEIGHT_MAX {
            return Err(
                error("The aliases of this text repeat too much", span).with_label(format!(
                    "over {} bytes with this one",
                    limits::ALIAS_WEIGHT_MAX
                )),
            );
        }
        let node = anchored.node.clone();
        self.finish(node, 0, false)
    }

    /// Puts a finished value where it belongs.
    fn finish(&mut self, node: Node, anchor: usize, is_plain: bool) -> Result<(), Diagnostic> {
        if anchor != 0 {
            let (depth, weight) = measure(&node);
            self.anchors.insert(
                anchor,
                Anchored {
                    node: node.clone(),
                    depth,
                    weight,
                },
            );
            // A value is copied when it is anchored, too; nested anchors would square the text.
            self.alias_weight = self.alias_weight.saturating_add(weight);
            if self.alias_weight > limits::ALIAS_WEIGHT_MAX {
                return Err(error("The anchors of this text hold too much", node.span));
            }
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::Array(items)) => items.push(node),
            Some(Content::Object { members, key }) => match key.take() {
                Some((key, key_span)) => members.push(Member {
                    key,
                    key_span,
                    value: node,
                }),
                None => *key = Some(scalar::key(node, is_plain)?),
            },
        }
        Ok(())
    }

    fn expects_key(&self) -> bool {
        matches!(
            self.open.last().map(|open| &open.content),
            Some(Content::Object { key: None, .. })
        )
    }
}

/// Levels of nesting and weight of a value (see [`limits::ALIAS_WEIGHT_MAX`]).
fn measure(node: &Node) -> (usize, usize) {
    let mut depth = 0;
    let mut weight = limits::ALIAS_NODE_WEIGHT;
    let mut add = |child: &Node| {
        let (child_depth, child_weight) = measure(child);
        depth = depth.max(child_depth);
        weight = weight.saturating_add(child_weight);
    };
    match &node.value {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => return (0, weight),
        Kind::String(text) => return (0, weight + text.len()),
        Kind::Array(items) => items.iter().for_each(&mut add),
        Kind::Object(members) => {
            members.iter().for_each(|member| add(&member.value));
            weight += members.iter().map(|member| member.key.len()).sum::<usize>();
        }
    }
    (depth + 1, weight)
}

fn error(message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error(code::SYNTAX, message).with_span(span)
}

fn too_deep(span: Span) -> Diagnostic {
    error(
        format!(
            "Objects and arrays are nested deeper than {} levels",
            limits::DEPTH_MAX
        ),
        span,
    )
}
