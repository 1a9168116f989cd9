//! JSON: what is read, what is refused and where the caret stands.

use proptest::prelude::*;
use serde_json::{Value, json};
use source::{Format, Kind};

use crate::{good, refused};

#[test]
fn values_keep_their_place_and_their_order() {
    let text = r#"{ "b": [1, -2.5e3, true, null], "a": "x\n\u00e9\ud83d\ude00" }"#;
    let node = good(text, Format::Json);
    assert_eq!(
        node.to_value().to_string(),
        r#"{"b":[1,-2500.0,true,null],"a":"x\né😀"}"#
    );
    let keys: Vec<_> = node
        .members()
        .unwrap()
        .iter()
        .map(|m| m.key_span.of(text))
        .collect();
    assert_eq!(keys, [r#""b""#, r#""a""#]);
    let (number, key) = node.pointer("/b/1").unwrap();
    assert_eq!((number.span.of(text), key), ("-2.5e3", None));
    let (string, key) = node.pointer("/a").unwrap();
    assert_eq!(string.span.of(text), r#""x\n\u00e9\ud83d\ude00""#);
    assert_eq!(key.unwrap().of(text), r#""a""#);
    assert_eq!(node.span.of(text), text);
}

#[test]
fn duplicate_keys_are_kept_for_the_caller() {
    let node = good(r#"{"a": 1, "a": 2}"#, Format::Json);
    assert_eq!(node.members().unwrap().len(), 2);
    assert_eq!(node.get("a").unwrap().value.value, Kind::Number(1.into()));
    assert_eq!(node.to_value(), json!({"a": 2}));
}

#[test]
fn syntax_errors_point_at_the_culprit() {
    let check = |text, place, message| refused(text, Format::Json, place, message);
    check(r#"{"a": 1,}"#, ",", "comma before the closing `}`");
    check(r#"{"a": 01}"#, "01", "not a JSON number");
    check(r#"{"a": 1.}"#, "1.", "not a JSON number");
    check(r#"{"a": 1e400}"#, "1e400", "beyond the range");
    check(r#"{"a": True}"#, "True", "value is expected");
    check(r#"{a: 1}"#, "a", "key in double quotes");
    check(r#"{"a": [1}"#, "}", "`]` is expected here, not `}`");
    check("{\"a\": \"x\n\"}", "\"x", "not closed");
    check(r#"{"a": "\d"}"#, r"\d", "no such escape");
    check(r#"{"a": "\ud800"}"#, r"\ud800", "no Unicode character");
    check("{\"a\": \"\t\"}", "\t", "control character");
    check(r#"{"a": 1} x"#, "x", "more text after the end");
    check("{} // note", "/", "more text after the end");
    check(r#"["a" /* x */]"#, "/", "`,` or `]` is expected");
}

#[test]
fn a_missing_comma_is_reported_where_it_is_missing() {
    let text = "{\n  \"a\": 1\n  \"b\": 2\n}";
    let diagnostic = source::parse(text, Format::Json).unwrap_err();
    assert_eq!(diagnostic.message, "A comma is missing");
    assert_eq!(
        diagnostic.span.unwrap().start,
        text.find("1\n").unwrap() + 1
    );
}

#[test]
fn text_that_ends_too_early_names_the_open_bracket() {
    for (text, opening) in [
        ("{\"a\": [1", 6),
        ("{", 0),
        ("[1,", 0),
        ("{\"a\": {\"b\": 1}", 0),
    ] {
        let diagnostic = source::parse(text, Format::Json).unwrap_err();
        assert_eq!(diagnostic.message, "The text ends too early", "{text}");
        assert_eq!(diagnostic.related[0].0.start, opening, "{text}");
    }
}

#[test]
fn a_caret_finds_its_place_inside_a_string_with_escapes() {
    let text = r#"["a\"b\u00e9\ud83d\ude00c"]"#;
    let node = good(text, Format::Json);
    let string = &node.items().unwrap()[0];
    let value = string.as_str().unwrap();
    let at = |needle: &str| string.within(text, value.find(needle).unwrap()).of(text);
    assert_eq!(at("a"), "a");
    assert_eq!(at("\""), r#"\""#);
    assert_eq!(at("é"), r"\u00e9");
    assert_eq!(at("😀"), r"\ud83d\ude00");
    assert_eq!(at("c"), "c");
    assert_eq!(string.within(text, 999), string.span);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>()
            .prop_filter("finite", |n| n.is_finite())
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_serde_json_writes_is_read_back(value in any_json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let expected: Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(good(&text, Format::Json).to_value(), expected);
    }

    #[test]
    fn the_same_texts_are_json_for_us_and_for_serde_json(
        text in r#"[\[\]{}:,"\\/ \ta-fA-Fnrtu0-9.eE+-]{0,12}"#
    ) {
        let expected: Result<Value, _> = serde_json::from_str(&text);
        match (source::parse(&text, Format::Json), expected) {
            (Ok(node), Ok(value)) => prop_assert_eq!(node.to_value(), value),
            (Err(_), Err(_)) => {}
            (ours, theirs) => prop_assert!(false, "{:?}: {:?} but serde_json {:?}", text, ours, theirs),
        }
    }
}
