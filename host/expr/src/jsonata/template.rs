//! Payloads of JSONata states: JSON in which a string `{% … %}` is an expression, at any depth. Keys never are.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::compile::{Available, Jsonata, JsonataError, body};
use super::evaluate::{JsonataFailure, JsonataScope, Session};
use crate::{budget::Budget, charge, entropy::Entropy};

/// A compiled payload. Cloning counts references.
#[derive(Debug, Clone)]
pub struct JsonataTemplate(Arc<Node>);

/// One fault of a payload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{error} (at {pointer})")]
pub struct JsonataTemplateError {
    /// RFC 6901 pointer to the offending string, from the root of the payload.
    pub pointer: String,
    /// The same as the service writes it: `/a/b[0]`.
    pub path: String,
    /// What is wrong.
    pub error: JsonataError,
}

#[derive(Debug)]
enum Node {
    Static(Value),
    Array(Vec<Node>),
    Object(Vec<(Box<str>, Node)>),
    Expression(Jsonata),
}

impl JsonataTemplate {
    /// Compiles a payload.
    ///
    /// # Errors
    /// All faults of its expressions, in order.
    pub fn compile(
        value: &Value,
        available: Available,
    ) -> Result<JsonataTemplate, Vec<JsonataTemplateError>> {
        let mut compiler = Compiler {
            available,
            pointer: String::new(),
            path: String::new(),
            errors: Vec::new(),
        };
        let root = compiler.node(value);
        match compiler.errors.is_empty() {
            true => Ok(JsonataTemplate(Arc::new(root))),
            false => Err(compiler.errors),
        }
    }

    /// The payload. `field` is the field that it is, `Output` or `Catch[0]/Output`, for the error text.
    ///
    /// # Errors
    /// That of the first expression that fails.
    pub fn evaluate(
        &self,
        field: &str,
        scope: JsonataScope<'_>,
        entropy: &mut Entropy,
        budget: &mut Budget,
    ) -> Result<Value, JsonataFailure> {
        let mut run = Run {
            session: Session::new(scope),
            path: field.to_owned(),
            entropy,
            budget,
        };
        run.node(&self.0, 0)
    }

    /// Its expressions, each with the RFC 6901 pointer to it.
    pub fn expressions(&self) -> Vec<(String, &Jsonata)> {
        let mut found = Vec::new();
        self.0.expressions(String::new(), &mut found);
        found
    }

    /// The expression, if the payload is nothing but one.
    pub fn as_expression(&self) -> Option<&Jsonata> {
        match &*self.0 {
            Node::Expression(expression) => Some(expression),
            Node::Static(_) | Node::Array(_) | Node::Object(_) => None,
        }
    }

    /// The value, if there is no expression in it.
    pub fn as_value(&self) -> Option<&Value> {
        match &*self.0 {
            Node::Static(value) => Some(value),
            Node::Expression(_) | Node::Array(_) | Node::Object(_) => None,
        }
    }
}

impl Node {
    fn expressions<'n>(&'n self, pointer: String, found: &mut Vec<(String, &'n Jsonata)>) {
        match self {
            Node::Static(_) => {}
            Node::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    item.expressions(format!("{pointer}/{at}"), found);
                }
            }
            Node::Object(members) => {
                for (name, member) in members {
                    member.expressions(format!("{pointer}/{}", token(name)), found);
                }
            }
            Node::Expression(expression) => found.push((pointer, expression)),
        }
    }
}

/// A name in an RFC 6901 pointer.
fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

struct Run<'a, 'r> {
    session: Session<'a>,
    path: String,
    entropy: &'r mut Entropy,
    budget: &'r mut Budget,
}

impl Run<'_, '_> {
    fn node(&mut self, node: &Node, above: usize) -> Result<Value, JsonataFailure> {
        match node {
            Node::Static(value) => {
                let charged = charge::copy(value, above, self.budget);
                charged.map_err(|error| JsonataFailure {
                    location: self.path.clone(),
                    cause: error.cause,
                })?;
                Ok(value.clone())
            }
            Node::Array(items) => {
                let mut made = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    made.push(self.at(&format!("[{at}]"), |run| run.node(item, above + 1))?);
                }
                Ok(Value::Array(made))
            }
            Node::Object(members) => {
                let mut made = Map::with_capacity(members.len());
                for (name, member) in members {
                    let value = self.at(&format!("/{name}"), |run| run.node(member, above + 1))?;
                    made.insert(name.to_string(), value);
                }
                Ok(Value::Object(made))
            }
            Node::Expression(expression) => {
                self.session
                    .value(expression, &self.path, above, self.entropy, self.budget)
            }
        }
    }

    /// Works one step further down.
    fn at<T>(&mut self, step: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(step);
        let result = work(self);
        self.path.truncate(length);
        result
    }
}

struct Compiler {
    available: Available,
    pointer: String,
    path: String,
    errors: Vec<JsonataTemplateError>,
}

impl Compiler {
    fn node(&mut self, value: &Value) -> Node {
        match value {
            Value::String(text) => match body(text) {
                Some(text) => self.expression(text),
                None => Node::Static(value.clone()),
            },
            Value::Array(items) => {
                let nodes: Vec<Node> = (0_usize..)
                    .zip(items)
                    .map(|(at, item)| {
                        self.at(&format!("/{at}"), &format!("[{at}]"), |it| it.node(item))
                    })
                    .collect();
                match nodes.iter().all(|node| matches!(node, Node::Static(_))) {
                    true => Node::Static(value.clone()),
                    false => Node::Array(nodes),
                }
            }
            Value::Object(members) => {
                let nodes: Vec<(Box<str>, Node)> = members
                    .iter()
                    .map(|(name, member)| {
                        let token = token(name);
                        let node = self.at(&format!("/{token}"), &format!("/{name}"), |it| {
                            it.node(member)
                        });
                        (name.as_str().into(), node)
                    })
                    .collect();
                match nodes
                    .iter()
                    .all(|(_, node)| matches!(node, Node::Static(_)))
                {
                    true => Node::Static(value.clone()),
                    false => Node::Object(nodes),
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Node::Static(value.clone()),
        }
    }

    fn expression(&mut self, text: &str) -> Node {
        match Jsonata::parse(text, self.available) {
            Ok(expression) => Node::Expression(expression),
            Err(errors) => {
                for error in errors {
                    self.errors.push(JsonataTemplateError {
                        pointer: self.pointer.clone(),
                        path: self.path.clone(),
                        error,
                    });
                }
                Node::Static(Value::Null)
            }
        }
    }

    fn at<T>(&mut self, token: &str, step: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        let (pointer, path) = (self.pointer.len(), self.path.len());
        self.pointer.push_str(token);
        self.path.push_str(step);
        let result = work(self);
        self.pointer.truncate(pointer);
        self.path.truncate(path);
        result
    }
}
