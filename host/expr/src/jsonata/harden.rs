//! An expression, made safe. The evaluator bounds depth, time and the length of sequences; it bounds neither
//! memory nor what a single built-in function may do with it: `$pad("x", 1e12)` would end the process.
//!
//! The one idea: the tree is rewritten once, when it is compiled. What could make much of little gets a guard
//! on its arguments ([`super::functions`]) or is replaced by a function of the host. Guards cost time, so most
//! of them are put only where an expression can repeat itself; a plain one makes no more than its text is
//! long times what it reads.
//!
//! What no guard sees: lists that a path makes over a list (`$all.name`), each no longer than what it goes
//! over. Those that are kept while others are made are bounded by time alone.

use jsonata_core::ast::{AstNode, BinaryOp, PathStep, Stage};

use super::compile::Names;
use super::inspect::Findings;

/// So many operators that take memory may stand in an expression that does not repeat itself before they are
/// guarded, too.
const PLAIN_OPERATORS_MAX: usize = 64;

/// Functions whose result may be as large as their arguments.
const MAKERS: [&str; 33] = [
    "append",
    "reverse",
    "zip",
    "sort",
    "spread",
    "merge",
    "sift",
    "each",
    "map",
    "filter",
    "keys",
    "lookup",
    "split",
    "match",
    "string",
    "replace",
    "uppercase",
    "lowercase",
    "trim",
    "substring",
    "substringBefore",
    "substringAfter",
    "base64encode",
    "base64decode",
    "encodeUrlComponent",
    "encodeUrl",
    "decodeUrlComponent",
    "decodeUrl",
    "formatNumber",
    "formatInteger",
    "fromMillis",
    "reduce",
    "single",
];

/// The tree, and the functions of the host that it needs.
pub(super) fn harden(tree: AstNode, findings: &Findings) -> (AstNode, Names) {
    let mut hardener = Hardener {
        watches: findings.repeats || findings.operators > PLAIN_OPERATORS_MAX,
        compares: findings.repeats && findings.builds,
        bound: Vec::new(),
        hosts: findings.functions.clone(),
    };
    let tree = hardener.node(tree);
    (tree, hardener.hosts)
}

struct Hardener {
    /// Whether what is made is summed up.
    watches: bool,
    /// Whether values may be much larger as trees than they are in memory.
    compares: bool,
    /// Names that are bound where the hardener is, and whether to what is surely a function.
    bound: Vec<(String, bool)>,
    hosts: Names,
}

impl Hardener {
    fn node(&mut self, node: AstNode) -> AstNode {
        match node {
            AstNode::Variable(name) => self.variable(name),
            AstNode::Path { steps } => AstNode::Path {
                steps: steps.into_iter().map(|step| self.step(step)).collect(),
            },
            AstNode::Binary { op, lhs, rhs } => self.binary(op, *lhs, *rhs),
            AstNode::Unary { op, operand } => AstNode::Unary {
                op,
                operand: self.boxed(operand),
            },
            AstNode::Function {
                name,
                args,
                is_builtin,
            } => self.call(name, args, is_builtin),
            AstNode::Call { procedure, args } => AstNode::Call {
                procedure: self.boxed(procedure),
                args: self.nodes(args),
            },
            AstNode::Lambda {
                params,
                body,
                signature,
                thunk,
            } => {
                let before = self.bound.len();
                self.bound
                    .extend(params.iter().map(|name| (name.clone(), false)));
                let body = self.boxed(body);
                self.bound.truncate(before);
                AstNode::Lambda {
                    params,
                    body,
                    signature,
                    thunk,
                }
            }
            AstNode::Array(items) => AstNode::Array(self.nodes(items)),
            AstNode::ArrayGroup(items) => AstNode::ArrayGroup(self.nodes(items)),
            AstNode::Object(pairs) => AstNode::Object(self.pairs(pairs)),
            AstNode::ObjectTransform { input, pattern } => AstNode::ObjectTransform {
                input: self.boxed(input),
                pattern: self.pairs(pattern),
            },
            AstNode::Block(items) => {
                let before = self.bound.len();
                let items = self.nodes(items);
                self.bound.truncate(before);
                AstNode::Block(items)
            }
            AstNode::Conditional {
                condition,
                then_branch,
                else_branch,
            } => AstNode::Conditional {
                condition: self.boxed(condition),
                then_branch: self.boxed(then_branch),
                else_branch: else_branch.map(|other| self.boxed(other)),
            },
            AstNode::FunctionApplication(inner) => AstNode::FunctionApplication(self.boxed(inner)),
            AstNode::Sort { input, terms } => AstNode::Sort {
                input: self.boxed(input),
                terms: terms
                    .into_iter()
                    .map(|(term, ascending)| (self.node(term), ascending))
                    .collect(),
            },
            AstNode::Transform {
                location,
                update,
                delete,
            } => AstNode::Transform {
                location: self.boxed(location),
                update: self.boxed(update),
                delete: delete.map(|delete| self.boxed(delete)),
            },
            other => other,
        }
    }

    fn boxed(&mut self, mut node: Box<AstNode>) -> Box<AstNode> {
        guarded(&mut node, |node| self.node(node));
        node
    }

    fn nodes(&mut self, nodes: Vec<AstNode>) -> Vec<AstNode> {
        nodes.into_iter().map(|node| self.node(node)).collect()
    }

    fn pairs(&mut self, pairs: Vec<(AstNode, AstNode)>) -> Vec<(AstNode, AstNode)> {
        pairs
            .into_iter()
            .map(|(key, value)| (self.node(key), self.node(value)))
            .collect()
    }

    fn step(&mut self, mut step: PathStep) -> PathStep {
        step.node = self.node(step.node);
        step.stages = step
            .stages
            .into_iter()
            .map(|stage| match stage {
                Stage::Filter(filter) => Stage::Filter(self.boxed(filter)),
                other => other,
            })
            .collect();
        step
    }

    fn binary(&mut self, op: BinaryOp, lhs: AstNode, rhs: AstNode) -> AstNode {
        let pair = |op: BinaryOp, lhs: AstNode, rhs: AstNode| AstNode::Binary {
            op,
            lhs: Box::new(lhs),
            rhs: Box::new(rhs),
        };
        match (op, lhs, rhs) {
            (BinaryOp::ColonEqual, AstNode::Variable(name), rhs) => {
                let is_function = matches!(rhs, AstNode::Lambda { .. });
                self.bound.push((name.clone(), is_function));
                let rhs = self.node(rhs);
                pair(op, AstNode::Variable(name), rhs)
            }
            // `a ~> $f(b)` is `$f(a, b)`, whose arguments can be guarded.
            (
                BinaryOp::ChainPipe,
                lhs,
                AstNode::Function {
                    name,
                    mut args,
                    is_builtin: true,
                },
            ) if !self.is_bound(&name) && !args.iter().any(is_placeholder) => {
                args.insert(0, lhs);
                self.call(name, args, true)
            }
            (BinaryOp::Concatenate, lhs, rhs) if self.watches => {
                let (lhs, rhs) = (self.node(lhs), self.node(rhs));
                let (lhs, rhs) = (self.guard("!text", lhs), self.guard("!text", rhs));
                pair(op, lhs, rhs)
            }
            (BinaryOp::Equal | BinaryOp::NotEqual | BinaryOp::In, lhs, rhs) if self.compares => {
                let (lhs, rhs) = (self.node(lhs), self.node(rhs));
                let (lhs, rhs) = (self.guard("!compared", lhs), self.guard("!compared", rhs));
                pair(op, lhs, rhs)
            }
            (BinaryOp::Range, lhs, rhs) => {
                let (lhs, rhs) = (self.node(lhs), self.node(rhs));
                let lhs = self.host("!from", vec![lhs]);
                let rhs = self.host("!to", vec![rhs]);
                pair(op, lhs, rhs)
            }
            (op, lhs, rhs) => {
                let (lhs, rhs) = (self.node(lhs), self.node(rhs));
                pair(op, lhs, rhs)
            }
        }
    }

    /// A function as a value: those whose arguments are guarded become functions that call them.
    fn variable(&mut self, name: String) -> AstNode {
        if self.is_bound(&name) {
            return AstNode::Variable(name);
        }
        let params: &[&str] = match name.as_str() {
            "join" | "distinct" => return AstNode::Variable(self.named(&format!("!{name}"))),
            "string" => &["!a"],
            "formatInteger" => &["!a", "!b"],
            "split" | "match" => &["!a", "!b", "!c"],
            "replace" => &["!a", "!b", "!c", "!d"],
            _ => return AstNode::Variable(name),
        };
        let args = params
            .iter()
            .map(|param| AstNode::Variable((*param).to_owned()))
            .collect();
        self.function_of(params, name, args)
    }

    fn function_of(&mut self, params: &[&str], name: String, args: Vec<AstNode>) -> AstNode {
        let before = self.bound.len();
        self.bound
            .extend(params.iter().map(|param| ((*param).to_owned(), false)));
        let body = self.call(name, args, true);
        self.bound.truncate(before);
        AstNode::Lambda {
            params: params.iter().map(|param| (*param).to_owned()).collect(),
            body: Box::new(body),
            signature: None,
            thunk: false,
        }
    }

    fn call(&mut self, name: String, args: Vec<AstNode>, is_builtin: bool) -> AstNode {
        let plain = |name: String, args: Vec<AstNode>| AstNode::Function {
            name,
            args,
            is_builtin,
        };
        if !is_builtin || self.is_bound(&name) {
            return plain(name, self.nodes(args));
        }
        if args.iter().any(is_placeholder) {
            return self.partial(name, args);
        }
        let mut args = self.nodes(args);
        let here = || AstNode::Variable(String::new());
        match name.as_str() {
            "join" | "distinct" if !args.is_empty() => {
                return self.host(&format!("!{name}"), args);
            }
            "now" => {
                let now = self.host("millis", Vec::new());
                args.insert(0, now);
                return plain("fromMillis".to_owned(), args);
            }
            "string" if self.watches => match args.first_mut() {
                Some(value) => guarded(value, |value| self.guard("!text", value)),
                None => args.push(self.guard("!text", here())),
            },
            "replace" => self.replacement(&mut args),
            "split" | "match" if self.watches => {
                if args.len() == 1 {
                    args.insert(0, here());
                }
                let is_two = args.len() == 2;
                for (at, arg) in args.iter_mut().enumerate().take(2) {
                    guarded(arg, |arg| match at {
                        0 => self.host("!apart", vec![arg]),
                        _ if is_two => self.host("!apartOf", vec![arg, here()]),
                        _ => arg,
                    });
                }
            }
            "formatInteger" => {
                if args.len() == 1 {
                    args.insert(0, here());
                }
                for (arg, guard) in args.iter_mut().zip(["!keep", "!picture"]) {
                    guarded(arg, |arg| self.host(guard, vec![arg]));
                }
            }
            _ => {}
        }
        let is_maker = self.watches && MAKERS.contains(&name.as_str());
        let call = plain(name, args);
        match is_maker {
            true => self.host("!made", vec![call]),
            false => call,
        }
    }

    /// `$replace`: the text, the pattern, and what is put in. With one argument less the context is the text.
    fn replacement(&mut self, args: &mut Vec<AstNode>) {
        let here = || AstNode::Variable(String::new());
        if args.len() == 2 {
            args.insert(0, here());
        }
        if args.len() < 3 {
            return;
        }
        for (at, arg) in args.iter_mut().enumerate().take(3) {
            guarded(arg, |arg| match at {
                0 | 1 => self.host("!keep", vec![arg]),
                _ => {
                    let (arg, is_function) = self.replacer(arg);
                    self.host("!put", vec![arg, AstNode::Boolean(is_function), here()])
                }
            });
        }
    }

    /// What is put in; a function is made to be charged for what it gives.
    fn replacer(&mut self, node: AstNode) -> (AstNode, bool) {
        match node {
            AstNode::Lambda {
                params,
                body,
                signature,
                ..
            } => {
                let body = self.host("!made", vec![*body]);
                let charged = AstNode::Lambda {
                    params,
                    body: Box::new(body),
                    signature,
                    thunk: false,
                };
                (charged, true)
            }
            AstNode::Variable(name)
                if self
                    .bound
                    .iter()
                    .rev()
                    .find(|(known, _)| *known == name)
                    .is_some_and(|(_, is_function)| *is_function) =>
            {
                let call = AstNode::Function {
                    name,
                    args: vec![AstNode::Variable("!m".to_owned())],
                    is_builtin: true,
                };
                let body = self.host("!made", vec![call]);
                let charged = AstNode::Lambda {
                    params: vec!["!m".to_owned()],
                    body: Box::new(body),
                    signature: None,
                    thunk: false,
                };
                (charged, true)
            }
            other => (other, false),
        }
    }

    /// `$f(?, b)`: a function of what is left open.
    fn partial(&mut self, name: String, args: Vec<AstNode>) -> AstNode {
        let is_guarded = matches!(
            name.as_str(),
            "join" | "distinct" | "string" | "replace" | "split" | "match" | "formatInteger"
        );
        if !is_guarded {
            let args = self.nodes(args);
            return AstNode::Function {
                name,
                args,
                is_builtin: true,
            };
        }
        let mut params = Vec::new();
        let args = args
            .into_iter()
            .map(|arg| match is_placeholder(&arg) {
                true => {
                    let param = format!("!{}", params.len());
                    params.push(param.clone());
                    AstNode::Variable(param)
                }
                false => arg,
            })
            .collect();
        let params: Vec<&str> = params.iter().map(String::as_str).collect();
        self.function_of(&params, name, args)
    }

    /// A guard, where one is needed: a literal is as long as it is.
    fn guard(&mut self, name: &str, node: AstNode) -> AstNode {
        match node {
            AstNode::String(_) | AstNode::Number(_) | AstNode::Boolean(_) | AstNode::Null => node,
            other => self.host(name, vec![other]),
        }
    }

    fn host(&mut self, name: &str, args: Vec<AstNode>) -> AstNode {
        AstNode::Function {
            name: self.named(name),
            args,
            is_builtin: true,
        }
    }

    fn named(&mut self, name: &str) -> String {
        self.hosts.insert(name.into());
        name.to_owned()
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.iter().any(|(known, _)| known == name)
    }
}

fn is_placeholder(node: &AstNode) -> bool {
    matches!(node, AstNode::Placeholder)
}

fn guarded(place: &mut AstNode, guard: impl FnOnce(AstNode) -> AstNode) {
    let node = std::mem::replace(place, AstNode::Null);
    *place = guard(node);
}
