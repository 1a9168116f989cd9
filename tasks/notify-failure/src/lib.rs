//! Task `notify-failure`: tells a customer, in plain words, why an order failed.
//!
//! Input: what a `Catch` hands on. With a `ResultPath` of `$.error` that is the order with the error;
//! without one it is the error alone. Everything is optional.
//!
//! ```json
//! {
//!   "orderId": "ORD-1001", "customer": { "name": "Ada Byron", "email": "ada@example.com" },
//!   "error": { "Error": "PaymentFailedError", "Cause": "{\"errorMessage\":\"card_declined: …\"}" }
//! }
//! { "Error": "InvalidOrderError", "Cause": "…" }
//! ```
//!
//! Output: the message, to the customer or, where none is known, to the shop; and the error's name
//! and message again, for the states that follow. `messageId` is the same on every attempt.
//!
//! ```json
//! { "messageId": "msg_…", "to": "ada@example.com", "subject": "About your order ORD-1001",
//!   "body": "…", "error": "PaymentFailedError", "reason": "card_declined: …" }
//! ```

use serde::{Deserialize, Serialize};
use serde_json::Value;
use stepwell_task::Context;

/// Who gets the message when no customer is known.
const SHOP: &str = "orders@shop.example";

/// What a `Catch` hands on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Failed {
    order_id: Option<String>,
    customer: Option<Customer>,
    error: Option<ErrorOutput>,
    #[serde(flatten)]
    itself: ErrorOutput,
}

#[derive(Debug, Default, Deserialize)]
struct Customer {
    name: Option<String>,
    email: Option<String>,
}

/// The error output of a state, whose names the language gives.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorOutput {
    error: Option<String>,
    cause: Option<String>,
}

/// A message, ready to go.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    message_id: String,
    to: String,
    subject: String,
    body: String,
    error: String,
    reason: String,
}

#[stepwell_task::task]
fn notify_failure(failed: Failed, ctx: &Context) -> Notice {
    let output = failed.error.unwrap_or(failed.itself);
    let error = output.error.unwrap_or_else(|| "UnknownError".to_owned());
    let reason = reason(&output.cause.unwrap_or_default());
    let customer = failed.customer.unwrap_or_default();
    let name = customer.name.as_deref().unwrap_or("customer");
    let order = failed
        .order_id
        .map_or_else(|| "your order".to_owned(), |id| format!("your order {id}"));
    let body = format!(
        "Dear {name},\n\nwe are sorry: {order} could not be completed. {}\n\nDetails: {reason}\n\nYour shop\n",
        in_plain_words(&error)
    );
    ctx.warn(&format!("{order} failed: {error}"));
    Notice {
        message_id: format!("msg_{}", ctx.idempotency_key()),
        to: customer.email.unwrap_or_else(|| SHOP.to_owned()),
        subject: format!("About {}", order.lines().next().unwrap_or_default()),
        body,
        error,
        reason,
    }
}

/// The message in a cause: that of a function is the text of an object which has it as a member.
fn reason(cause: &str) -> String {
    match serde_json::from_str(cause) {
        Ok(Value::Object(mut members)) => match members.remove("errorMessage") {
            Some(Value::String(message)) => message,
            _ => cause.to_owned(),
        },
        _ => cause.to_owned(),
    }
}

fn in_plain_words(error: &str) -> &'static str {
    match error {
        "InvalidOrderError" => "Something in it is not right; please check it and order again.",
        "OutOfStockError" => "Something in it is out of stock.",
        "FraudDetectedError" => "We could not verify it; please call us.",
        "PaymentFailedError" => "Your card was not charged; please try another one.",
        "ApprovalRejected" => "It was not approved.",
        "States.Timeout" | "Sandbox.Timedout" => "It took too long; nothing was charged for good.",
        _ => "Something went wrong on our side; nothing was charged for good.",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn the_customer_reads_the_reason_in_plain_words() {
        let cause = json!({"errorType": "PaymentFailedError", "errorMessage": "card_declined: no"});
        let output = test::run(
            notify_failure,
            json!({
                "orderId": "ORD-1", "customer": {"name": "Ada", "email": "ada@example.com"},
                "error": {"Error": "PaymentFailedError", "Cause": cause.to_string()}
            }),
        )
        .unwrap();
        assert_eq!(output["to"], "ada@example.com");
        assert_eq!(output["subject"], "About your order ORD-1");
        assert_eq!(output["reason"], "card_declined: no");
        assert!(
            output["body"]
                .as_str()
                .unwrap()
                .contains("please try another one")
        );
    }

    #[test]
    fn an_error_alone_goes_to_the_shop() {
        let output = test::run(notify_failure, json!({"Error": "X", "Cause": "because"})).unwrap();
        assert_eq!(output["to"], SHOP);
        assert_eq!(
            (&output["error"], &output["reason"]),
            (&json!("X"), &json!("because"))
        );
    }

    #[test]
    fn nothing_known_is_still_a_notice() {
        let output = test::run(notify_failure, json!({})).unwrap();
        assert_eq!(output["error"], "UnknownError");
    }
}
