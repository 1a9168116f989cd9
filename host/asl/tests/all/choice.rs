//! Conditions, evaluated: the table of ASL.md §2.2.

use asl::{Condition, StateKind, When, choice};
use expr::{Bindings, Budget, Data, EvalError, Scope};
use serde_json::{Value, json};

use crate::{good, state};

/// The condition of a rule that is written as JSON, without its `Next`.
fn condition(rule: &Value) -> Condition {
    let mut rule = rule.clone();
    rule["Next"] = "Done".into();
    let definition = json!({
        "StartAt": "Decide",
        "States": {
            "Assign": { "Type": "Pass", "Assign": { "v": 1 }, "Next": "Decide" },
            "Decide": { "Type": "Choice", "Choices": [rule], "Default": "Assign" },
            "Done": { "Type": "Succeed" },
        },
    });
    let machine = good(&definition.to_string());
    let StateKind::Choice(choice) = &state(&machine, "Decide").kind else {
        panic!("no Choice")
    };
    let When::JsonPath(condition) = &choice.rules[0].condition else {
        panic!("no JSONPath")
    };
    condition.clone()
}

struct World(Value, Value);

impl Bindings for World {
    fn context(&self) -> &Value {
        &self.0
    }

    fn variable(&self, name: &str) -> Option<&Value> {
        (name == "v").then_some(&self.1)
    }
}

fn evaluate(rule: Value, input: Value) -> Result<bool, EvalError> {
    let world = World(json!({"State": {"Name": "Decide"}}), json!({"n": 7}));
    let input = Data::new(input);
    let scope = Scope {
        input: &input,
        bindings: &world,
    };
    choice::evaluate(&condition(&rule), scope, &mut Budget::default())
}

fn holds(rule: Value, input: Value) -> bool {
    evaluate(rule.clone(), input.clone())
        .unwrap_or_else(|error| panic!("{rule} on {input}: {error}"))
}

/// `{"Variable": "$.a", operator: operand}` on `{"a": a, "b": b}`.
fn test(operator: &str, operand: Value, a: Value) -> bool {
    holds(
        json!({"Variable": "$.a", operator: operand}),
        json!({ "a": a }),
    )
}

#[test]
fn comparisons_order_values_of_one_type() {
    for (family, low, high) in [
        ("String", json!("a"), json!("b")),
        ("Numeric", json!(1), json!(1.5)),
        (
            "Timestamp",
            json!("2016-03-14T01:59:00Z"),
            json!("2016-03-14T01:59:00-01:00"),
        ),
    ] {
        for (operator, on_less, on_equal, on_greater) in [
            ("Equals", false, true, false),
            ("LessThan", true, false, false),
            ("GreaterThan", false, false, true),
            ("LessThanEquals", true, true, false),
            ("GreaterThanEquals", false, true, true),
        ] {
            let operator = format!("{family}{operator}");
            assert_eq!(
                test(&operator, high.clone(), low.clone()),
                on_less,
                "{operator}"
            );
            assert_eq!(
                test(&operator, low.clone(), low.clone()),
                on_equal,
                "{operator}"
            );
            assert_eq!(
                test(&operator, low.clone(), high.clone()),
                on_greater,
                "{operator}"
            );
            let twin = json!({"Variable": "$.a", format!("{operator}Path"): "$.b"});
            assert_eq!(
                holds(twin.clone(), json!({"a": low, "b": high})),
                on_less,
                "{twin}"
            );
            assert_eq!(
                holds(twin.clone(), json!({"a": low, "b": low})),
                on_equal,
                "{twin}"
            );
            assert!(!holds(twin, json!({"a": low, "b": null})));
        }
    }
}

#[test]
fn values_of_other_types_compare_as_false() {
    for (operator, operand, others) in [
        (
            "StringEquals",
            json!("1"),
            vec![json!(1), json!(null), json!(["1"]), json!(true)],
        ),
        (
            "NumericEquals",
            json!(1),
            vec![json!("1"), json!(null), json!(true), json!([1])],
        ),
        (
            "BooleanEquals",
            json!(true),
            vec![json!("true"), json!(1), json!(null)],
        ),
        ("StringMatches", json!("*"), vec![json!(1), json!(null)]),
        (
            "TimestampEquals",
            json!("2023-02-24T12:15:56Z"),
            vec![
                json!("2023-02-24 12:15:56.832957"),
                json!(1_677_240_956),
                json!(null),
            ],
        ),
    ] {
        for other in others {
            assert!(
                !test(operator, operand.clone(), other.clone()),
                "{operator} {other}"
            );
            let not = json!({"Not": {"Variable": "$.a", operator: operand}});
            assert!(holds(not, json!({ "a": other })));
        }
    }
}

#[test]
fn numbers_compare_by_value_and_exactly() {
    assert!(test("NumericEquals", json!(0), json!(0.0)));
    assert!(test(
        "NumericGreaterThan",
        json!(9_007_199_254_740_992_i64),
        json!(9_007_199_254_740_993_i64)
    ));
}

#[test]
fn strings_are_ordered_by_utf16_code_units() {
    assert!(test("StringLessThan", json!("A "), json!("A")));
    assert!(!test("StringEquals", json!("a"), json!("A")));
    // In UTF-16 a character beyond the basic plane comes before U+FF5E; in UTF-8 it comes after.
    assert!(test(
        "StringLessThan",
        json!("\u{ff5e}"),
        json!("\u{10000}")
    ));
}

#[test]
fn type_tests_take_an_expectation() {
    for (operator, yes, no) in [
        ("IsNull", json!(null), json!(0)),
        ("IsNumeric", json!(1.5), json!("1")),
        ("IsString", json!(""), json!(1)),
        ("IsBoolean", json!(false), json!("false")),
        (
            "IsTimestamp",
            json!("2016-03-14T01:59:00Z"),
            json!("2016-03-14"),
        ),
    ] {
        assert!(test(operator, json!(true), yes.clone()), "{operator}");
        assert!(!test(operator, json!(false), yes), "{operator}");
        assert!(!test(operator, json!(true), no.clone()), "{operator}");
        assert!(test(operator, json!(false), no), "{operator}");
    }
}

#[test]
fn only_is_present_may_ask_for_what_is_not_there() {
    let absent = |operator: &str, operand: Value| {
        evaluate(json!({"Variable": "$.x", operator: operand}), json!({}))
    };
    assert_eq!(absent("IsPresent", json!(true)), Ok(false));
    assert_eq!(absent("IsPresent", json!(false)), Ok(true));
    for (operator, operand) in [
        ("IsNull", json!(true)),
        ("StringEquals", json!("")),
        ("IsString", json!(false)),
    ] {
        let error = absent(operator, operand).unwrap_err();
        assert_eq!(error.error, "States.Runtime");
        assert_eq!(
            error.cause,
            "Invalid path '$.x': The choice state's condition path references an invalid value."
        );
    }
    let twin = json!({"Variable": "$.a", "NumericEqualsPath": "$.x"});
    assert_eq!(
        evaluate(twin, json!({"a": 1})).unwrap_err().error,
        "States.Runtime"
    );
    assert!(holds(
        json!({"Variable": "$.a", "IsPresent": true}),
        json!({"a": null})
    ));
    assert!(holds(
        json!({"Variable": "$.a[*]", "IsPresent": true}),
        json!({"a": [1]})
    ));
    assert!(!holds(
        json!({"Variable": "$.a[*]", "IsPresent": true}),
        json!({"a": []})
    ));
}

#[test]
fn and_and_or_stop_at_the_first_operand_that_decides() {
    let guard = json!({"And": [{"Variable": "$.x", "IsPresent": true}, {"Variable": "$.x", "NumericEquals": 1}]});
    assert_eq!(evaluate(guard.clone(), json!({})), Ok(false));
    assert_eq!(evaluate(guard, json!({"x": 1})), Ok(true));
    let either = json!({"Or": [{"Variable": "$.x", "IsPresent": false}, {"Variable": "$.x", "NumericEquals": 1}]});
    assert_eq!(evaluate(either.clone(), json!({})), Ok(true));
    assert_eq!(evaluate(either, json!({"x": 2})), Ok(false));
}

#[test]
fn context_object_and_variables_can_be_compared() {
    assert!(holds(
        json!({"Variable": "$$.State.Name", "StringEquals": "Decide"}),
        json!({})
    ));
    assert!(holds(
        json!({"Variable": "$.a", "NumericEqualsPath": "$v.n"}),
        json!({"a": 7})
    ));
    assert!(holds(
        json!({"Variable": "$v.n", "NumericGreaterThan": 6}),
        json!({})
    ));
}

#[test]
fn patterns_match_the_whole_text() {
    for (pattern, yes, no) in [
        (
            "log-*.txt",
            vec!["log-1.txt", "log-.txt", "log-a.txt.txt"],
            vec!["log-1.txtx", "xlog-1.txt", "log.txt"],
        ),
        ("*", vec!["", "x"], vec![]),
        (
            "a*b*c",
            vec!["abc", "aXbXc", "abbc"],
            vec!["ac", "acb", "ab"],
        ),
        ("a*a", vec!["aa", "aXa"], vec!["a", "ab"]),
        (r"a\*b", vec!["a*b"], vec!["aXb", r"a\*b"]),
        (r"a\\b", vec![r"a\b"], vec!["ab"]),
        ("*ab*ab*", vec!["abab", "xabxabx"], vec!["aab", "aba"]),
        ("", vec![""], vec!["x"]),
        ("plain", vec!["plain"], vec!["plain "]),
    ] {
        for text in yes {
            assert!(
                test("StringMatches", json!(pattern), json!(text)),
                "{pattern} {text}"
            );
        }
        for text in no {
            assert!(
                !test("StringMatches", json!(pattern), json!(text)),
                "{pattern} {text}"
            );
        }
    }
}

#[test]
fn a_budget_that_is_used_up_ends_the_evaluation() {
    let rule = json!({"And": [{"Variable": "$.a", "IsString": true}, {"Variable": "$.a", "StringEquals": "x"}]});
    let input = Data::new(json!({"a": "x".repeat(1_000)}));
    let run = |steps| {
        choice::evaluate(
            &condition(&rule),
            Scope::of(&input),
            &mut Budget::new(steps, 1_000_000),
        )
    };
    assert_eq!(run(2).unwrap_err().error, "States.Runtime");
    assert_eq!(run(1_000), Ok(false));
}
