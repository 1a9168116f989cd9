//! Reads a table of cases and checks each of them; a failure names all cases that differ.

use expr::{Bindings, Budget, Data, Entropy, EvalError, Expression, Scope};
use serde_json::Value;

/// Bindings from a case: `context` and `variables`.
pub(crate) struct Given {
    context: Value,
    variables: Value,
}

impl Given {
    pub(crate) fn of(case: &Value) -> Given {
        Given {
            context: case["context"].clone(),
            variables: case["variables"].clone(),
        }
    }
}

impl Bindings for Given {
    fn context(&self) -> &Value {
        &self.context
    }

    fn variable(&self, name: &str) -> Option<&Value> {
        self.variables.get(name)
    }
}

/// The input of a case: `input_text` byte for byte, or `input`.
pub(crate) fn input(case: &Value) -> Data {
    match case["input_text"].as_str() {
        Some(text) => Data::parse(text).unwrap(),
        None => Data::new(case["input"].clone()),
    }
}

/// Evaluates `text` as the value of the key `value.$`.
pub(crate) fn evaluate(
    text: &str,
    input: &Data,
    bindings: &dyn Bindings,
) -> Result<Value, EvalError> {
    let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    expression.evaluate(
        "value.$",
        Scope::new(input, bindings),
        &mut Entropy::from_seed(1),
        &mut Budget::default(),
    )
}

/// Runs `check` on every case of a table; it says what differs.
pub(crate) fn check(table: &str, check: impl Fn(&Value) -> Result<(), String>) {
    let cases: Vec<Value> = serde_json::from_str(table).unwrap();
    assert!(!cases.is_empty());
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| check(case).err().map(|why| format!("{case}\n    {why}")))
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} differ:\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n")
    );
}

/// Compares as text, so that `1` and `1.0` differ and the order of keys counts.
pub(crate) fn same(found: &Value, expected: &Value) -> Result<(), String> {
    let (found, expected) = (found.to_string(), expected.to_string());
    if found == expected {
        Ok(())
    } else {
        Err(format!("found {found}, expected {expected}"))
    }
}
