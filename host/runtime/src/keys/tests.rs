//! Keys in folders.

use tempfile::TempDir;

use super::*;

fn statement(effect: Effect, action: &str, resource: &str) -> Statement {
    Statement {
        effect,
        actions: vec![Pattern::action(action).unwrap()],
        resources: vec![Pattern::resource(resource).unwrap()],
    }
}

fn allow(action: &str) -> Statement {
    statement(Effect::Allow, action, "*")
}

fn keys() -> (TempDir, Keys) {
    let folder = TempDir::new().unwrap();
    let keys = Keys::new(folder.path().join("data/keys"));
    (folder, keys)
}

#[test]
fn a_key_is_found_by_whoever_looks_into_the_folder() {
    let (folder, keys) = keys();
    assert!(keys.list().unwrap().is_empty());
    let made = keys
        .create(Some("ci".into()), vec![allow("*")], Timestamp(0))
        .unwrap();
    assert_eq!(made.id.as_str().len(), 20);
    assert_eq!(made.secret.reveal().len(), 40);
    assert_eq!(made.created, "1970-01-01T00:00:00.000Z");
    let others = Keys::new(folder.path().join("data/keys"));
    assert_eq!(*others.find(&made.id).unwrap().unwrap(), made);
    let listed = others.list().unwrap();
    assert_eq!(listed.len(), 1);
    let again = keys.create(None, Vec::new(), Timestamp(0)).unwrap();
    assert!(again.id != made.id && again.secret != made.secret);
}

#[test]
fn what_was_changed_or_deleted_counts_at_once() {
    let (folder, keys) = keys();
    let mut key = keys.create(None, vec![allow("*")], Timestamp(0)).unwrap();
    let found = keys.find(&key.id).unwrap().unwrap();
    let same = keys.find(&key.id).unwrap().unwrap();
    assert!(Arc::ptr_eq(&found, &same), "read once");
    let others = Keys::new(folder.path().join("data/keys"));
    key.disabled = true;
    others.save(&key).unwrap();
    assert!(keys.find(&key.id).unwrap().unwrap().disabled);
    others.delete(&key.id).unwrap();
    assert!(keys.find(&key.id).unwrap().is_none());
    let missing = keys.delete(&key.id).unwrap_err();
    assert!(matches!(missing, KeyError::NoSuchKey(_)));
}

#[cfg(unix)]
#[test]
fn keys_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let (folder, keys) = keys();
    let key = keys.create(None, Vec::new(), Timestamp(0)).unwrap();
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let inside = folder.path().join("data/keys");
    assert_eq!(mode(inside.clone()), 0o700);
    assert_eq!(mode(inside.join(format!("{}.json", key.id))), 0o600);
    assert_eq!(
        std::fs::read_dir(inside).unwrap().count(),
        1,
        "nothing is left behind"
    );
}

#[test]
fn an_id_is_never_a_path() {
    for text in [
        "",
        "AKIA",
        "../../../etc/passwd",
        "AKIAAAAAAAAAAAAA/..",
        "akiaaaaaaaaaaaaaaaaa",
    ] {
        assert_eq!(KeyId::parse(text), None, "{text}");
    }
    assert_eq!(KeyId::parse(&"A".repeat(15)), None);
    assert!(KeyId::parse(&"A".repeat(16)).is_some());
    assert!(KeyId::parse(&"7".repeat(32)).is_some());
    assert_eq!(KeyId::parse(&"A".repeat(33)), None);
}

#[test]
fn a_file_that_is_no_key_is_an_error_that_does_not_quote_it() {
    let (folder, keys) = keys();
    let good = keys.create(None, Vec::new(), Timestamp(0)).unwrap();
    let path = folder.path().join("data/keys/AKIABROKENBROKENBROK.json");
    let id = KeyId::parse("AKIABROKENBROKENBROK").unwrap();
    let text = serde_json::to_string(&good).unwrap();
    for broken in [
        String::new(),
        r#"{"id": "hush"}"#.into(),
        r#"{"secret": {"hush": 1}}"#.into(),
        // The key of another file.
        text.clone(),
        text.replace("disabled", "disbaled"),
        text.replace(r#""statements":[]"#, r#""statements":[{"effect":"hush"}]"#),
        " ".repeat(300_000),
    ] {
        std::fs::write(&path, &broken).unwrap();
        let error = keys.find(&id).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("BROKEN"), "{shown}");
        let secret = good.secret.reveal();
        assert!(
            !shown.contains("hush") && !shown.contains(secret),
            "{shown}"
        );
    }
    let listed = keys.list().unwrap();
    assert_eq!(listed.iter().filter(|key| key.is_ok()).count(), 1);
    assert_eq!(listed.len(), 2);
}

#[test]
fn a_secret_is_not_in_what_debug_shows() {
    let (_folder, keys) = keys();
    let key = keys.create(None, Vec::new(), Timestamp(0)).unwrap();
    keys.find(&key.id).unwrap();
    let shown = format!("{key:?} {keys:?} {:?}", key.secret);
    assert!(!shown.contains(key.secret.reveal()), "{shown}");
}

#[test]
fn deny_outweighs_allow_and_nothing_is_allowed_by_itself() {
    let (_folder, keys) = keys();
    let orders = "arn:aws:states:us-east-1:1:stateMachine:orders";
    let other = "arn:aws:states:us-east-1:1:stateMachine:other";
    let start = "states:StartExecution";
    let may = |statements: &[Statement], action, resource| {
        let key = keys
            .create(None, statements.to_vec(), Timestamp(0))
            .unwrap();
        key.authorize(action, resource)
    };
    assert_eq!(may(&[], start, orders), Err(Denied::Unsaid));
    let on_orders = statement(Effect::Allow, "states:Start*", orders);
    assert_eq!(may(std::slice::from_ref(&on_orders), start, orders), Ok(()));
    assert_eq!(
        may(std::slice::from_ref(&on_orders), start, other),
        Err(Denied::Unsaid)
    );
    let stop = may(
        std::slice::from_ref(&on_orders),
        "states:StopExecution",
        orders,
    );
    assert_eq!(stop, Err(Denied::Unsaid));
    let never = statement(Effect::Deny, "states:*", "arn:*:stateMachine:other");
    for statements in [[allow("*"), never.clone()], [never, allow("*")]] {
        assert_eq!(may(&statements, start, orders), Ok(()));
        assert_eq!(may(&statements, start, other), Err(Denied::Explicit));
        assert_eq!(may(&statements, "lambda:GetFunction", other), Ok(()));
    }
}

#[test]
fn a_name_is_one_that_a_user_can_have() {
    assert_eq!(check_name("ci.build@example+1"), Ok(()));
    assert_eq!(check_name(&"a".repeat(64)), Ok(()));
    for name in ["", "a b", "a/b", "a:b", "ä", &"a".repeat(65)] {
        assert!(check_name(name).is_err(), "{name}");
    }
}
