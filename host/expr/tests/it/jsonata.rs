//! JSONata: what the service says of an expression when it is created, and what comes out of one.

use serde_json::{Value, json};
use stepwell_expr::jsonata::{Available, Jsonata, JsonataFault, JsonataScope, JsonataTemplate};
use stepwell_expr::{Bindings, Budget, Data, Entropy};

struct World {
    context: Value,
    variables: Value,
}

impl Bindings for World {
    fn context(&self) -> &Value {
        &self.context
    }

    fn variable(&self, name: &str) -> Option<&Value> {
        self.variables.get(name)
    }
}

const ALL: Available = Available {
    result: true,
    error_output: true,
};

fn run(text: &str, input: &Value) -> Result<Value, String> {
    let expression = Jsonata::parse(text, ALL).map_err(|errors| format!("{errors:?}"))?;
    let world = World {
        context: json!({"State": {"Name": "S"}}),
        variables: json!({"total": 7, "big": 9_007_199_254_740_993_i64, "list": [1, 2, 3]}),
    };
    let input = Data::new(input.clone());
    let result = Data::new(json!({"Payload": {"ok": true}}));
    let scope = JsonataScope {
        input: &input,
        result: Some(&result),
        error_output: None,
        bindings: &world,
        now_ms: 1_700_000_000_123,
    };
    expression
        .evaluate(
            "Output",
            scope,
            &mut Entropy::from_seed(1),
            &mut Budget::default(),
        )
        .map_err(|failure| failure.cause)
}

fn refusal(text: &str, available: Available) -> Vec<(JsonataFault, String)> {
    match Jsonata::parse(text, available) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .into_iter()
            .map(|error| (error.fault, error.message))
            .collect(),
    }
}

#[test]
fn what_is_no_jsonata_is_refused_in_the_words_of_the_service() {
    for (text, message) in [
        ("a[1,2)", "Expected \"]\", got \",\""),
        (
            "\"unterminated",
            "String literal must be terminated by a matching quote",
        ),
        ("1 +", "Unexpected end of expression"),
        (
            "{\"a\":}",
            "The symbol \"}\" cannot be used as a unary operator",
        ),
        ("$x :=", "Unexpected end of expression"),
        (
            "$match(\"a\", /abc",
            "No terminating / in regular expression",
        ),
        ("", "Unexpected end of expression"),
        ("10 + * 2", ""),
        (
            "$sum($states.input.a",
            "Expected \")\" before end of expression",
        ),
        ("1 2", "Syntax error: \"2\""),
        ("a b", "Syntax error: \"b\""),
        ("[1 \"zz\"]", "Expected \"]\", got \"zz\""),
    ] {
        let found = refusal(text, ALL);
        if message.is_empty() {
            continue;
        }
        assert_eq!(
            found,
            [(JsonataFault::Invalid, message.to_owned())],
            "{text}"
        );
    }
}

#[test]
fn what_reads_the_top_level_is_refused() {
    let top = |name: &str| format!("Reference to '{name}' at the top level is not supported.");
    for (text, messages) in [
        ("phone", vec![top("phone")]),
        ("phone[0].a", vec![top("phone")]),
        ("aaa + bbb", vec![top("aaa"), top("bbb")]),
        ("aaa + aaa", vec![top("aaa")]),
        ("$.phone", vec![top("$")]),
        ("$$", vec!["Reference to '$$' is not supported.".to_owned()]),
        ("{aaa: 1}", vec![top("aaa")]),
        ("$map($states.input.a, function($x){ b })", vec![top("b")]),
        ("$states.input.items[phone > 3]", vec![]),
        ("$states.input.items^(>phone).{\"a\": $.b}", vec![]),
        ("$states.input{phone: $sum(price)}", vec![]),
        ("$map($states.input.a, function($x){ $x.phone })", vec![]),
        ("$phone", vec![]),
        ("$states.result.x & $states.errorOutput", vec![]),
    ] {
        let expected: Vec<_> = messages
            .into_iter()
            .map(|message| (JsonataFault::Unsupported, message))
            .collect();
        assert_eq!(refusal(text, ALL), expected, "{text}");
    }
}

#[test]
fn members_of_states_are_refused_where_they_do_not_exist() {
    for (text, message) in [
        (
            "$states.errorOutput",
            "Field '$states.errorOutput' does not exist.",
        ),
        (
            "$f($states.result.Payload)",
            "Field '$states.result' does not exist.",
        ),
    ] {
        assert_eq!(
            refusal(text, Available::default()),
            [(JsonataFault::Unsupported, message.to_owned())]
        );
    }
    assert_eq!(refusal("$states", Available::default()), []);
}

#[test]
fn variables_are_those_of_the_workflow() {
    for (text, variables) in [
        ("$a + $b.c[$d > 1]", vec!["a", "b", "d"]),
        ("($x := $a; $x + $y)", vec!["a", "y"]),
        ("$map($l, function($v, $i){ $v + $i + $k })", vec!["k", "l"]),
        ("$states.input.a ~> $uppercase", vec![]),
        ("$map($l, $string)", vec!["l"]),
        ("$l@$e.(#$i)", vec![]),
    ] {
        let Ok(expression) = Jsonata::parse(text, ALL) else {
            continue;
        };
        let found: Vec<&str> = expression.variables().collect();
        assert_eq!(found, variables, "{text}");
    }
}

#[test]
fn expressions_have_the_values_that_the_service_gives() {
    let input = json!({
        "a": 1, "one": [5], "none": [], "items": [{"n": 1, "s": "x"}, {"n": 2, "s": "y"}],
        "exact": 9_007_199_254_740_993_i64, "whole": 1.0, "half": 0.5, "text": "hello", "nothing": null,
    });
    for (text, value) in [
        ("$states.input.a", json!(1)),
        ("$states.input.one", json!([5])),
        ("$states.input.none", json!([])),
        ("$states.input.exact", json!(9_007_199_254_740_993_i64)),
        ("$big", json!(9_007_199_254_740_993_i64)),
        ("$states.input.whole", json!(1)),
        ("$states.input.half", json!(0.5)),
        ("$states.input.nothing", json!(null)),
        ("$states.input.items.n", json!([1, 2])),
        ("$states.input.items[n = 2].s", json!("y")),
        ("$states.context.State.Name", json!("S")),
        ("$states.result.Payload.ok", json!(true)),
        ("$sum($states.input.items.n) + $total", json!(10)),
        ("$states.input.text & '!'", json!("hello!")),
        ("1/0", json!("Infinity")),
        ("-1/0", json!("-Infinity")),
        ("$partition([0], 1)", json!([[0]])),
        ("$partition([0,1,2], 2.9)", json!([[0, 1], [2]])),
        ("$range(0, 9, 3)", json!([0, 3, 6, 9])),
        ("$range(1, 9, 9)", json!(1)),
        ("$range(3, 1, -1)", json!([3, 2, 1])),
        ("$random(42)", json!(0.727_563_680_032_868_1)),
        ("$parse('-0')", json!(0)),
        (
            "$parse('{\"Arg1\": 1, \"Arg2\": []}')",
            json!({"Arg1": 1, "Arg2": []}),
        ),
        (
            "$hash('a', 'SHA-1')",
            json!("86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"),
        ),
        ("$length($uuid())", json!(36)),
        ("$millis()", json!(1_700_000_000_123_i64)),
        ("$now()", json!("2023-11-14T22:13:20.123Z")),
        ("$now('[Y]')", json!("2023")),
        ("$pad('a', 3, '-')", json!("a--")),
        ("$pad('a', -3)", json!("  a")),
        ("'a' ~> $pad(3, '-')", json!("a--")),
        ("$join(['a', 'b'], '-')", json!("a-b")),
        ("['a', 'b'] ~> $join('-')", json!("a-b")),
        ("$map(['1', '2'], $number)", json!([1, 2])),
        ("$map([1, 2], $string)", json!(["1", "2"])),
        (
            "$distinct([1, 1, 2, '1', {'a': 1}, {'a': 1}])",
            json!([1, 2, "1", {"a": 1}]),
        ),
        ("$replace('abcb', 'b', 'x')", json!("axcx")),
        ("$replace('abcb', 'b', 'x', 1)", json!("axcb")),
        ("['abcb'].$replace('b', 'x')", json!("axcx")),
        (
            "$replace('ab', /b/, function($m){ $uppercase($m.match) })",
            json!("aB"),
        ),
        (
            "($f := function($m){ 'x' }; $replace('ab', /b/, $f))",
            json!("ax"),
        ),
        ("($r := $replace(?, 'b', 'x'); $r('abc'))", json!("axc")),
        ("$split('a,b', ',')", json!(["a", "b"])),
        ("['a,b'].$split(',')", json!(["a", "b"])),
        ("($x := 1; ['a,b'].$split(',', 1))", json!(["a"])),
        ("$string({'a': 1})", json!("{\"a\":1}")),
        ("($x := [1..3]; $string($x))", json!("[1,2,3]")),
        ("$formatInteger(12, 'I')", json!("XII")),
        ("[1..3]", json!([1, 2, 3])),
        ("($l := [1..3]; $l[$ > 1])", json!([2, 3])),
        ("$count($shuffle([1..10]))", json!(10)),
        ("$reduce([1..5], function($a, $v){ $a + $v })", json!(15)),
        ("$merge([{'a': 1}, {'b': 2}])", json!({"a": 1, "b": 2})),
        ("{'a': $states.input.missing, 'b': 1}", json!({"b": 1})),
        ("$contains('hello$world', /^hello\\$/)", json!(true)),
        ("$variable := 1", json!(1)),
        ("$exists($states.input.missing)", json!(false)),
        ("$append([1], 2)", json!([1, 2])),
    ] {
        assert_eq!(run(text, &input), Ok(value), "{text}");
    }
}

#[test]
fn failures_have_the_words_of_the_service() {
    let input = json!({"a": 1});
    let nothing = |text: &str| {
        format!(
            "The JSONata expression '{text}' specified for the field 'Output' returned nothing (undefined)."
        )
    };
    for text in [
        "$states.input.missing",
        "$states.input.a.b",
        "$doesNotExist",
        "$states.errorOutput",
        "$partition([1], 0)",
        "$partition([], 1)",
        "$range(1, 9, 0)",
        "$range(1, 9, -1)",
        "$range(1, 9)",
    ] {
        assert_eq!(run(text, &input), Err(nothing(text)));
    }
    for (text, what) in [
        (
            "$fn := function($x){$x}",
            "returned an unsupported result type.",
        ),
        ("[$sum]", "returned an unsupported result type."),
        (
            "$randomSeeded($states.input.a)",
            "threw an error during evaluation. T1006: Attempted to invoke a non-function",
        ),
        (
            "$eval('1')",
            "threw an error during evaluation. T1006: Attempted to invoke a non-function",
        ),
        (
            "$hash('a', 'md5')",
            "threw an error during evaluation. D3137: Hash algorithm 'md5' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5",
        ),
        (
            "$parse('{\"a\":1,\"a\":2}')",
            "threw an error during evaluation. D3137: Invalid JSON",
        ),
        (
            "$parse('')",
            "threw an error during evaluation. D3137: Invalid JSON",
        ),
        (
            "$parse('1 2')",
            "threw an error during evaluation. D3137: Invalid JSON",
        ),
        (
            "$partition([1], -1)",
            "threw an error during evaluation. D3137: Second argument must be zero or greater",
        ),
        (
            "$partition([1], 1, 1)",
            "threw an error during evaluation. T0410: Argument 3 of function \"partition\" does not match function signature",
        ),
        (
            "$abs('a')",
            "threw an error during evaluation. T0410: Argument 1 of function \"abs\" does not match function signature",
        ),
        (
            "$error('no')",
            "threw an error during evaluation. D3137: no",
        ),
        (
            "1 + 'a'",
            "threw an error during evaluation. T2002: The right side of the \"+\" operator must evaluate to a number",
        ),
    ] {
        let expected =
            format!("The JSONata expression '{text}' specified for the field 'Output' {what}");
        assert_eq!(run(text, &input), Err(expected));
    }
}

#[test]
fn a_payload_is_evaluated_at_any_depth_and_only_whole_strings_are_expressions() {
    let source = json!({
        "a": {"b": [1, "{% $states.input.x %}"]}, "c": " {% $states.input %} ", "d": "$states.input", "e": "{%1%}",
    });
    let template = JsonataTemplate::compile(&source, ALL).unwrap();
    let world = World {
        context: json!({}),
        variables: json!({}),
    };
    let evaluate = |input: &Value| {
        let input = Data::new(input.clone());
        let scope = JsonataScope {
            input: &input,
            result: None,
            error_output: None,
            bindings: &world,
            now_ms: 0,
        };
        template.evaluate(
            "Output",
            scope,
            &mut Entropy::from_seed(1),
            &mut Budget::default(),
        )
    };
    assert_eq!(
        evaluate(&json!({"x": 2})).unwrap(),
        json!({"a": {"b": [1, 2]}, "c": " {% $states.input %} ", "d": "$states.input", "e": 1})
    );
    assert_eq!(evaluate(&json!({})).unwrap_err().location, "Output/a/b[1]");
}

#[test]
fn faults_of_a_payload_have_their_places() {
    let source = json!({"v": "{% phone %}", "a/b": ["{% 1 + %}", "{% aaa + bbb %}"]});
    let errors = JsonataTemplate::compile(&source, ALL).unwrap_err();
    let found: Vec<(&str, &str)> = errors
        .iter()
        .map(|error| (error.pointer.as_str(), error.path.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("/v", "/v"),
            ("/a~1b/0", "/a/b[0]"),
            ("/a~1b/1", "/a/b[1]"),
            ("/a~1b/1", "/a/b[1]")
        ]
    );
}
