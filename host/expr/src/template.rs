//! Payload templates: JSON in which a key that ends in `.$` holds an expression. Compiled once; what is
//! static is kept as a value and cloned.
//!
//! ```
//! use stepwell_expr::{Budget, Data, Entropy, Scope, Template};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let template = serde_json::from_str(r#"{"text.$": "States.Format('{} of {}', $.n, $.all)", "n": "$.n"}"#)?;
//! let template = Template::compile(&template).map_err(|faults| format!("{faults:?}"))?;
//! let input = Data::parse(r#"{"n": 1, "all": 3}"#)?;
//! let payload =
//!     template.evaluate(Scope::of(&input), &mut Entropy::from_seed(1), &mut Budget::default())?;
//! assert_eq!(payload.to_string(), r#"{"text":"1 of 3","n":"$.n"}"#);
//! # Ok(())
//! # }
//! ```

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::{
    budget::Budget, charge, entropy::Entropy, error::EvalError, expression::Expression, limits,
    scope::Scope,
};

/// What makes a key's value an expression.
const SUFFIX: &str = ".$";

/// A compiled payload template. Cloning counts references.
#[derive(Debug, Clone)]
pub struct Template {
    source: Arc<Value>,
    root: Arc<Node>,
}

/// One fault of a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at {pointer})")]
pub struct TemplateError {
    /// RFC 6901 pointer to the offending key, from the root of the template.
    pub pointer: String,
    /// What is wrong, in AWS's words where they are known; without the place and without a full stop.
    pub message: String,
    /// What is wrong in the text of the expression.
    pub detail: Option<String>,
    /// Where in the text of the expression, bytes.
    pub offset: Option<usize>,
}

#[derive(Debug)]
enum Node {
    Static(Value),
    Array(Vec<Node>),
    /// The members by the names that they have in the result.
    Object(Vec<(Box<str>, Node)>),
    /// An expression and the key that it was written under, with its suffix.
    Expression(Box<str>, Expression),
}

impl Template {
    /// Compiles a template. Only members of objects are expressions: a string in an array never is.
    ///
    /// # Errors
    /// All faults of the template, in order: a value of a `.$` key that is neither a path nor an intrinsic
    /// call, a name that is given twice, as `a` and as `a.$`, and nesting beyond
    /// [`limits::VALUE_LEVELS_MAX`].
    pub fn compile(value: &Value) -> Result<Template, Vec<TemplateError>> {
        let mut compiler = Compiler {
            pointer: String::new(),
            errors: Vec::new(),
        };
        let root = compiler.node(value, 0);
        if compiler.errors.is_empty() {
            Ok(Template {
                source: Arc::new(value.clone()),
                root: Arc::new(root),
            })
        } else {
            Err(compiler.errors)
        }
    }

    /// The payload.
    ///
    /// # Errors
    /// That of the first expression that fails, and `States.Runtime` when the budget is used up.
    pub fn evaluate(
        &self,
        scope: Scope<'_>,
        entropy: &mut Entropy,
        budget: &mut Budget,
    ) -> Result<Value, EvalError> {
        self.root.evaluate(0, scope, entropy, budget)
    }

    /// Variables that its expressions read, in order of appearance and each once.
    pub fn variables(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.root.expressions(&mut |expression| {
            for name in expression.variables() {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        });
        names
    }

    /// Whether one of its expressions reads the context object.
    pub fn uses_context(&self) -> bool {
        let mut found = false;
        self.root
            .expressions(&mut |expression| found |= expression.uses_context());
        found
    }

    /// What it was compiled from.
    pub fn source(&self) -> &Value {
        &self.source
    }
}

impl Node {
    fn evaluate(
        &self,
        above: usize,
        scope: Scope<'_>,
        entropy: &mut Entropy,
        budget: &mut Budget,
    ) -> Result<Value, EvalError> {
        match self {
            Node::Static(value) => {
                charge::copy(value, above, budget)?;
                Ok(value.clone())
            }
            Node::Array(items) => {
                charge::level(above)?;
                budget.charge(limits::COPY_STEPS_PER_VALUE)?;
                let items: Result<Vec<Value>, EvalError> = items
                    .iter()
                    .map(|item| item.evaluate(above + 1, scope, entropy, budget))
                    .collect();
                items.map(Value::Array)
            }
            Node::Object(members) => {
                charge::level(above)?;
                budget.charge(limits::COPY_STEPS_PER_VALUE)?;
                let mut object = Map::with_capacity(members.len());
                for (name, member) in members {
                    budget.charge_bytes(name.len())?;
                    object.insert(
                        name.to_string(),
                        member.evaluate(above + 1, scope, entropy, budget)?,
                    );
                }
                Ok(Value::Object(object))
            }
            Node::Expression(field, expression) => {
                expression.evaluate_below(above, field, scope, entropy, budget)
            }
        }
    }

    fn expressions<'n>(&'n self, found: &mut dyn FnMut(&'n Expression)) {
        match self {
            Node::Static(_) => {}
            Node::Array(items) => items.iter().for_each(|item| item.expressions(found)),
            Node::Object(members) => members
                .iter()
                .for_each(|(_, member)| member.expressions(found)),
            Node::Expression(_, expression) => found(expression),
        }
    }
}

struct Compiler {
    /// Where the compiler is.
    pointer: String,
    errors: Vec<TemplateError>,
}

impl Compiler {
    /// Compiles a node. After an error the node is not used, and the rest is still looked at.
    fn node(&mut self, value: &Value, above: usize) -> Node {
        match value {
            Value::Array(_) | Value::Object(_) if above >= limits::VALUE_LEVELS_MAX => {
                self.error(
                    format!(
                        "a payload template is nested at most {} levels deep",
                        limits::VALUE_LEVELS_MAX
                    ),
                    None,
                );
                Node::Static(Value::Null)
            }
            Value::Array(items) => {
                let nodes: Vec<Node> = items
                    .iter()
                    .enumerate()
                    .map(|(at, item)| {
                        self.at(&at.to_string(), |compiler| compiler.node(item, above + 1))
                    })
                    .collect();
                if nodes.iter().all(|node| matches!(node, Node::Static(_))) {
                    return Node::Static(value.clone());
                }
                Node::Array(nodes)
            }
            Value::Object(members) => self.object(value, members, above),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                Node::Static(value.clone())
            }
        }
    }

    fn object(&mut self, value: &Value, members: &Map<String, Value>, above: usize) -> Node {
        let mut nodes = Vec::with_capacity(members.len());
        for (key, member) in members {
            let (name, node) = self.at(key, |compiler| match key.strip_suffix(SUFFIX) {
                Some(name) => {
                    if members.contains_key(name) {
                        compiler.error(
                            format!("The fields '{name}' and '{key}' give the same field twice"),
                            None,
                        );
                    }
                    (name, compiler.expression(key, member))
                }
                None => (key.as_str(), compiler.node(member, above + 1)),
            });
            nodes.push((name.into(), node));
        }
        if nodes
            .iter()
            .all(|(_, node)| matches!(node, Node::Static(_)))
        {
            return Node::Static(value.clone());
        }
        Node::Object(nodes)
    }

    fn expression(&mut self, key: &str, value: &Value) -> Node {
        let fault = match value.as_str().map(Expression::parse) {
            Some(Ok(expression)) => return Node::Expression(key.into(), expression),
            Some(Err(error)) => Some(error),
            None => None,
        };
        self.error(
            format!("The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call"),
            fault,
        );
        Node::Static(Value::Null)
    }

    /// Works one step further down.
    fn at<T>(&mut self, token: &str, work: impl FnOnce(&mut Compiler) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer
            .push_str(&token.replace('~', "~0").replace('/', "~1"));
        let result = work(self);
        self.pointer.truncate(length);
        result
    }

    fn error(&mut self, message: String, fault: Option<crate::path::PathError>) {
        let (detail, offset) = fault.map(|fault| (fault.message, fault.offset)).unzip();
        self.errors.push(TemplateError {
            pointer: self.pointer.clone(),
            message,
            detail,
            offset,
        });
    }
}
