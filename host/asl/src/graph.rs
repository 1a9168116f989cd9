//! The graph of a machine: where each state can go, and what can be reached.

use std::collections::HashSet;

use crate::{ResultFlow, ScopeId, State, StateId, StateKind, StateMachine, Transition};

/// The states that may follow `state` in its own scope: `Next`, the rules of a Choice and its
/// `Default`, and the catchers. In the order of the definition, each once.
pub fn successors(state: &State) -> Vec<StateId> {
    let mut seen = HashSet::new();
    all_successors(state)
        .into_iter()
        .filter(|next| seen.insert(*next))
        .collect()
}

/// Like [`successors`], with repetitions.
fn all_successors(state: &State) -> Vec<StateId> {
    match &state.kind {
        StateKind::Task(task) => flow(&task.flow),
        StateKind::Parallel(parallel) => flow(&parallel.flow),
        StateKind::Map(map) => flow(&map.flow),
        StateKind::Pass(pass) => next(pass.transition).into_iter().collect(),
        StateKind::Wait(wait) => next(wait.transition).into_iter().collect(),
        StateKind::Choice(choice) => choice
            .rules
            .iter()
            .map(|rule| rule.next)
            .chain(choice.default)
            .collect(),
        StateKind::Succeed | StateKind::Fail(_) => Vec::new(),
    }
}

fn flow(flow: &ResultFlow) -> Vec<StateId> {
    next(flow.transition)
        .into_iter()
        .chain(flow.catch.iter().map(|catcher| catcher.next))
        .collect()
}

fn next(transition: Transition) -> Option<StateId> {
    match transition {
        Transition::Next(next) => Some(next),
        Transition::End => None,
    }
}

/// The scopes that live inside `state`: the branches of a Parallel, the processor of a Map.
pub fn scopes_within(state: &State) -> &[ScopeId] {
    match &state.kind {
        StateKind::Parallel(parallel) => &parallel.branches,
        StateKind::Map(map) => std::slice::from_ref(&map.processor),
        StateKind::Task(_)
        | StateKind::Pass(_)
        | StateKind::Choice(_)
        | StateKind::Wait(_)
        | StateKind::Succeed
        | StateKind::Fail(_) => &[],
    }
}

/// For each state of the machine, by its index: whether an execution can enter it.
pub fn reachable(machine: &StateMachine) -> Vec<bool> {
    let mut seen = vec![false; machine.states.len()];
    let start = |scope: &ScopeId| machine.scope(*scope).map(|scope| scope.start_at);
    let mut waiting: Vec<StateId> = start(&ScopeId::TOP).into_iter().collect();
    while let Some(id) = waiting.pop() {
        let Some(mark) = seen.get_mut(id.0 as usize) else {
            continue;
        };
        if std::mem::replace(mark, true) {
            continue;
        }
        let Some(state) = machine.state(id) else {
            continue;
        };
        waiting.extend(all_successors(state));
        waiting.extend(scopes_within(state).iter().filter_map(start));
    }
    seen
}
