//! The SDK as a task's author has it: the attribute, the derive and the native runner together.

use serde::{Deserialize, Serialize};
use serde_json::json;
use stepwell_task::{Context, Error, TaskError, test};

#[derive(Deserialize)]
struct Parcel {
    grams: u32,
}

#[derive(Serialize)]
struct Label {
    text: String,
}

#[derive(Debug, TaskError)]
enum ParcelError {
    #[task_error(message = "{grams} g is more than 30000 g")]
    TooHeavyError { grams: u32 },
    #[task_error(name = "Parcel.Empty", message = "there is {0} inside, {{really}}")]
    Empty(&'static str),
}

impl ParcelError {
    const GRAMS_MAX: u32 = 30_000;
}

/// An alias of `Result` is a result too.
type Outcome<T> = Result<T, ParcelError>;

mod aliased {
    use super::*;

    #[stepwell_task::task]
    pub(crate) fn label(parcel: Parcel, ctx: &Context) -> Outcome<Label> {
        match parcel.grams {
            0 => Err(ParcelError::Empty("nothing")),
            grams if grams > ParcelError::GRAMS_MAX => Err(ParcelError::TooHeavyError { grams }),
            grams => Ok(Label {
                text: format!("{}: {grams} g", ctx.state_name()),
            }),
        }
    }
}

mod plain {
    #[stepwell_task::task]
    pub(crate) fn double(number: u64) -> u64 {
        number * 2
    }
}

mod nothing {
    use super::*;

    #[stepwell_task::task]
    pub(crate) fn wait_for_nothing(_: serde::de::IgnoredAny, ctx: &Context) {
        ctx.debug("nothing to do");
    }
}

mod standard_errors {
    use super::*;

    #[stepwell_task::task]
    pub(crate) fn parse(text: String, ctx: &Context) -> stepwell_task::Result<u8> {
        ctx.heartbeat("parsing")?;
        Ok(text.parse()?)
    }

    #[test]
    fn question_marks_turn_standard_errors_into_task_errors() {
        let error = test::run(parse, json!("300")).unwrap_err();
        assert_eq!(error.error, "ParseIntError");
        assert_eq!(error.cause, "number too large to fit in target type");
        let context = Context::for_test().cancelled_after(0).build();
        let error = test::run_with(parse, json!("3"), &context).unwrap_err();
        assert_eq!(error.error, "Cancelled");
    }
}

mod names_that_the_macro_also_uses {
    #[stepwell_task::task]
    pub(crate) fn serve(input: String) -> String {
        input
    }
}

#[test]
fn a_typed_error_gives_its_name_and_message() {
    let error = test::run(aliased::label, json!({"grams": 30_001})).unwrap_err();
    assert_eq!(error.error, "TooHeavyError");
    assert_eq!(error.cause, "30001 g is more than 30000 g");
    let error = test::run(aliased::label, json!({"grams": 0})).unwrap_err();
    assert_eq!(error.error, "Parcel.Empty");
    assert_eq!(error.cause, "there is nothing inside, {really}");
}

#[test]
fn a_task_sees_its_context() {
    let context = Context::for_test().state_name("Pack").build();
    let output = test::run_with(aliased::label, json!({"grams": 7}), &context);
    assert_eq!(output, Ok(json!({"text": "Pack: 7 g"})));
}

#[test]
fn a_task_may_return_what_is_no_result() {
    assert_eq!(test::run(plain::double, json!(21)), Ok(json!(42)));
    assert_eq!(
        test::run(names_that_the_macro_also_uses::serve, json!("x")),
        Ok(json!("x"))
    );
}

#[test]
fn a_task_that_returns_nothing_gives_null() {
    let context = Context::for_test().build();
    let output = test::run_with(nothing::wait_for_nothing, json!([1, 2]), &context);
    assert_eq!(output, Ok(json!(null)));
    assert_eq!(context.logged()[0].message, "nothing to do");
}

#[test]
fn a_wrong_input_is_told_with_its_path() {
    let error = test::run(aliased::label, json!({"grams": "many"})).unwrap_err();
    assert_eq!(error.error, "Runtime.UnmarshalError");
    assert!(
        error
            .cause
            .contains("$.grams: invalid type: string \"many\""),
        "{}",
        error.cause
    );
}

#[test]
fn a_typed_error_can_go_on_under_its_own_name() {
    let error = Error::from_task_error(&ParcelError::TooHeavyError { grams: 40_000 });
    assert_eq!(error.name(), "TooHeavyError");
}
