//! A state to be tested on its own (ASL.md §8.6, TestState): a definition that is one state, or one
//! state of a whole machine.
//!
//! Both become a machine that begins with the state. One state alone is put into a machine
//! under the name [`STATE_NAME`], in which whatever it goes to is there and ends, so that it is read
//! by the same rules as every other definition.

use std::collections::BTreeSet;

use serde_json::json;
use source::{Diagnostic, Format, Node};

use super::{Problem, problems};
use crate::{Parsed, Scope, ScopeId, StateId, StateMachine, code, service};

/// What the service calls a state that is tested, whatever its name.
pub const STATE_NAME: &str = "StateName";

/// A state and the machine it lives in, which begins with it.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// The machine; its top level is the scope of the state and begins with it.
    pub machine: StateMachine,
    /// The state.
    pub state: StateId,
}

/// Why there is no state to test.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FragmentError {
    /// The definition is not good: `InvalidDefinition`.
    #[error("{}", service::invalid_definition(.0))]
    Invalid(Vec<Problem>),
    /// The machine has no state of this name: `ValidationException`.
    #[error("State not found in definition")]
    NotFound,
}

/// Finds the state to test.
///
/// # Errors
/// [`FragmentError`], whose text is what the service says.
pub fn fragment(definition: &str, state_name: Option<&str>) -> Result<Fragment, FragmentError> {
    let machine = match state_name {
        None => machine_around(definition)?,
        Some(_) => machine_of(definition)?,
    };
    let name = state_name.unwrap_or(STATE_NAME);
    let state = machine.states.iter().find(|state| &*state.name == name);
    let (id, scope) = match state {
        Some(state) => (state.id, state.scope),
        None => return Err(FragmentError::NotFound),
    };
    beginning_with(machine, id, scope).ok_or(FragmentError::NotFound)
}

fn machine_of(text: &str) -> Result<StateMachine, FragmentError> {
    let Parsed {
        machine,
        diagnostics,
    } = crate::parse(text, Format::Json);
    machine.ok_or_else(|| FragmentError::Invalid(problems(text, &diagnostics)))
}

/// A machine with this state and everything it goes to.
fn machine_around(text: &str) -> Result<StateMachine, FragmentError> {
    let invalid = |found: Diagnostic| FragmentError::Invalid(problems(text, &[found]));
    let state = source::parse(text, Format::Json).map_err(invalid)?;
    if state.members().is_none() {
        let message = "Definition must be a valid JSON object";
        return Err(invalid(Diagnostic::error(
            code::INVALID_JSON_DESCRIPTION,
            message,
        )));
    }
    // The text goes in as it is, for the sake of its numbers; it is known to be one object.
    let mut whole = format!(
        "{{\"StartAt\":\"{STATE_NAME}\",\"States\":{{\"{STATE_NAME}\":{}",
        text.trim_start_matches('\u{feff}')
    );
    for target in targets(&state) {
        whole.push_str(&format!(
            ",{}:{}",
            json!(target),
            json!({ "Type": "Succeed" })
        ));
    }
    whole.push_str("}}");
    machine_of(&whole)
}

/// The states that a state goes to, but for itself.
fn targets(state: &Node) -> BTreeSet<&str> {
    let mut found = vec![state.get("Next"), state.get("Default")];
    for field in ["Choices", "Catch"] {
        let items = state.get(field).and_then(|member| member.value.items());
        found.extend(items.into_iter().flatten().map(|item| item.get("Next")));
    }
    found
        .into_iter()
        .flatten()
        .filter_map(|member| member.value.as_str())
        .filter(|name| *name != STATE_NAME)
        .collect()
}

/// The same machine with another beginning.
fn beginning_with(
    mut machine: StateMachine,
    start_at: StateId,
    scope: ScopeId,
) -> Option<Fragment> {
    let states = machine.scope(scope)?.states.clone();
    let top = machine.scopes.first_mut()?;
    *top = Scope {
        owner: None,
        start_at,
        states,
    };
    Some(Fragment {
        machine,
        state: start_at,
    })
}
