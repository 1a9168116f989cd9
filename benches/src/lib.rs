//! What the benches share: definitions that are chains of one state, and the functions they call.
//!
//! Every figure is a ratio beside its floor in the same run; see the head of each bench.

use std::path::Path;
use std::sync::Arc;

use asl::StateMachine;
use serde_json::{Map, Value, json};

/// The 100 bytes of JSON that all benches pass along.
pub const INPUT: &str = r#"{"orderId":"o-1001","customer":{"id":"c-7","tier":"gold"},"totalCents":12999,"items":[1,2,3],"ok":true}"#;

/// A definition of `length` states, each going to the next one.
pub fn chain(length: usize, state: &Value) -> String {
    let mut states = Map::new();
    for position in 0..length {
        let mut state = state.clone();
        if let Some(members) = state.as_object_mut() {
            if position + 1 < length {
                members.insert("Next".into(), format!("S{}", position + 1).into());
            } else {
                members.insert("End".into(), true.into());
            }
        }
        states.insert(format!("S{position}"), state);
    }
    json!({ "StartAt": "S0", "States": states }).to_string()
}

/// The compiled form of a definition.
///
/// # Errors
/// The diagnostics, as text.
pub fn compile(definition: &str) -> Result<Arc<StateMachine>, String> {
    let parsed = asl::parse(definition, source::Format::Json);
    match parsed.machine {
        Some(machine) => Ok(Arc::new(machine)),
        None => Err(format!("{:?}", parsed.diagnostics)),
    }
}

/// Builds a task of this repository and gives its component.
///
/// # Errors
/// What the task builder says.
pub fn component(task: &str) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let builder = taskbuild::Builder::new(&root)?;
    let built = builder.build(&[builder.task(task)?], &mut |_| {})?;
    let first = built.first().ok_or("nothing was built")?;
    Ok(std::fs::read(&first.wasm)?)
}
