//! What a compiled path consists of. Plain data: the parser makes it, the walker reads it.

use std::sync::Arc;

use serde_json::Value;

/// Where a path begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Root {
    /// `$`: the input.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a variable.
    Variable(Arc<str>),
}

/// Where a query begins: at a root, or at the element that a filter looks at.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    Root(Root),
    /// `@`
    Current,
}

/// A path without its text.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) origin: Origin,
    pub(crate) segments: Vec<Segment>,
    /// Whether it names at most one value. Then its segments are names and indexes, and at the end
    /// perhaps a union of names, which makes one object.
    pub(crate) definite: bool,
}

/// One step of a path.
#[derive(Debug, Clone)]
pub(crate) enum Segment {
    /// To the children that the selector takes.
    Child(Selector),
    /// `..`: the selector is applied to the node and to every container below it.
    Descend(Selector),
}

/// Which children of a node a step takes.
#[derive(Debug, Clone)]
pub(crate) enum Selector {
    /// `.name`, `['name']`
    Name(Box<str>),
    /// `['a','b']`
    Names(Vec<Box<str>>),
    /// `[n]`, from the end when negative.
    Index(i64),
    /// `[1,3]`
    Indexes(Vec<i64>),
    /// `[from:to]`
    Slice { from: Option<i64>, to: Option<i64> },
    /// `.*`, `[*]`
    Wildcard,
    /// `[?(…)]`
    Filter(Filter),
}

/// The condition of a filter.
#[derive(Debug, Clone)]
pub(crate) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Exists(Query),
    Compare {
        left: Operand,
        operator: Operator,
        right: Operand,
    },
}

/// One side of a comparison.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Literal(Value),
    Query(Query),
}

/// How two operands are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Query {
    /// A query with its definiteness worked out: at most one value, unless a segment fans out.
    pub(crate) fn new(origin: Origin, segments: Vec<Segment>) -> Query {
        let last = segments.len().saturating_sub(1);
        let definite = segments
            .iter()
            .enumerate()
            .all(|(at, segment)| match segment {
                Segment::Child(Selector::Name(_) | Selector::Index(_)) => true,
                Segment::Child(Selector::Names(_)) => at == last,
                Segment::Child(_) | Segment::Descend(_) => false,
            });
        Query {
            origin,
            segments,
            definite,
        }
    }

    /// Calls `found` with every root that the query and its filters begin at.
    pub(crate) fn roots<'q>(&'q self, found: &mut dyn FnMut(&'q Root)) {
        if let Origin::Root(root) = &self.origin {
            found(root);
        }
        for segment in &self.segments {
            let (Segment::Child(selector) | Segment::Descend(selector)) = segment;
            if let Selector::Filter(filter) = selector {
                filter.roots(found);
            }
        }
    }
}

impl Filter {
    fn roots<'q>(&'q self, found: &mut dyn FnMut(&'q Root)) {
        match self {
            Filter::All(parts) | Filter::Any(parts) => {
                parts.iter().for_each(|part| part.roots(found))
            }
            Filter::Not(inner) => inner.roots(found),
            Filter::Exists(query) => query.roots(found),
            Filter::Compare {
                left,
                operator: _,
                right,
            } => {
                for operand in [left, right] {
                    if let Operand::Query(query) = operand {
                        query.roots(found);
                    }
                }
            }
        }
    }
}
