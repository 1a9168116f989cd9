//! Task `process-payment`: charges a card; test numbers decide how that goes.
//!
//! Input: an order that was validated (`orderId`, `totalCents`, `currency`, `payment.cardNumber` and
//! perhaps `customer.email` are read), or the plain output of a Parallel in which `fraud-detection`
//! was a branch: then what it `cleared` is charged.
//!
//! ```json
//! { "orderId": "ORD-1001", "totalCents": 8100, "currency": "EUR",
//!   "customer": { "email": "ada@example.com" }, "payment": { "cardNumber": "4242 4242 4242 4242" } }
//! ```
//!
//! Output: the receipt. `chargeId` is the same on every attempt, so nobody pays twice.
//!
//! ```json
//! { "chargeId": "ch_…", "orderId": "ORD-1001", "amountCents": 8100, "currency": "EUR",
//!   "brand": "visa", "last4": "4242", "receiptEmail": "ada@example.com" }
//! ```
//!
//! Fails as `PaymentFailedError`, whose cause begins with a word for programs: `invalid_amount`,
//! `invalid_number`, or what the test number stands for.
//!
//! | card number | what happens |
//! |---|---|
//! | 4242 4242 4242 4242 (and any good number) | charged |
//! | 4000 0000 0000 0002 | `card_declined` |
//! | 4000 0000 0000 9995 | `insufficient_funds` |
//! | 4000 0000 0000 0069 | `expired_card` |
//! | 4000 0000 0000 0259 | the gateway never answers: the task spins until it is stopped |
//! | 4000 0000 0000 0341 | the gateway's answer never ends: the task eats memory until it is stopped |

mod card;

use std::hint::black_box;

use serde::{Deserialize, Serialize};
use stepwell_task::{Context, TaskError};

use crate::card::Answer;

/// What can be charged.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "an order with orderId, totalCents, currency and payment.cardNumber, or an array of branch outputs"
)]
pub enum Input {
    /// An order.
    Order(Charge),
    /// The outputs of branches, one of which is a clearance.
    Branches(Vec<Branch>),
}

/// What is read of an order.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    order_id: String,
    total_cents: i64,
    currency: String,
    payment: Payment,
    email: Option<String>,
    customer: Option<Customer>,
}

/// What is read of a branch's output.
#[derive(Debug, Deserialize)]
pub struct Branch {
    cleared: Option<Charge>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payment {
    card_number: String,
}

#[derive(Debug, Deserialize)]
struct Customer {
    email: Option<String>,
}

/// The charge was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    charge_id: String,
    order_id: String,
    amount_cents: i64,
    currency: String,
    brand: &'static str,
    last4: String,
    receipt_email: Option<String>,
}

/// Why it was not.
#[derive(Debug, TaskError)]
pub enum PaymentError {
    /// A word for programs, a text for people.
    #[task_error(message = "{0}: {1}")]
    PaymentFailedError(&'static str, String),
}

#[stepwell_task::task]
fn process_payment(input: Input, ctx: &Context) -> Result<Receipt, PaymentError> {
    let refused = |word, text: &str| Err(PaymentError::PaymentFailedError(word, text.to_owned()));
    let charge = match input {
        Input::Order(charge) => Some(charge),
        Input::Branches(branches) => branches.into_iter().find_map(|branch| branch.cleared),
    };
    let Some(charge) = charge else {
        return refused("nothing_to_charge", "no branch has cleared an order");
    };
    if charge.total_cents <= 0 {
        let text = format!("{} cents cannot be charged", charge.total_cents);
        return refused("invalid_amount", &text);
    }
    let Some(digits) = card::digits(&charge.payment.card_number) else {
        return refused("invalid_number", "this is no card number");
    };
    match card::answer(&digits) {
        Answer::Charged => {}
        Answer::Refused(word, text) => return refused(word, text),
        Answer::Never => wait_forever(ctx),
        Answer::Endless => read_forever(ctx),
    }
    let last4 = digits
        .get(digits.len() - 4..)
        .unwrap_or_default()
        .to_owned();
    ctx.info(&format!(
        "{} cents charged to the card ending in {last4}",
        charge.total_cents
    ));
    Ok(Receipt {
        charge_id: format!("ch_{}", ctx.idempotency_key()),
        order_id: charge.order_id,
        amount_cents: charge.total_cents,
        currency: charge.currency,
        brand: card::brand(&digits),
        last4,
        receipt_email: charge.email.or_else(|| charge.customer?.email),
    })
}

/// A gateway that never answers. Ends with the attempt's time or fuel.
fn wait_forever(ctx: &Context) -> ! {
    ctx.warn("the payment gateway does not answer");
    loop {
        black_box(());
    }
}

/// A gateway whose answer never ends. Ends with the attempt's memory.
fn read_forever(ctx: &Context) -> ! {
    ctx.warn("the payment gateway's answer does not end");
    let mut answer: Vec<Vec<u8>> = Vec::new();
    loop {
        answer.push(black_box(vec![1; 1 << 20]));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use stepwell_task::test;

    use super::*;

    fn order(card_number: &str) -> Value {
        json!({
            "orderId": "ORD-1", "totalCents": 8_100, "currency": "EUR",
            "customer": {"email": "ada@example.com"}, "payment": {"cardNumber": card_number}
        })
    }

    #[test]
    fn a_charge_has_the_same_id_on_every_attempt() {
        let first = Context::for_test().idempotency_key("k-1").build();
        let second = Context::for_test()
            .idempotency_key("k-1")
            .attempt(1)
            .build();
        let receipt =
            test::run_with(process_payment, order("4242 4242 4242 4242"), &first).unwrap();
        assert_eq!(receipt["chargeId"], "ch_k-1");
        assert_eq!(
            (&receipt["last4"], &receipt["brand"]),
            (&json!("4242"), &json!("visa"))
        );
        assert_eq!(receipt["receiptEmail"], "ada@example.com");
        let again = test::run_with(process_payment, order("4242424242424242"), &second);
        assert_eq!(again, Ok(receipt));
    }

    #[test]
    fn the_test_numbers_are_refused_with_their_reason() {
        for (number, word) in [
            ("4000000000000002", "card_declined"),
            ("4000000000009995", "insufficient_funds"),
            ("4000000000000069", "expired_card"),
            ("4242424242424241", "invalid_number"),
        ] {
            let error = test::run(process_payment, order(number)).unwrap_err();
            assert_eq!(error.error, "PaymentFailedError");
            assert!(error.cause.starts_with(word), "{}", error.cause);
        }
    }

    #[test]
    fn nothing_and_less_cannot_be_charged() {
        let mut order = order("4242424242424242");
        order["totalCents"] = json!(0);
        let error = test::run(process_payment, order).unwrap_err();
        assert!(error.cause.starts_with("invalid_amount"), "{}", error.cause);
    }

    #[test]
    fn the_clearance_among_the_branches_is_charged() {
        let mut cleared = order("5555555555554444");
        cleared["email"] = json!("ada@example.org");
        let input = json!([{"available": true}, {"score": 0, "cleared": cleared}]);
        let receipt = test::run(process_payment, input).unwrap();
        assert_eq!(
            (&receipt["brand"], &receipt["receiptEmail"]),
            (&json!("mastercard"), &json!("ada@example.org"))
        );
        let error = test::run(process_payment, json!([{"available": true}])).unwrap_err();
        assert!(
            error.cause.starts_with("nothing_to_charge"),
            "{}",
            error.cause
        );
    }
}
