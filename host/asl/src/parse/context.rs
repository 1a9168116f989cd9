//! What the readers of the parts share: the text, the findings, the names of states and variables.

use std::collections::{HashMap, HashSet};

use source::Span;

use super::fields::Field;
use super::report::Report;
use crate::{QueryLanguage, ScopeId, StateId, code, limits, suggest};

/// A variable that is written or read somewhere.
#[derive(Clone, Debug)]
pub(super) struct VariableUse {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) location: String,
    pub(super) scope: ScopeId,
    pub(super) state: StateId,
}

/// The names of one scope and what goes on between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Names<'a> {
    /// Name to state; of two states of one name, the first.
    pub(super) states: HashMap<&'a str, StateId>,
    /// The names in the order of the text.
    pub(super) order: Vec<&'a str>,
}

/// The state of one parse.
pub(super) struct Context<'a> {
    pub(super) text: &'a str,
    pub(super) report: Report,
    /// By scope.
    pub(super) names: Vec<Names<'a>>,
    /// Scopes in which a transition leads nowhere, so that little can be said of their graph.
    pub(super) torn: HashSet<ScopeId>,
    /// By state: where it can go. A misspelt target counts as the state that was probably meant, so
    /// that the one mistake does not make that state unreachable too.
    pub(super) edges: Vec<Vec<StateId>>,
    /// By state: whether it ends its scope, or cannot be told not to.
    pub(super) may_end: Vec<bool>,
    pub(super) assigned: Vec<VariableUse>,
    pub(super) read: Vec<VariableUse>,
    /// The state that is being read.
    pub(super) state: StateId,
    /// Where it is.
    pub(super) location: String,
    /// Its scope.
    pub(super) scope: ScopeId,
    /// The language of the state that is being read.
    pub(super) language: QueryLanguage,
    /// Comparisons of names left; see [`limits::NAME_COMPARISONS_MAX`].
    pub(super) comparisons_left: usize,
    /// Whether to give the warnings that are shown on demand.
    pub(super) is_pedantic: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(text: &'a str, is_pedantic: bool) -> Context<'a> {
        Context {
            text,
            report: Report::default(),
            names: Vec::new(),
            torn: HashSet::new(),
            edges: Vec::new(),
            may_end: Vec::new(),
            assigned: Vec::new(),
            read: Vec::new(),
            state: StateId(0),
            location: String::new(),
            scope: ScopeId::TOP,
            language: QueryLanguage::JsonPath,
            comparisons_left: limits::NAME_COMPARISONS_MAX,
            is_pedantic,
        }
    }

    /// The state that a `Next`, `Default` or `StartAt` of the current scope names. What is found is
    /// noted as an edge of the current state.
    pub(super) fn target(&mut self, field: &Field<'a>) -> Option<StateId> {
        let name = field.string(&mut self.report)?;
        let found = self.find(name);
        let edge = match found {
            Some(id) => Some(id),
            None => self.missing_target(field, name),
        };
        let state = self.state.0 as usize;
        if let (Some(edge), Some(edges)) = (edge, self.edges.get_mut(state)) {
            edges.push(edge);
        }
        found
    }

    pub(super) fn find(&self, name: &str) -> Option<StateId> {
        self.names
            .get(self.scope.0 as usize)?
            .states
            .get(name)
            .copied()
    }

    /// Reports a name that no state of the scope has. Gives back the state that was probably meant.
    pub(super) fn missing_target(&mut self, field: &Field<'a>, name: &str) -> Option<StateId> {
        if self.report.is_full() {
            self.report.cut();
            self.torn.insert(self.scope);
            return None;
        }
        let order = match self.names.get(self.scope.0 as usize) {
            Some(names) => names.order.clone(),
            None => Vec::new(),
        };
        let elsewhere = self
            .names
            .iter()
            .any(|names| names.states.contains_key(name));
        let meant = self.closest(name, &order);
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if elsewhere => format!(
                "`{name}` is in another scope: a transition stays among the states of its own `States`, here {}",
                suggest::list(order)
            ),
            None => format!("the states here are {}", suggest::list(order)),
        };
        // The service says 'Next' whatever the field is called.
        self.report.push(
            source::Diagnostic::error(
                code::MISSING_TRANSITION_TARGET,
                format!("Missing 'Next' target: {name}"),
            )
            .with_span(field.node.span)
            .with_location(&field.location)
            .with_label("there is no state of this name here")
            .with_help(help),
        );
        let meant = meant.and_then(|meant| self.find(meant));
        if meant.is_none() {
            self.torn.insert(self.scope);
        }
        meant
    }

    /// The nearest of the names, as long as there are comparisons left.
    pub(super) fn closest<'n>(&mut self, word: &str, names: &[&'n str]) -> Option<&'n str> {
        self.comparisons_left = self.comparisons_left.checked_sub(names.len())?;
        suggest::closest(word, names.iter().copied())
    }

    pub(super) fn read_variable(&mut self, name: &str, span: Span, location: &str) {
        let (scope, state) = (self.scope, self.state);
        self.read.push(VariableUse {
            name: name.to_owned(),
            span,
            location: location.to_owned(),
            scope,
            state,
        });
    }
}
