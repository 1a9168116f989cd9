//! Payload templates.

use expr::{Budget, Data, Entropy, EvalError, Scope, Template, TemplateError};
use serde_json::{Value, json};

use crate::tables::{self, Given};

fn evaluate(template: &Value, input: &Data) -> Result<Value, EvalError> {
    let given =
        Given::of(&json!({"context": {"State": {"Name": "S"}}, "variables": {"who": "me"}}));
    let template = Template::compile(template).unwrap();
    template.evaluate(
        Scope::new(input, &given),
        &mut Entropy::from_seed(1),
        &mut Budget::default(),
    )
}

fn faults(template: &Value) -> Vec<TemplateError> {
    Template::compile(template).unwrap_err()
}

#[test]
fn only_keys_that_end_in_dollar_are_expressions() {
    let input = Data::new(json!({"a": 1.0, "b": [1, 2]}));
    let template = json!({
        "static": {"path": "$.a", "list": ["$.a", 1.10, null]},
        "value.$": "$.a",
        "deep": [{"x.$": "$.b[*]"}, "States.UUID()", [{"y.$": "$$.State.Name"}]],
        "who.$": "$who",
        "sum.$": "States.MathAdd($.b[0], $.b[1])",
        "all.$": "$",
        ".$": "$.a"
    });
    let expected = json!({
        "static": {"path": "$.a", "list": ["$.a", 1.10, null]},
        "value": 1.0,
        "deep": [{"x": [1, 2]}, "States.UUID()", [{"y": "S"}]],
        "who": "me",
        "sum": 3,
        "all": {"a": 1.0, "b": [1, 2]},
        "": 1.0
    });
    tables::same(&evaluate(&template, &input).unwrap(), &expected).unwrap();
}

#[test]
fn any_value_is_a_template() {
    for value in [
        json!(null),
        json!("$.a"),
        json!([]),
        json!({}),
        json!([{"a": [1]}]),
    ] {
        tables::same(&evaluate(&value, &Data::empty_object()).unwrap(), &value).unwrap();
    }
}

#[test]
fn a_path_that_finds_nothing_quotes_the_input_as_it_came() {
    let input = Data::parse("{ \"a\" : 1.0 }").unwrap();
    let error = evaluate(&json!({"x": [{"value.$": "$.p"}]}), &input).unwrap_err();
    assert_eq!(error.error, "States.Runtime");
    assert_eq!(
        error.cause,
        "The JSONPath '$.p' specified for the field 'value.$' could not be found in the input '{ \"a\" : 1.0 }'"
    );
}

#[test]
fn a_long_input_is_quoted_in_part() {
    let input = Data::new(json!("ü".repeat(40_000)));
    let error = evaluate(&json!({"value.$": "$.p"}), &input).unwrap_err();
    assert!(error.cause.len() < 33_000 && error.cause.ends_with("…'"));
}

#[test]
fn an_index_beyond_the_end_is_null_and_a_missing_array_is_an_error() {
    let input = Data::new(json!({"a": [1]}));
    assert_eq!(
        evaluate(&json!({"v.$": "$.a[5]"}), &input).unwrap(),
        json!({"v": null})
    );
    assert!(evaluate(&json!({"v.$": "$.b[5]"}), &input).is_err());
    assert!(evaluate(&json!({"v.$": "$.a.b"}), &input).is_err());
    assert_eq!(
        evaluate(&json!({"v.$": "$.b[5:]"}), &input).unwrap(),
        json!({"v": []})
    );
}

#[test]
fn all_faults_are_reported_in_order_and_at_their_keys() {
    let faults = faults(&json!({
        "ok.$": "$.a",
        "a/b~c": [1, {"x.$": "$.a[", "n.$": 5}],
        "twice": 1,
        "twice.$": "$.a",
        "f.$": "States.Formt('x')"
    }));
    let found: Vec<_> = faults
        .iter()
        .map(|fault| (fault.pointer.as_str(), fault.offset))
        .collect();
    assert_eq!(
        found,
        [
            ("/a~1b~0c/1/x.$", Some(4)),
            ("/a~1b~0c/1/n.$", None),
            ("/twice.$", None),
            ("/f.$", Some(0))
        ]
    );
    assert_eq!(
        faults[0].message,
        "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call"
    );
    assert_eq!(
        faults[3].detail.as_deref(),
        Some("there is no intrinsic function `States.Formt`; did you mean `States.Format`?")
    );
    assert_eq!(
        faults[2].message,
        "The fields 'twice' and 'twice.$' give the same field twice"
    );
}

#[test]
fn a_template_knows_its_source_and_what_it_reads() {
    let source = json!({"a.$": "$b.c", "d": [{"e.$": "States.Array($f, $b)"}], "g.$": "$$.x"});
    let template = Template::compile(&source).unwrap();
    assert_eq!(template.source(), &source);
    assert_eq!(template.variables(), ["b", "f"]);
    assert!(template.uses_context());
    assert!(
        !Template::compile(&json!({"a": "$$.x", "b.$": "$.x"}))
            .unwrap()
            .uses_context()
    );
}
