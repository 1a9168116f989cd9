//! What AWS says of a definite path that finds nothing (recorded): `No results for path: $['a']['b']`
//! where only the last name is missing, `Missing property in path $['a']` where an earlier one is.

use expr::{Path, Scope};

/// The second half of `Invalid path '$.a.b' : …`.
pub(super) fn describe(path: &str, scope: Scope<'_>) -> String {
    let names = names(path);
    let root = if path.starts_with("$$") { "$$" } else { "$" };
    let mut shown = String::from(root);
    let mut reached = String::from(root);
    for (position, name) in names.iter().enumerate() {
        shown.push_str(&format!("['{name}']"));
        reached.push_str(&format!("['{name}']"));
        let found = Path::parse(&reached).ok().and_then(|path| {
            path.select(scope, &mut expr::Budget::default())
                .ok()
                .flatten()
        });
        if found.is_none() && position + 1 < names.len() {
            return format!("Missing property in path {shown}");
        }
    }
    format!("No results for path: {shown}")
}

/// The names of a path made of plain names and quoted names; indexes stay as they are written.
fn names(path: &str) -> Vec<String> {
    let after_root = path.trim_start_matches('$');
    after_root
        .split(['.', '[', ']'])
        .map(|name| name.trim_matches(['\'', '"']).to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}
