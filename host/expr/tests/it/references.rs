//! Reference paths: read one node, and put a value in its place.

use expr::{Data, ReferencePath, Scope};
use serde_json::{Value, json};

use crate::tables;

fn put(path: &str, target: &Value, value: &Value) -> Result<Value, expr::PutError> {
    ReferencePath::parse(path)
        .unwrap()
        .put(target.clone(), value.clone())
}

#[test]
fn a_value_is_put_where_the_path_points() {
    for (path, target, expected) in [
        ("$", json!({"a": 1}), json!("new")),
        ("$", json!(null), json!("new")),
        ("$.r", json!({"a": 1}), json!({"a": 1, "r": "new"})),
        ("$.a", json!({"a": 1, "b": 2}), json!({"a": "new", "b": 2})),
        ("$.a", json!({"a": null}), json!({"a": "new"})),
        (
            "$.r.s.t",
            json!({"a": 1}),
            json!({"a": 1, "r": {"s": {"t": "new"}}}),
        ),
        (
            "$.a.s",
            json!({"a": {"b": 1}}),
            json!({"a": {"b": 1, "s": "new"}}),
        ),
        ("$['a b']", json!({}), json!({"a b": "new"})),
        (
            "$.a[1]",
            json!({"a": [1, 2, 3]}),
            json!({"a": [1, "new", 3]}),
        ),
        (
            "$.a[0].b.c",
            json!({"a": [{"x": 1}]}),
            json!({"a": [{"x": 1, "b": {"c": "new"}}]}),
        ),
    ] {
        let found = put(path, &target, &json!("new")).unwrap();
        tables::same(&found, &expected).unwrap();
    }
}

#[test]
fn a_value_is_not_put_where_something_else_stands_in_the_way() {
    for (path, target) in [
        ("$.r", json!([1])),
        ("$.r", json!("text")),
        ("$.r", json!(null)),
        ("$[0]", json!([1])),
        ("$.a.b", json!({"a": 1})),
        ("$.a.b", json!({"a": null})),
        ("$.a.b", json!({"a": [1]})),
        ("$.a[3]", json!({"a": [1, 2, 3]})),
        ("$.a[0]", json!({"a": {"0": 1}})),
        ("$.new[0]", json!({})),
    ] {
        let error = put(path, &target, &json!(1)).unwrap_err();
        assert_eq!(error.error, "States.ResultPathMatchFailure");
        assert_eq!(
            error.cause,
            format!("Unable to apply ReferencePath {path} to input {target}")
        );
    }
}

#[test]
fn a_value_is_not_put_deeper_than_can_be_read_again() {
    let deep = |levels: usize| (0..levels).fold(json!(1), |value, _| json!([value]));
    assert!(
        put(
            "$.a.b",
            &json!({}),
            &deep(expr::limits::VALUE_LEVELS_MAX - 2)
        )
        .is_ok()
    );
    let error = put(
        "$.a.b",
        &json!({}),
        &deep(expr::limits::VALUE_LEVELS_MAX - 1),
    )
    .unwrap_err();
    assert!(
        error.cause.contains("nested deeper than 127 levels"),
        "{error}"
    );
}

#[test]
fn only_names_and_indexes_are_reference_paths() {
    for (text, offset) in [
        ("$.a[-1]", 3),
        ("$.a[*]", 4),
        ("$.*", 2),
        ("$..a", 1),
        ("$.a[0,1]", 5),
        ("$['a','b']", 5),
        ("$.a[1:]", 5),
        ("$.a[?(@.b)]", 3),
    ] {
        let error = ReferencePath::parse(text).unwrap_err();
        assert_eq!(error.offset, offset, "{text}: {error}");
        assert!(
            error.message.starts_with("a reference path names one node"),
            "{text}: {error}"
        );
    }
}

#[test]
fn a_reference_path_reads_one_node() {
    let input = Data::new(json!({"a": [{"b": 7}]}));
    let get = |text: &str| {
        ReferencePath::parse(text)
            .unwrap()
            .get(Scope::of(&input))
            .cloned()
    };
    assert_eq!(get("$.a[0].b"), Some(json!(7)));
    assert_eq!(get("$['a']"), Some(json!([{"b": 7}])));
    assert_eq!(get("$.a[1]"), None);
    assert_eq!(get("$.a.b"), None);
    assert_eq!(get("$nobody"), None);
    assert_eq!(get("$$"), Some(json!({})));
}
