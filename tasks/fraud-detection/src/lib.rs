//! Task `fraud-detection`: scores an order by rules and stops the ones that look fraudulent.
//!
//! Input: an order that `validate-order` has let through.
//!
//! ```json
//! {
//!   "orderId": "ORD-1001", "totalCents": 8100, "currency": "EUR",
//!   "customer": { "email": "ada@example.com", "ordersLastHour": 0 },
//!   "shippingAddress": { "country": "GB" },
//!   "payment": { "cardNumber": "4242 4242 4242 4242", "cardCountry": "GB" }
//! }
//! ```
//!
//! Output: the score (0 to 100 and more), `approve` below 40 and `review` from there, why, and what
//! was cleared: a charge that is taken from `cleared` is exactly the one that was scored.
//!
//! ```json
//! {
//!   "score": 30, "decision": "approve", "reasons": ["the card is from US, the parcel goes to GB"],
//!   "cleared": { "orderId": "ORD-1001", "totalCents": 8100, "currency": "EUR",
//!                "email": "ada@example.com", "payment": { "cardNumber": "…", "cardCountry": "US" } }
//! }
//! ```
//!
//! Fails as `FraudDetectedError` from a score of 80, with the reasons in the cause.
//!
//! | rule | score |
//! |---|---|
//! | total from 1,000.00 / from 5,000.00 | 15 / 30 |
//! | the card's country is not the parcel's | 30 |
//! | a mail address that is thrown away after use | 35 |
//! | 5 / 20 and more orders of this customer within the hour | 25 / 60 |

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use stepwell_task::{Context, TaskError};

/// From this score a person should look at the order.
const REVIEW_FROM: u32 = 40;
/// From this score the order is stopped.
const FRAUD_FROM: u32 = 80;
/// Domains of mail addresses that are thrown away after use.
const DISPOSABLE: [&str; 4] = [
    "mailinator.com",
    "trashmail.com",
    "10minutemail.com",
    "yopmail.com",
];

/// What is read of an order.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    order_id: String,
    total_cents: i64,
    currency: String,
    customer: Customer,
    shipping_address: Option<Address>,
    payment: Payment,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Customer {
    email: String,
    #[serde(default)]
    orders_last_hour: u32,
}

#[derive(Debug, Deserialize)]
struct Address {
    country: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payment {
    #[serde(skip_serializing_if = "Option::is_none")]
    card_country: Option<String>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// The order may go on.
#[derive(Debug, Serialize)]
pub struct Assessment {
    score: u32,
    decision: &'static str,
    reasons: Vec<String>,
    cleared: Cleared,
}

/// What was scored.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Cleared {
    order_id: String,
    total_cents: i64,
    currency: String,
    email: String,
    payment: Payment,
}

/// Why an order is stopped.
#[derive(Debug, TaskError)]
pub enum FraudError {
    /// The score and what made it.
    #[task_error(message = "score {score}: {reasons}")]
    FraudDetectedError {
        /// What the rules add up to.
        score: u32,
        /// The rules that took hold.
        reasons: String,
    },
}

#[stepwell_task::task]
fn fraud_detection(order: Order, ctx: &Context) -> Result<Assessment, FraudError> {
    let (score, reasons) = score(&order);
    if score >= FRAUD_FROM {
        ctx.warn(&format!(
            "order {} is stopped with score {score}",
            order.order_id
        ));
        return Err(FraudError::FraudDetectedError {
            score,
            reasons: reasons.join("; "),
        });
    }
    let decision = if score >= REVIEW_FROM {
        "review"
    } else {
        "approve"
    };
    let cleared = Cleared {
        order_id: order.order_id,
        total_cents: order.total_cents,
        currency: order.currency,
        email: order.customer.email,
        payment: order.payment,
    };
    Ok(Assessment {
        score,
        decision,
        reasons,
        cleared,
    })
}

fn score(order: &Order) -> (u32, Vec<String>) {
    let mut score = 0_u32;
    let mut reasons = Vec::new();
    let mut rule = |points: u32, reason: String| {
        score += points;
        reasons.push(reason);
    };
    match order.total_cents {
        500_000.. => rule(30, "a very large order".to_owned()),
        100_000.. => rule(15, "a large order".to_owned()),
        _ => {}
    }
    let parcel = order
        .shipping_address
        .as_ref()
        .and_then(|address| address.country.as_deref());
    if let (Some(parcel), Some(card)) = (parcel, order.payment.card_country.as_deref())
        && !parcel.eq_ignore_ascii_case(card)
    {
        rule(
            30,
            format!("the card is from {card}, the parcel goes to {parcel}"),
        );
    }
    let domain = order.customer.email.rsplit('@').next().unwrap_or_default();
    if DISPOSABLE
        .iter()
        .any(|one| one.eq_ignore_ascii_case(domain))
    {
        rule(
            35,
            format!("mail addresses of {domain} are thrown away after use"),
        );
    }
    match order.customer.orders_last_hour {
        count @ 20.. => rule(60, format!("{count} orders within the hour")),
        count @ 5.. => rule(25, format!("{count} orders within the hour")),
        _ => {}
    }
    (score, reasons)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    fn order(total_cents: i64, email: &str, card_country: &str, orders_last_hour: u32) -> Value {
        json!({
            "orderId": "O", "totalCents": total_cents, "currency": "EUR",
            "customer": {"email": email, "ordersLastHour": orders_last_hour},
            "shippingAddress": {"country": "GB"},
            "payment": {"cardNumber": "4242", "cardCountry": card_country}
        })
    }

    #[test]
    fn an_ordinary_order_is_cleared_as_it_was_scored() {
        let output = test::run(fraud_detection, order(8_100, "ada@example.com", "gb", 0)).unwrap();
        assert_eq!(
            (&output["score"], &output["decision"]),
            (&json!(0), &json!("approve"))
        );
        assert_eq!(output["cleared"]["totalCents"], 8_100);
        assert_eq!(
            output["cleared"]["payment"],
            json!({"cardCountry": "gb", "cardNumber": "4242"})
        );
    }

    #[test]
    fn doubts_add_up_to_a_review() {
        let output =
            test::run(fraud_detection, order(100_000, "ada@example.com", "US", 4)).unwrap();
        assert_eq!(
            (&output["score"], &output["decision"]),
            (&json!(45), &json!("review"))
        );
    }

    #[test]
    fn too_many_doubts_stop_the_order() {
        let error =
            test::run(fraud_detection, order(100_000, "x@MailInator.com", "US", 0)).unwrap_err();
        assert_eq!(error.error, "FraudDetectedError");
        assert!(
            error
                .cause
                .starts_with("score 80: a large order; the card is from US"),
            "{}",
            error.cause
        );
    }
}
