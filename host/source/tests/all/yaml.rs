//! YAML: the core schema, the places, the bounds.

use serde_json::json;
use source::Format;

use crate::{good, refused};

fn value(text: &str) -> serde_json::Value {
    good(text, Format::Yaml).to_value()
}

#[test]
fn scalars_follow_the_core_schema() {
    let text = "
nothing: [~, null, ]
flags: [true, False]
words: [yes, on, 'true', 2016-03-14T01:59:00Z, 1.2.3, \"1\", 08x, .]
whole: [1, -2, +3, 0o17, 0x1f, 007]
reals: [1.5, .5, 1., 1e3, -0.0]
";
    assert_eq!(
        value(text),
        json!({
            "nothing": [null, null],
            "flags": [true, false],
            "words": ["yes", "on", "true", "2016-03-14T01:59:00Z", "1.2.3", "1", "08x", "."],
            "whole": [1, -2, 3, 15, 31, 7],
            "reals": [1.5, 0.5, 1, 1000.0, -0.0],
        })
    );
    assert_eq!(
        value("a: |\n  x\n  y\nb: >-\n  x\n  y\n"),
        json!({"a": "x\ny\n", "b": "x y"})
    );
    assert_eq!(
        value("a: !!str 12\nb: !!int '12'"),
        json!({"a": "12", "b": 12})
    );
}

#[test]
fn values_and_keys_know_their_place() {
    let text = "é: x\nStates:\n  Start here:\n    Type: Pass # note\n    End: true\n  'Two': {Type: \"Fail\"}\nz: 1\n";
    let node = good(text, Format::Yaml);
    let at = |pointer: &str| {
        let (node, key) = node.pointer(pointer).unwrap();
        (
            key.map(|span| span.of(text)).unwrap_or_default(),
            node.span.of(text),
        )
    };
    assert_eq!(at("/é"), ("é", "x"));
    assert_eq!(at("/States/Start here/Type"), ("Type", "Pass"));
    assert_eq!(at("/States/Two"), ("'Two'", "{Type: \"Fail\"}"));
    assert_eq!(at("/States/Two/Type"), ("Type", "\"Fail\""));
    assert_eq!(
        at("/States/Start here"),
        ("Start here", "Type: Pass # note\n    End: true")
    );
    assert_eq!(at("/z"), ("z", "1"));
}

#[test]
fn a_caret_finds_its_place_inside_a_plain_string() {
    let text = "a: $.x[?\nb: '$.y'\nc: |\n  $.z\n";
    let node = good(text, Format::Yaml);
    let within = |key: &str, offset| node.get(key).unwrap().value.within(text, offset).of(text);
    assert_eq!(within("a", 3), "[");
    assert_eq!(within("b", 2), "y");
    assert_eq!(within("c", 2), "z");
}

#[test]
fn tags_of_a_template_are_kept() {
    let node = good(
        "a: !Ref Queue\nb: !Join [',', [x]]\nc: !Sub {x: 1}\nd: !GetAtt A.Arn",
        Format::Yaml,
    );
    let tag = |key: &str| node.get(key).unwrap().value.tag.clone().unwrap_or_default();
    assert_eq!(
        [tag("a"), tag("b"), tag("c"), tag("d")],
        ["!Ref", "!Join", "!Sub", "!GetAtt"]
    );
    assert_eq!(node.get("a").unwrap().value.as_str(), Some("Queue"));
}

#[test]
fn aliases_repeat_their_value() {
    assert_eq!(
        value("a: &x {k: [1]}\nb: *x\nc: [*x]"),
        json!({"a": {"k": [1]}, "b": {"k": [1]}, "c": [{"k": [1]}]})
    );
}

#[test]
fn what_has_no_counterpart_in_json_is_refused() {
    let check = |text, place, message| refused(text, Format::Yaml, place, message);
    check("1: x", "1", "A key has to be a string");
    check("[a]: x", "[", "A key has to be a string");
    check("a: .inf", ".inf", "no infinity");
    check("a: 1e400", "1e400", "beyond the range");
    check(
        "a: 0x1ffffffffffffffff",
        "0x1ffffffffffffffff",
        "beyond the range",
    );
    check("a: !!binary aGk=", "!!binary aGk=", "no counterpart");
    check("a: 1\n---\nb: 2", "---", "second YAML document");
}

#[test]
fn syntax_errors_have_a_place() {
    for text in [
        "a: [1",
        "a: 'x",
        "a: b: c",
        "a: *nobody",
        "a:\n  b: 1\n c: 2",
        "{a: 1",
        "a: \"\\q\"",
    ] {
        let diagnostic = source::parse(text, Format::Yaml).unwrap_err();
        assert!(diagnostic.span.is_some(), "{text}");
        assert!(
            diagnostic.message.starts_with("This is not YAML: "),
            "{text}: {}",
            diagnostic.message
        );
    }
    assert_eq!(
        source::parse(" \n# note\n", Format::Yaml)
            .unwrap_err()
            .message,
        "The text is empty"
    );
}
