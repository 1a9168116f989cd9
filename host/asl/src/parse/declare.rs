//! The first pass: which scopes and states there are, and their names. After it every name can be
//! resolved, wherever it stands in the text.

use std::collections::{HashMap, HashSet};

use source::{Diagnostic, Kind, Node, Span};

use super::context::{Context, Names};
use super::fields::{Field, Object};
use super::report::schema;
use crate::{ScopeId, StateId, code, limits};

/// A state as the first pass sees it.
pub(super) struct DeclaredState<'a> {
    pub(super) name: &'a str,
    pub(super) name_span: Span,
    pub(super) scope: ScopeId,
    pub(super) location: String,
    pub(super) node: &'a Node,
    /// Its branches or its processor, in order.
    pub(super) inner: Vec<ScopeId>,
}

/// A scope as the first pass sees it.
pub(super) struct DeclaredScope<'a> {
    pub(super) owner: Option<StateId>,
    pub(super) object: Object<'a>,
    pub(super) states: Vec<StateId>,
}

/// All of a definition. Scope 0 is the top level; states of one scope have ids in a row.
#[derive(Default)]
pub(super) struct Declared<'a> {
    pub(super) scopes: Vec<DeclaredScope<'a>>,
    pub(super) states: Vec<DeclaredState<'a>>,
    /// Name to the place of the first state that has it, in the whole machine.
    first: HashMap<&'a str, Span>,
    /// Where the `States` objects begin, whose double keys are states of one name.
    pub(super) states_objects: HashSet<usize>,
}

impl<'a> Declared<'a> {
    pub(super) fn read(top: Object<'a>, cx: &mut Context<'a>) -> Declared<'a> {
        let mut declared = Declared::default();
        declared.scope(top, None, 0, cx);
        declared
    }

    /// The scopes around `scope`, from the inside out.
    pub(super) fn outer_scopes(&self, scope: ScopeId) -> impl Iterator<Item = ScopeId> {
        let outer = |scope: ScopeId| {
            let owner = self.scopes.get(scope.0 as usize)?.owner?;
            Some(self.states.get(owner.0 as usize)?.scope)
        };
        std::iter::successors(outer(scope), move |scope| outer(*scope))
    }

    fn scope(
        &mut self,
        object: Object<'a>,
        owner: Option<StateId>,
        depth: usize,
        cx: &mut Context<'a>,
    ) -> Option<ScopeId> {
        let id = ScopeId(u32::try_from(self.scopes.len()).ok()?);
        let states = object.required("States", &mut cx.report);
        let place = object.clone();
        self.scopes.push(DeclaredScope {
            owner,
            object,
            states: Vec::new(),
        });
        cx.names.push(Names::default());
        let Some(states) = states.and_then(|field| self.states_object(&field, cx)) else {
            return Some(id);
        };

        let first_state = self.states.len();
        for member in states.members {
            self.state(states.field(member), id, cx)?;
        }
        let ids: Vec<StateId> = (first_state..self.states.len())
            .filter_map(|index| Some(StateId(u32::try_from(index).ok()?)))
            .collect();
        for state in &ids {
            self.inner_scopes(*state, depth, cx);
        }
        if ids.is_empty() {
            let span = place
                .get("States")
                .map_or(place.anchor, |field| field.node.span);
            cx.report
                .push(schema("Value cannot be empty", span, &states.location));
        }
        if let Some(scope) = self.scopes.get_mut(id.0 as usize) {
            scope.states = ids;
        }
        Some(id)
    }

    fn states_object(&mut self, field: &Field<'a>, cx: &mut Context<'a>) -> Option<Object<'a>> {
        let object = field.object(&mut cx.report)?;
        self.states_objects.insert(field.node.span.start);
        Some(object)
    }

    fn state(&mut self, field: Field<'a>, scope: ScopeId, cx: &mut Context<'a>) -> Option<()> {
        let id = StateId(u32::try_from(self.states.len()).ok()?);
        let name = field.name;
        check_name(&field, cx);
        match self.first.get(name) {
            None => {
                self.first.insert(name, field.key_span);
            }
            Some(first) => cx.report.push(
                Diagnostic::error(
                    code::DUPLICATE_STATE_NAME,
                    format!("Duplicate State name: {name}"),
                )
                .with_span(field.key_span)
                .with_location(&field.location)
                .with_label("this name is taken")
                .with_related(*first, "first here")
                .with_help("a name belongs to one state of the whole machine, branches included"),
            ),
        }
        if let Some(names) = cx.names.get_mut(scope.0 as usize)
            && !names.states.contains_key(name)
        {
            names.states.insert(name, id);
            names.order.push(name);
        }
        cx.edges.push(Vec::new());
        cx.may_end.push(false);
        self.states.push(DeclaredState {
            name,
            name_span: field.key_span,
            scope,
            location: field.location,
            node: field.node,
            inner: Vec::new(),
        });
        Some(())
    }

    /// Declares the branches of a Parallel and the processor of a Map.
    fn inner_scopes(&mut self, id: StateId, depth: usize, cx: &mut Context<'a>) {
        let Some(state) = self.states.get(id.0 as usize) else {
            return;
        };
        if !matches!(state.node.value, Kind::Object(_)) {
            return;
        }
        let anchor = Some(state.name_span);
        let Some(object) = Object::of(state.node, state.location.clone(), anchor, &mut cx.report)
        else {
            return;
        };
        let inner = match object.get("Type").and_then(|field| field.node.as_str()) {
            Some("Parallel") => branches(&object, cx),
            Some("Map") => processor(&object, cx),
            _ => return,
        };
        if depth >= limits::SCOPE_DEPTH_MAX && !inner.is_empty() {
            cx.report.push(
                Diagnostic::error(
                    code::TOO_DEEPLY_NESTED,
                    format!(
                        "Parallel and Map are nested deeper than {} levels",
                        limits::SCOPE_DEPTH_MAX
                    ),
                )
                .with_span(object.anchor)
                .with_location(&object.location),
            );
            return;
        }
        let mut scopes = Vec::new();
        for object in inner {
            scopes.extend(self.scope(object, Some(id), depth + 1, cx));
        }
        if let Some(state) = self.states.get_mut(id.0 as usize) {
            state.inner = scopes;
        }
    }
}

fn branches<'a>(state: &Object<'a>, cx: &mut Context<'a>) -> Vec<Object<'a>> {
    let items = state
        .required("Branches", &mut cx.report)
        .and_then(|field| field.some_items(&mut cx.report));
    items
        .into_iter()
        .flatten()
        .filter_map(|item| Object::of(item.node, item.location, None, &mut cx.report))
        .collect()
}

fn processor<'a>(state: &Object<'a>, cx: &mut Context<'a>) -> Vec<Object<'a>> {
    let field = state.one_of(&["ItemProcessor", "Iterator"], true, &mut cx.report);
    field
        .and_then(|field| field.object(&mut cx.report))
        .into_iter()
        .collect()
}

fn check_name(field: &Field<'_>, cx: &mut Context<'_>) {
    let length = field.name.chars().count();
    let message = if length == 0 {
        "The state name is empty".to_owned()
    } else if length > limits::STATE_NAME_CHARACTERS_MAX {
        format!(
            "The state name is {length} characters long, which exceeds the {}-character limit allowed by the service",
            limits::STATE_NAME_CHARACTERS_MAX
        )
    } else {
        return;
    };
    cx.report.push(
        Diagnostic::error(code::INVALID_STATE_NAME, message)
            .with_span(field.key_span)
            .with_location(&field.location),
    );
}
