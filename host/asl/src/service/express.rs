//! What a Standard workflow may do and an Express workflow may not: wait for a job, for a callback, for
//! a worker (ASL.md §7.1).

use source::Severity;

use super::Problem;
use crate::{Pattern, Resource, ScopeId, StateKind, StateMachine, code};

/// Everything in the machine that waits for somebody.
pub(super) fn problems(machine: &StateMachine) -> Vec<Problem> {
    let mut problems = Vec::new();
    for state in &machine.states {
        let StateKind::Task(task) = &state.kind else {
            continue;
        };
        let Some(message) = refusal(&task.resource) else {
            continue;
        };
        problems.push(Problem {
            severity: Severity::Error,
            code: code::SCHEMA_VALIDATION_FAILED,
            message,
            location: Some(format!(
                "{}/{}/Resource",
                states_of(machine, state.scope),
                state.name
            )),
        });
    }
    problems
}

fn refusal(resource: &Resource) -> Option<String> {
    match resource {
        Resource::Activity { .. } => {
            Some("Express state machine does not support Activity ARN".to_owned())
        }
        Resource::Integration { pattern, .. } => {
            // The space at the end is the service's (recorded).
            let (pattern, end) = match pattern {
                Pattern::RequestResponse => return None,
                Pattern::Sync | Pattern::Sync2 => (Pattern::Sync, ""),
                Pattern::WaitForTaskToken => (Pattern::WaitForTaskToken, " "),
            };
            Some(format!(
                "Express state machine does not support '{}' service integration{end}",
                pattern.suffix()
            ))
        }
        Resource::Function { .. } => None,
    }
}

/// Where the states of a scope are: `/States`, `/States/P/Branches[0]/States`.
fn states_of(machine: &StateMachine, scope: ScopeId) -> String {
    let mut location = "/States".to_owned();
    let mut inner = scope;
    while let Some(owner) = machine
        .scope(inner)
        .and_then(|scope| machine.state(scope.owner?))
    {
        let place = match &owner.kind {
            StateKind::Parallel(parallel) => {
                let index = parallel.branches.iter().position(|branch| *branch == inner);
                format!("Branches[{}]", index.unwrap_or_default())
            }
            _ => "ItemProcessor".to_owned(),
        };
        location = format!("/States/{}/{place}{location}", owner.name);
        inner = owner.scope;
    }
    location
}
