//! The graph of a machine: where each state can go, and what can be reached.

use crate::{Choice, ScopeId, State, StateId, StateKind, StateMachine, Transition};

/// The states that may follow `state` in its own scope: `Next`, the rules of a Choice and its
/// `Default`, and the catchers. In the order of the definition, each once.
pub fn successors(state: &State) -> Vec<StateId> {
    let mut found = Vec::new();
    match &state.kind {
        StateKind::Task(task) => flow(&task.flow, &mut found),
        StateKind::Parallel(parallel) => flow(&parallel.flow, &mut found),
        StateKind::Map(map) => flow(&map.flow, &mut found),
        StateKind::Pass(pass) => transition(pass.transition, &mut found),
        StateKind::Wait(wait) => transition(wait.transition, &mut found),
        StateKind::Choice(Choice { rules, default }) => {
            for next in rules.iter().map(|rule| rule.next).chain(*default) {
                push(next, &mut found);
            }
        }
        StateKind::Succeed | StateKind::Fail(_) => {}
    }
    found
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
    let mut waiting: Vec<StateId> =
        machine.scope(ScopeId::TOP).map(|scope| scope.start_at).into_iter().collect();
    while let Some(id) = waiting.pop() {
        let Some(mark) = seen.get_mut(id.0 as usize) else { continue };
        if std::mem::replace(mark, true) {
            continue;
        }
        let Some(state) = machine.state(id) else { continue };
        waiting.extend(successors(state));
        waiting.extend(
            scopes_within(state).iter().filter_map(|scope| Some(machine.scope(*scope)?.start_at)),
        );
    }
    seen
}

fn flow(flow: &crate::ResultFlow, found: &mut Vec<StateId>) {
    transition(flow.transition, found);
    for catcher in &flow.catch {
        push(catcher.next, found);
    }
}

fn transition(transition: Transition, found: &mut Vec<StateId>) {
    match transition {
        Transition::Next(next) => push(next, found),
        Transition::End => {}
    }
}

fn push(next: StateId, found: &mut Vec<StateId>) {
    if !found.contains(&next) {
        found.push(next);
    }
}
