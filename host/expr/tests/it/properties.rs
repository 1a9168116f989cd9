//! Properties over generated texts and documents.

use expr::{
    Budget, Data, Entropy, Expression, Path, ReferencePath, Scope, Template, limits, number,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Any JSON value of a few levels, with the names and numbers that the paths below ask for.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3_i64..4).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-c\"\\\\ü]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-c]", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A text that is made of the parts of expressions, in any order.
fn any_expression_like() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "$",
        "$$",
        "$v",
        ".a",
        ".b",
        "..",
        "..c",
        ".*",
        "['a']",
        "['a','b']",
        "[0]",
        "[-1]",
        "[0,1]",
        "[0:2]",
        "[-2:]",
        "[:-1]",
        "[*]",
        "[?(@.a)]",
        "[?(",
        "@.a",
        " == ",
        " != ",
        " < ",
        "1",
        "'x'",
        " && ",
        " || ",
        "!",
        "(",
        ")",
        "]",
        "[",
        "'",
        "\"",
        "\\",
        ",",
        " ",
        "null",
        "true",
        "States.Array(",
        "States.Format('{}', ",
        "States.MathAdd(",
        "-",
        "States.ArrayUnique($)",
        "States.ArrayRange(1, 5, 2)",
        "ü",
        "{}",
        "States.StringSplit($.a, 'b')",
        "=~",
        "in",
    ]);
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

/// A path that parses.
fn any_path() -> impl Strategy<Value = String> {
    let step = prop::sample::select(vec![
        ".a",
        ".b",
        "..c",
        ".*",
        "['a']",
        "['a','b']",
        "[0]",
        "[-1]",
        "[0,1]",
        "[0:2]",
        "[-2:]",
        "[:-1]",
        "[-1:1]",
        "[*]",
        "[?(@.a)]",
        "[?(@.a == 1)]",
        "[?(!@.a || @.b < 'b')]",
        "[?(@..a == @.b[0])]",
        "..[?(@.a != $.a)]",
        "..*",
    ]);
    prop::collection::vec(step, 0..5).prop_map(|steps| format!("${}", steps.concat()))
}

fn any_reference_path() -> impl Strategy<Value = String> {
    let step = prop::sample::select(vec![".a", ".b", ".c", "['a']", "[0]", "[1]"]);
    prop::collection::vec(step, 0..4).prop_map(|steps| format!("${}", steps.concat()))
}

fn check_parse(text: &str) {
    for error in [
        Path::parse(text).err(),
        Expression::parse(text).err(),
        ReferencePath::parse(text).err(),
    ]
    .into_iter()
    .flatten()
    {
        assert!(
            text.is_char_boundary(error.offset),
            "{text:?}: {error} at {}",
            error.offset
        );
        assert!(!error.message.is_empty() && !error.message.ends_with('.'));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn parsing_any_text_never_panics_and_errors_have_a_place(text in any::<String>()) {
        check_parse(&text);
        check_parse(&format!("${text}"));
        check_parse(&format!("States.Format('{text}')"));
    }

    #[test]
    fn parsing_what_looks_like_an_expression_never_panics(text in any_expression_like()) {
        check_parse(&text);
    }

    #[test]
    fn evaluating_what_parses_never_panics_and_can_be_read_again(
        text in any_expression_like(),
        input in any_value(),
        steps in 0_u64..2_000,
    ) {
        if let Ok(expression) = Expression::parse(&text) {
            let input = Data::new(input);
            for mut budget in [Budget::default(), Budget::new(steps, steps)] {
                let result =
                    expression.evaluate("v.$", Scope::of(&input), &mut Entropy::from_seed(steps), &mut budget);
                if let Ok(value) = result {
                    prop_assert!(Data::parse(value.to_string()).is_ok());
                }
            }
        }
    }

    #[test]
    fn a_path_yields_one_value_or_none_or_else_an_array(text in any_path(), input in any_value()) {
        let path = Path::parse(&text).unwrap();
        let input = Data::new(input);
        let found = path.select(Scope::of(&input), &mut Budget::default()).unwrap();
        if !path.is_definite() {
            prop_assert!(found.is_some_and(|value| value.is_array()), "{}", text);
        }
    }

    #[test]
    fn evaluation_is_deterministic(text in any_path(), input in any_value()) {
        let template = Template::compile(&json!({"v.$": text, "u.$": "States.UUID()"})).unwrap();
        let input = Data::new(input);
        let run = || template.evaluate(Scope::of(&input), &mut Entropy::from_seed(3), &mut Budget::default());
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn what_was_put_is_what_is_read(text in any_reference_path(), target in any_value(), value in any_value()) {
        let path = ReferencePath::parse(&text).unwrap();
        let before = target.clone();
        match path.put(target, value.clone()) {
            Ok(whole) => {
                let whole = Data::new(whole);
                prop_assert_eq!(path.get(Scope::of(&whole)), Some(&value));
                let path = Path::parse(&text).unwrap();
                let found = path.select(Scope::of(&whole), &mut Budget::default()).unwrap();
                prop_assert_eq!(found.as_deref(), Some(&value));
            }
            Err(error) => {
                prop_assert_eq!(error.error, "States.ResultPathMatchFailure");
                prop_assert!(!path.is_whole() && (!before.is_object() || path.get(Scope::of(&Data::new(before))).is_none()));
            }
        }
    }

    #[test]
    fn reading_by_path_and_by_reference_path_agree(text in any_reference_path(), input in any_value()) {
        let input = Data::new(input);
        let by_reference = ReferencePath::parse(&text).unwrap().get(Scope::of(&input));
        let path = Path::parse(&text).unwrap();
        let by_path = path.select(Scope::of(&input), &mut Budget::default()).unwrap();
        prop_assert_eq!(by_path.as_deref(), by_reference);
    }

    #[test]
    fn unique_keeps_one_of_each(values in prop::collection::vec(any_value(), 0..12)) {
        let input = Data::new(Value::Array(values.clone()));
        let found = crate::tables::evaluate("States.ArrayUnique($)", &input, &expr::NoBindings).unwrap();
        let mut expected: Vec<Value> = Vec::new();
        for value in values {
            if !expected.iter().any(|other| number::values_equal(other, &value)) {
                expected.push(value);
            }
        }
        prop_assert_eq!(found, Value::Array(expected));
    }

    #[test]
    fn equality_is_an_equivalence(a in any_value(), b in any_value()) {
        prop_assert!(number::values_equal(&a, &a));
        prop_assert_eq!(number::values_equal(&a, &b), number::values_equal(&b, &a));
    }

    #[test]
    fn what_is_escaped_in_a_literal_comes_back(text in any::<String>()) {
        let mut escaped = String::new();
        for c in text.chars() {
            if matches!(c, '\'' | '{' | '}' | '\\') {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        let input = Data::empty_object();
        for (call, expected) in [
            (format!("States.Array('{escaped}')"), json!([text.clone()])),
            (format!("States.Format('{escaped}')"), json!(text.clone())),
        ] {
            prop_assert!(call.len() < limits::EXPRESSION_TEXT_BYTES_MAX);
            prop_assert_eq!(crate::tables::evaluate(&call, &input, &expr::NoBindings).unwrap(), expected);
        }
    }
}
