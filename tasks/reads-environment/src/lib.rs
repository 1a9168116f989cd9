//! Task `reads-environment`: tells what it sees of the host's environment and arguments. In a sandbox
//! that is nothing.
//!
//! Input: anything. Output: `{ "environment": {}, "arguments": [] }`.

use std::collections::BTreeMap;
use std::env;

use serde::Serialize;
use serde::de::IgnoredAny;

/// What it saw.
#[derive(Debug, Serialize)]
pub struct Seen {
    environment: BTreeMap<String, String>,
    arguments: Vec<String>,
}

#[stepwell_task::task]
fn reads_environment(_: IgnoredAny) -> Seen {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    Seen {
        environment: env::vars_os()
            .map(|(name, value)| (text(name), text(value)))
            .collect(),
        arguments: env::args_os().map(text).collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn outside_of_a_sandbox_there_is_something_to_see() {
        let output = test::run(reads_environment, json!({})).unwrap();
        assert!(!output["arguments"].as_array().unwrap().is_empty());
        assert!(!output["environment"].as_object().unwrap().is_empty());
    }
}
