//! Intrinsic functions: results, failures, limits, and calls that are refused when they are compiled.

use expr::{Budget, Data, Entropy, Expression, Intrinsic, NoBindings, Scope, limits};
use serde_json::{Value, json};

use crate::tables::{self, Given};

#[test]
fn functions_give_what_aws_gives() {
    tables::check(include_str!("../data/intrinsics.json"), |case| {
        let call = case["call"].as_str().unwrap();
        let found = tables::evaluate(call, &tables::input(case), &Given::of(case));
        match (found, case.get("is"), case["fails"].as_str()) {
            (Ok(found), Some(expected), _) => tables::same(&found, expected),
            (Err(error), None, Some(reason)) => tables::same(
                &json!([error.error, error.cause]),
                &json!([
                    "States.Runtime",
                    format!("The function '{call}' had the following error: {reason}")
                ]),
            ),
            (found, _, _) => Err(format!("found {found:?}")),
        }
    });
}

#[test]
fn a_bad_call_is_refused_where_it_is_bad() {
    tables::check(
        include_str!("../data/intrinsics_refused.json"),
        |case| match Expression::parse(case["call"].as_str().unwrap()) {
            Ok(_) => Err("accepted".to_owned()),
            Err(error) => tables::same(
                &json!([error.offset, error.message]),
                &json!([case["at"], case["why"]]),
            ),
        },
    );
}

#[test]
fn calls_are_nested_ten_levels_deep_and_no_deeper() {
    let nested =
        |levels: usize| format!("{}1{}", "States.Array(".repeat(levels), ")".repeat(levels));
    assert!(Expression::parse(&nested(limits::INTRINSIC_LEVELS_MAX)).is_ok());
    let error = Expression::parse(&nested(limits::INTRINSIC_LEVELS_MAX + 1)).unwrap_err();
    assert_eq!(
        error.message,
        "intrinsic calls are nested at most 10 levels deep"
    );
}

#[test]
fn texts_are_limited_in_characters_and_not_in_bytes() {
    for call in ["States.Base64Encode($)", "States.Hash($, 'MD5')"] {
        let fits = Data::new(Value::String("ü".repeat(limits::HASH_CHARS_MAX)));
        assert!(tables::evaluate(call, &fits, &NoBindings).is_ok());
        let longer = Data::new(Value::String("ü".repeat(limits::HASH_CHARS_MAX + 1)));
        let error = tables::evaluate(call, &longer, &NoBindings).unwrap_err();
        assert!(
            error.cause.ends_with("has more than 10000 characters"),
            "{error}"
        );
    }
    let decode = |length: usize| {
        tables::evaluate(
            "States.Base64Decode($)",
            &Data::new(Value::String("A".repeat(length))),
            &NoBindings,
        )
    };
    assert!(decode(limits::BASE64_CHARS_MAX).is_ok());
    assert!(decode(limits::BASE64_CHARS_MAX + 4).is_err());
}

#[test]
fn random_numbers_come_from_the_entropy_that_is_given() {
    let input = Data::empty_object();
    let draw = |seed: u64| {
        let expression = Expression::parse(
            "States.Array(States.MathRandom(-5, 5), States.UUID(), States.UUID())",
        )
        .unwrap();
        expression
            .evaluate(
                "v.$",
                Scope::of(&input),
                &mut Entropy::from_seed(seed),
                &mut Budget::default(),
            )
            .unwrap()
    };
    assert_eq!(draw(7), draw(7));
    assert_ne!(draw(7), draw(8));
    for seed in 0..100 {
        let drawn = draw(seed);
        assert!((-5..5).contains(&drawn[0].as_i64().unwrap()));
        assert_ne!(drawn[1], drawn[2]);
        let uuid = drawn[1].as_str().unwrap();
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
    }
}

#[test]
fn a_call_knows_its_function_and_what_it_reads() {
    let call =
        Intrinsic::parse("States.Format('{}{}', $who.a, States.Array($$.x, $who, $n))").unwrap();
    assert_eq!(call.function(), "States.Format");
    assert_eq!(call.variables(), ["who", "n"]);
    assert!(call.uses_context());
    assert!(
        !Intrinsic::parse("States.Format('$$.x')")
            .unwrap()
            .uses_context()
    );
}
