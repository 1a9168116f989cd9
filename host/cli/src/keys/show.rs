//! How keys look, on paper and as JSON. Only [`created`] shows a secret.

use std::fmt::Write as _;
use std::sync::Arc;

use runtime::Key;
use runtime::keys::{Effect, Statement};
use serde_json::{Value, json};

use crate::commands::Output;
use crate::terminal::clean;

/// A new key with its secret, in the form of `~/.aws/credentials`.
pub(super) fn created(key: &Key, output: Output) -> String {
    let (id, secret) = (&key.id, key.secret.reveal());
    match output {
        Output::Text => {
            format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n")
        }
        Output::Json => {
            let mut document = document(key);
            if let Some(members) = document.as_object_mut() {
                members.insert("secretAccessKey".into(), secret.into());
            }
            format!("{document}\n")
        }
    }
}

/// A key and what it may do.
pub(super) fn one(key: &Key, output: Output) -> String {
    if output == Output::Json {
        return format!("{}\n", document(key));
    }
    let mut text = String::new();
    // Writing to a String cannot fail; so below.
    let _ = writeln!(text, "{}  {}  {}", key.id, state(key), clean(&key.created));
    let _ = writeln!(text, "name: {}", clean(key.user()));
    for statement in &key.statements {
        let _ = writeln!(text, "{}", line(statement));
    }
    if key.statements.is_empty() {
        text.push_str("it may do nothing\n");
    }
    text
}

/// All keys, one in a line.
pub(super) fn all(keys: &[Arc<Key>], output: Output) -> String {
    if output == Output::Json {
        let documents = keys.iter().map(|key| document(key));
        return format!("{}\n", Value::Array(documents.collect()));
    }
    let widest = |column: fn(&Key) -> usize| keys.iter().map(|key| column(key)).max();
    let id = widest(|key| key.id.as_str().len()).unwrap_or(0);
    let name = widest(|key| clean(key.user()).chars().count()).unwrap_or(0);
    let lines = keys.iter().map(|key| {
        format!(
            "{:id$}  {:name$}  {:8}  {}\n",
            key.id.as_str(),
            clean(key.user()),
            state(key),
            clean(&key.created)
        )
    });
    lines.collect()
}

fn state(key: &Key) -> &'static str {
    match key.disabled {
        true => "disabled",
        false => "enabled",
    }
}

/// `allow states:Start* on *`.
fn line(statement: &Statement) -> String {
    let effect = match statement.effect {
        Effect::Allow => "allow",
        Effect::Deny => "deny",
    };
    let actions: Vec<&str> = statement
        .actions
        .iter()
        .map(|pattern| pattern.as_str())
        .collect();
    let resources: Vec<&str> = statement
        .resources
        .iter()
        .map(|pattern| pattern.as_str())
        .collect();
    format!(
        "{effect} {} on {}",
        actions.join(", "),
        resources.join(", ")
    )
}

fn document(key: &Key) -> Value {
    json!({
        "accessKeyId": key.id,
        "name": key.user(),
        "created": key.created,
        "disabled": key.disabled,
        "statements": key.statements,
    })
}
