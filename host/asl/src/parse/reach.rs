//! What follows from all transitions together: what can be reached, what ends.
//!
//! A scope in which a transition leads nowhere is not judged: the one mistake would be told over and
//! over, as states that cannot be reached.

use source::Diagnostic;

use super::context::Context;
use super::declare::Declared;
use crate::{ScopeId, StateId, code};

/// Checks the graph of every scope once all states are read. `starts` are the states that `StartAt`
/// names, by scope.
pub(super) fn check(declared: &Declared<'_>, starts: &[Option<StateId>], cx: &mut Context<'_>) {
    for (index, scope) in declared.scopes.iter().enumerate() {
        let Ok(id) = u32::try_from(index) else { return };
        if cx.torn.contains(&ScopeId(id)) {
            continue;
        }
        let is_top = index == ScopeId::TOP.0 as usize;
        let ends = scope
            .states
            .iter()
            .any(|id| cx.may_end.get(id.0 as usize) == Some(&true));
        if !ends && !scope.states.is_empty() {
            let diagnostic = match is_top {
                true => {
                    Diagnostic::error(code::MISSING_END_STATE, "Workflow has no terminal state")
                }
                // The service takes it: a branch may end by an error alone.
                false => {
                    Diagnostic::warning(code::MISSING_END_STATE, "This scope has no terminal state")
                        .with_location(&scope.object.location)
                }
            };
            cx.report.push(
                diagnostic
                    .with_span(
                        scope
                            .object
                            .get("States")
                            .map_or(scope.object.anchor, |field| field.key_span),
                    )
                    .with_label("none of these states ends")
                    .with_help("give a state `\"End\": true`, or add a Succeed or Fail state"),
            );
            continue;
        }
        if let Some(Some(start)) = starts.get(index) {
            unreachable(declared, &scope.states, *start, cx);
        }
    }
}

fn unreachable(declared: &Declared<'_>, states: &[StateId], start: StateId, cx: &mut Context<'_>) {
    let mut seen = std::collections::HashSet::from([start]);
    let mut waiting = vec![start];
    while let Some(id) = waiting.pop() {
        for next in cx.edges.get(id.0 as usize).into_iter().flatten() {
            if seen.insert(*next) {
                waiting.push(*next);
            }
        }
    }
    for id in states.iter().filter(|id| !seen.contains(id)) {
        let Some(state) = declared.states.get(id.0 as usize) else {
            continue;
        };
        // Of two states of one name the second can never be named; that is reported as such.
        let names = cx.names.get(state.scope.0 as usize);
        if names.and_then(|names| names.states.get(state.name)) != Some(id) {
            continue;
        }
        cx.report.push(
            Diagnostic::error(
                code::MISSING_TRANSITION_TARGET,
                format!("State \"{}\" is not reachable.", state.name),
            )
            .with_span(state.name_span)
            .with_location(&state.location)
            .with_label("no transition leads here")
            .with_help("go to it by `Next`, `Default` or a catcher of a state that is reached, or take it out"),
        );
    }
}
