//! Paths: what they select, and how a bad one is refused.

use expr::{Budget, Data, NoBindings, Path, Root, Scope};
use serde_json::json;

use crate::tables::{self, Given};

#[test]
fn paths_select_what_jayway_selects() {
    tables::check(include_str!("../data/paths.json"), |case| {
        let path =
            Path::parse(case["path"].as_str().unwrap()).map_err(|error| error.to_string())?;
        let (input, given) = (tables::input(case), Given::of(case));
        let found = path.select(Scope::new(&input, &given), &mut Budget::default());
        match (found.map_err(|error| error.to_string())?, case.get("is")) {
            (Some(found), Some(expected)) => tables::same(&found, expected),
            (None, None) => Ok(()),
            (Some(found), None) => Err(format!("found {found}, expected nothing")),
            (None, Some(_)) => Err("found nothing".to_owned()),
        }
    });
}

#[test]
fn a_bad_path_is_refused_where_it_is_bad() {
    tables::check(
        include_str!("../data/paths_refused.json"),
        |case| match Path::parse(case["path"].as_str().unwrap()) {
            Ok(_) => Err("accepted".to_owned()),
            Err(error) => tables::same(
                &json!([error.offset, error.message]),
                &json!([case["at"], case["why"]]),
            ),
        },
    );
}

#[test]
fn only_names_and_indexes_make_a_definite_path() {
    for text in ["$", "$$", "$x", "$.a[0]['b'][-1]", "$.a['b','c']"] {
        assert!(Path::parse(text).unwrap().is_definite(), "{text}");
    }
    for text in [
        "$.*",
        "$[*]",
        "$[0,1]",
        "$[0:1]",
        "$..a",
        "$[?(@.a)]",
        "$['a','b'].c",
    ] {
        assert!(!Path::parse(text).unwrap().is_definite(), "{text}");
    }
}

#[test]
fn a_path_knows_its_root_and_what_it_reads() {
    let path = Path::parse(
        "$order.items[?(@.owner == $who.id && @.at == $$.State.Name)][?(@.n == $order)]",
    )
    .unwrap();
    assert_eq!(*path.root(), Root::Variable("order".into()));
    assert_eq!(path.variables(), ["order", "who"]);
    assert!(path.uses_context());
    assert!(!path.is_whole());

    let whole = Path::parse("$").unwrap();
    assert!(whole.is_whole() && !whole.uses_context() && whole.variables().is_empty());
    assert!(!Path::parse("$$").unwrap().is_whole());
}

#[test]
fn a_definite_path_borrows() {
    let input = Data::new(json!({"a": [{"b": "text"}]}));
    let path = Path::parse("$.a[0].b").unwrap();
    let found = path
        .select(Scope::of(&input), &mut Budget::default())
        .unwrap()
        .unwrap();
    assert!(
        matches!(found, std::borrow::Cow::Borrowed(value) if std::ptr::eq(value, &input.value()["a"][0]["b"]))
    );
}

#[test]
fn a_path_that_matches_nothing_is_explained_in_the_words_of_jayway() {
    let input = Data::new(json!({"list": [1], "o": {"n": null}, "t": "x"}));
    for (text, reason) in [
        ("$.no", "No results for path: $['no']"),
        ("$.o.no", "No results for path: $['o']['no']"),
        ("$.no.such.path", "Missing property in path $['no']"),
        (
            "$.list.length()",
            "Property ['length()'] not found in path $['list']",
        ),
        ("$.list[7]", "No results for path: $['list'][7]"),
        ("$.list[7].a", "No results for path: $['list'][7]['a']"),
        ("$.o.n[0]", "The path $['o']['n'] is null"),
        (
            "$.o[0]",
            "Filter: [0] can only be applied to arrays. Current context is: {n=null}",
        ),
        ("$who.a", "The variable 'who' is not assigned"),
    ] {
        let error = Path::parse(text)
            .unwrap()
            .not_found(Scope::new(&input, &NoBindings));
        assert_eq!(error.error, "States.Runtime");
        assert_eq!(error.cause, format!("Invalid path '{text}' : {reason}"));
    }
}
