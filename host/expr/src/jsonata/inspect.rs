//! What an expression reads, calls and builds, found by one walk of its tree.
//!
//! A name is *at the top level* where the item it is read from would be the input of the whole expression,
//! which in Step Functions there is none of: the first step of a path, an operand, a key, the body of a
//! function. Later steps, predicates, sort terms and groupings have an item of their own.

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};

use super::compile::Names;
use super::functions;
use crate::limits;

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What it reads at the top level, in the order of the text: a name, `$`, `$$`.
    pub(super) references: Vec<Box<str>>,
    /// Variables that it neither binds itself nor gets as parameters, without `states` and functions.
    pub(super) variables: Names,
    /// Members of `$states` that it names.
    pub(super) states: Names,
    /// It reads `$states` as a whole.
    pub(super) reads_all_states: bool,
    /// Functions that it names, called or not.
    pub(super) functions: Names,
    /// It makes arrays or objects.
    pub(super) builds: bool,
    /// It may run a part of itself many times on what that part made before.
    pub(super) repeats: bool,
    /// How many operators and functions it has.
    pub(super) operators: usize,
}

/// `None`: it is nested too deeply to be walked.
pub(super) fn inspect(tree: &AstNode) -> Option<Findings> {
    let mut walk = Walk::default();
    walk.node(tree, true, 0)?;
    Some(walk.found)
}

/// Whether a text is short and flat enough to be parsed and dropped on a small stack: both recurse, a chain
/// of operators included.
pub(super) fn is_shallow_text(text: &str) -> bool {
    let mut opens = 0_usize;
    let mut deepest = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                opens += 1;
                deepest = deepest.max(opens);
            }
            b')' | b']' | b'}' => opens = opens.saturating_sub(1),
            _ => {}
        }
    }
    deepest <= limits::JSONATA_TEXT_LEVELS_MAX
}

#[derive(Default)]
struct Walk<'t> {
    found: Findings,
    /// Names that are bound where the walk is.
    bound: Vec<&'t str>,
}

impl<'t> Walk<'t> {
    fn node(&mut self, node: &'t AstNode, top: bool, depth: usize) -> Option<()> {
        let depth = depth + 1;
        if depth > limits::JSONATA_TREE_LEVELS_MAX {
            return None;
        }
        match node {
            AstNode::Name(name) if top => self.reference(name),
            AstNode::Variable(name) => self.variable(name, top),
            AstNode::ParentVariable(_) if top => self.reference("$$"),
            AstNode::Path { steps } => self.path(steps, top, depth)?,
            AstNode::Binary { op, lhs, rhs } => self.binary(*op, lhs, rhs, top, depth)?,
            AstNode::Unary { operand, .. } => self.node(operand, top, depth)?,
            AstNode::Function {
                name,
                args,
                is_builtin,
            } => {
                match (is_builtin, top) {
                    (true, _) => self.called(name),
                    (false, true) => self.reference(name),
                    (false, false) => {}
                }
                self.nodes(args, top, depth)?;
            }
            AstNode::Call { procedure, args } => {
                self.node(procedure, top, depth)?;
                self.nodes(args, top, depth)?;
            }
            AstNode::Lambda { params, body, .. } => {
                self.found.repeats = true;
                self.within(|walk| {
                    walk.bound.extend(params.iter().map(String::as_str));
                    walk.node(body, top, depth)
                })?;
            }
            AstNode::Array(items) | AstNode::ArrayGroup(items) => {
                self.found.builds = true;
                self.nodes(items, top, depth)?;
            }
            AstNode::Object(pairs) => {
                self.found.builds = true;
                self.pairs(pairs, top, depth)?;
            }
            AstNode::ObjectTransform { input, pattern } => {
                self.found.builds = true;
                self.node(input, top, depth)?;
                self.pairs(pattern, false, depth)?;
            }
            AstNode::Block(items) => {
                self.within(|walk| walk.nodes(items, top, depth))?;
            }
            AstNode::Conditional {
                condition,
                then_branch,
                else_branch,
            } => {
                self.node(condition, top, depth)?;
                self.node(then_branch, top, depth)?;
                if let Some(other) = else_branch {
                    self.node(other, top, depth)?;
                }
            }
            AstNode::FunctionApplication(inner) => self.node(inner, top, depth)?,
            AstNode::Sort { input, terms } => {
                self.node(input, top, depth)?;
                terms
                    .iter()
                    .try_for_each(|(term, _)| self.node(term, false, depth))?;
            }
            AstNode::Transform {
                location,
                update,
                delete,
            } => {
                self.found.builds = true;
                self.found.repeats = true;
                self.node(location, false, depth)?;
                self.node(update, false, depth)?;
                if let Some(delete) = delete {
                    self.node(delete, false, depth)?;
                }
            }
            AstNode::String(_)
            | AstNode::Name(_)
            | AstNode::Number(_)
            | AstNode::Boolean(_)
            | AstNode::Null
            | AstNode::Undefined
            | AstNode::Placeholder
            | AstNode::Regex { .. }
            | AstNode::ParentVariable(_)
            | AstNode::Wildcard
            | AstNode::Descendant
            | AstNode::Parent(_) => {}
        }
        Some(())
    }

    fn nodes(&mut self, nodes: &'t [AstNode], top: bool, depth: usize) -> Option<()> {
        nodes
            .iter()
            .try_for_each(|node| self.node(node, top, depth))
    }

    fn pairs(&mut self, pairs: &'t [(AstNode, AstNode)], top: bool, depth: usize) -> Option<()> {
        pairs.iter().try_for_each(|(key, value)| {
            self.node(key, top, depth)?;
            self.node(value, top, depth)
        })
    }

    fn binary(
        &mut self,
        op: BinaryOp,
        lhs: &'t AstNode,
        rhs: &'t AstNode,
        top: bool,
        depth: usize,
    ) -> Option<()> {
        if let (BinaryOp::ColonEqual, AstNode::Variable(name)) = (op, lhs) {
            self.found.repeats = true;
            // A function may call itself by the name that it is bound to.
            self.bound.push(name);
            return self.node(rhs, top, depth);
        }
        self.found.operators += 1;
        self.node(lhs, top, depth)?;
        self.node(rhs, top, depth)
    }

    fn path(&mut self, steps: &'t [PathStep], top: bool, depth: usize) -> Option<()> {
        let of_states = match (steps.first(), steps.get(1)) {
            (Some(first), Some(second)) if first.stages.is_empty() => {
                match (&first.node, &second.node) {
                    (AstNode::Variable(variable), AstNode::Name(member)) => {
                        (variable == "states" && !self.is_bound(variable)).then_some(member)
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        if let Some(member) = of_states {
            self.found.states.insert(member.as_str().into());
        }
        for (index, step) in steps.iter().enumerate() {
            let is_first = index == 0;
            if !is_first && !matches!(step.node, AstNode::Name(_)) {
                self.found.repeats = true;
            }
            if !(is_first && of_states.is_some()) {
                self.node(&step.node, top && is_first, depth)?;
            }
            let names = [&step.focus, &step.index_var];
            self.bound
                .extend(names.into_iter().flatten().map(String::as_str));
            for stage in &step.stages {
                match stage {
                    Stage::Filter(filter) => self.node(filter, false, depth)?,
                    Stage::Index(name) => self.bound.push(name),
                    Stage::KeepArray => {}
                }
            }
        }
        Some(())
    }

    /// Whatever is bound inside is not bound outside.
    fn within(&mut self, work: impl FnOnce(&mut Walk<'t>) -> Option<()>) -> Option<()> {
        let bound = self.bound.len();
        let done = work(self);
        self.bound.truncate(bound);
        done
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.contains(&name)
    }

    fn reference(&mut self, name: &str) {
        if !self.found.references.iter().any(|known| &**known == name) {
            self.found.references.push(name.into());
        }
    }

    fn called(&mut self, name: &str) {
        self.found.operators += 1;
        if functions::is_known(name) {
            self.found.functions.insert(name.into());
        }
    }

    fn variable(&mut self, name: &str, top: bool) {
        match name {
            "" if top => self.reference("$"),
            "" => {}
            _ if self.is_bound(name) => {}
            "states" => self.found.reads_all_states = true,
            _ if functions::is_known(name) => self.called(name),
            _ => {
                self.found.variables.insert(name.into());
            }
        }
    }
}
