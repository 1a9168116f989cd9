//! No expression may stall or fill the host: each bound, on both sides, and what would blow up without.

use expr::{
    Budget, Data, Entropy, EvalError, Expression, NoBindings, Path, Scope, Template, limits,
};
use serde_json::{Value, json};

use crate::tables;

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |value, _| json!([value]))
}

fn refused(error: &EvalError) -> bool {
    error.error == "States.Runtime" && error.cause.contains("than the limit allows")
}

#[test]
fn a_budget_allows_what_it_holds_and_not_one_more() {
    let mut budget = Budget::new(2, 3);
    assert!(budget.charge(2).is_ok() && budget.charge(0).is_ok());
    assert!(refused(&budget.charge(1).unwrap_err()));
    assert!(budget.charge_bytes(3).is_ok());
    assert!(refused(&budget.charge_bytes(1).unwrap_err()));
    assert_eq!((budget.steps_left(), budget.bytes_left()), (0, 0));
}

#[test]
fn every_expression_ends_when_its_steps_are_used_up() {
    let input = Data::new(json!({
        "list": (0..50).map(|n| json!({"n": n, "t": "x".repeat(100)})).collect::<Vec<_>>(),
        "text": "a,b,c,d",
        "json": "[1,[2,3],{\"a\":4}]"
    }));
    for text in [
        "$.text",
        "$.list[*]",
        "$..n",
        "$.list[?(@.n > 3 && @.t)].n",
        "$.list[3:40]",
        "$['text','json']",
        "States.Array($.list, $.text)",
        "States.ArrayContains($.list, 5)",
        "States.ArrayUnique($.list)",
        "States.ArrayPartition($.list, 3)",
        "States.ArrayRange(1, 100, 1)",
        "States.ArrayGetItem($.list, 1)",
        "States.Format('{}{}', $.list, $.text)",
        "States.Format($.text)",
        "States.JsonToString($)",
        "States.StringToJson($.json)",
        "States.StringSplit($.text, ',')",
        "States.JsonMerge($, $, false)",
        "States.Hash($.text, 'MD5')",
        "States.Base64Encode($.text)",
    ] {
        let expression = Expression::parse(text).unwrap();
        let run = |steps: u64, bytes: u64| {
            let mut budget = Budget::new(steps, bytes);
            let result = expression.evaluate(
                "v.$",
                Scope::of(&input),
                &mut Entropy::from_seed(1),
                &mut budget,
            );
            (
                result,
                steps - budget.steps_left(),
                bytes - budget.bytes_left(),
            )
        };
        let (result, steps, bytes) = run(1_000_000, 1_000_000);
        assert!(result.is_ok() && steps > 0, "{text}: {result:?}");
        assert!(
            run(steps, bytes).0.is_ok(),
            "{text} needs {steps} steps and {bytes} bytes"
        );
        assert!(
            refused(&run(steps - 1, bytes).0.unwrap_err()),
            "{text} with a step less"
        );
        if bytes > 0 {
            assert!(
                refused(&run(steps, bytes - 1).0.unwrap_err()),
                "{text} with a byte less"
            );
        }
    }
}

#[test]
fn the_largest_payloads_fit_in_the_default_budget() {
    let numbers = Data::new(Value::Array(vec![json!(1); 131_000]));
    let strings = Data::new(Value::Array(
        (0..25_000).map(|n| json!(format!("s{n:06}"))).collect(),
    ));
    let long = Data::new(Value::String("x".repeat(262_000)));
    for (text, input) in [
        ("$", &numbers),
        ("$[*]", &numbers),
        ("States.ArrayUnique($)", &numbers),
        ("States.ArrayUnique($)", &strings),
        ("States.ArrayContains($, 'none')", &strings),
        ("States.ArrayPartition($, 10)", &numbers),
        ("States.JsonToString($)", &numbers),
        ("States.Format('{}', $)", &long),
        ("States.StringSplit($, ',;')", &long),
    ] {
        let result = tables::evaluate(text, input, &NoBindings);
        assert!(result.is_ok(), "{text}: {}", result.unwrap_err());
    }
}

#[test]
fn what_would_blow_up_ends_with_an_error() {
    let flat = Data::new(Value::Array((0..60_000).map(|n| json!({"a": n})).collect()));
    let deep = Data::new((0..120).fold(
        json!(1),
        |value, _| json!({"a": value, "b": "x".repeat(2_000)}),
    ));
    let big_text = Data::new(json!({"t": "x".repeat(250_000), "l": vec![json!({}); 5_000]}));
    let ten = format!(
        "States.Format('{}', {})",
        "{}".repeat(60),
        vec!["$.t"; 60].join(", ")
    );
    for (text, input) in [
        ("$..*..*..*", &deep),
        ("$..*", &deep),
        ("$..[?(@..a)]..*", &deep),
        ("$[?($[*].a)]", &flat),
        ("$.l[?($.t >= $.t)]", &big_text),
        (ten.as_str(), &big_text),
        (
            "States.Array($, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $, $)",
            &flat,
        ),
    ] {
        let mut budget = Budget::default();
        let expression = Expression::parse(text).unwrap();
        let result = expression.evaluate(
            "v.$",
            Scope::of(input),
            &mut Entropy::from_seed(1),
            &mut budget,
        );
        let why = result
            .map(|_| "a result".to_owned())
            .unwrap_or_else(|error| error.to_string());
        assert!(
            why.contains("than the limit allows"),
            "{text}: {why}, {budget:?}"
        );
    }
}

#[test]
fn results_are_nested_as_deep_as_they_can_be_read_again_and_no_deeper() {
    let deepest = nested(limits::VALUE_LEVELS_MAX);
    assert!(Data::parse(deepest.to_string()).is_ok());
    assert!(Data::parse(nested(limits::VALUE_LEVELS_MAX + 1).to_string()).is_err());

    let deepest = Data::new(deepest);
    assert_eq!(deepest.levels(), limits::VALUE_LEVELS_MAX);
    let almost = Data::new(nested(limits::VALUE_LEVELS_MAX - 1));
    let path = |text: &str, input: &Data| tables::evaluate(text, input, &NoBindings);
    assert!(path("$", &deepest).is_ok());
    assert!(path("$[*]", &deepest).is_ok());
    assert!(path("States.Array($)", &almost).is_ok());
    assert!(path("States.Array($)", &deepest).is_err());

    let template = Template::compile(&json!({"v.$": "$"})).unwrap();
    let run = |input: &Data| {
        template.evaluate(
            Scope::of(input),
            &mut Entropy::from_seed(1),
            &mut Budget::default(),
        )
    };
    assert!(run(&almost).is_ok());
    assert_eq!(
        run(&deepest).unwrap_err().cause,
        "The result is nested deeper than 127 levels."
    );
}

#[test]
fn templates_are_nested_as_deep_as_values_and_no_deeper() {
    let template =
        |levels: usize| (1..levels).fold(json!({"v.$": "$.a"}), |value, _| json!([value]));
    assert!(Template::compile(&template(limits::VALUE_LEVELS_MAX)).is_ok());
    let faults = Template::compile(&template(limits::VALUE_LEVELS_MAX + 1)).unwrap_err();
    assert_eq!(
        faults[0].message,
        "a payload template is nested at most 127 levels deep"
    );
}

#[test]
fn paths_are_limited_in_segments_and_in_bytes() {
    assert!(Path::parse(&format!("${}", ".a".repeat(limits::PATH_SEGMENTS_MAX))).is_ok());
    let error =
        Path::parse(&format!("${}", ".a".repeat(limits::PATH_SEGMENTS_MAX + 1))).unwrap_err();
    assert_eq!(error.message, "a path has at most 256 segments");

    let longest = limits::EXPRESSION_TEXT_BYTES_MAX;
    assert!(Path::parse(&format!("$.{}", "a".repeat(longest - 2))).is_ok());
    assert!(Path::parse(&format!("$.{}", "a".repeat(longest - 1))).is_err());
    assert!(Expression::parse(&format!("States.Format('{}')", "a".repeat(longest))).is_err());
}
