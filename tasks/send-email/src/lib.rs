//! Task `send-email`: writes the confirmation of an order to its customer.
//!
//! It renders the message and stops there: a task reaches no mail server unless it is granted one.
//!
//! Input: the order with the receipt at `payment_result`, or the receipt alone. Only somebody to write
//! to is needed: `customer.email`, or the receipt's `receiptEmail`.
//!
//! ```json
//! {
//!   "orderId": "ORD-1001", "customer": { "name": "Ada Byron", "email": "ada@example.com" },
//!   "items": [ { "sku": "KETTLE-01", "name": "Kettle", "quantity": 2, "unitPriceCents": 4500 } ],
//!   "payment_result": { "chargeId": "ch_1", "amountCents": 8100, "currency": "EUR", "last4": "4242" }
//! }
//! ```
//!
//! Output: the message. `messageId` is the same on every attempt.
//!
//! ```json
//! { "messageId": "msg_…", "to": "ada@example.com", "subject": "Your order ORD-1001", "body": "Dear Ada Byron, …" }
//! ```
//!
//! Fails as `InvalidRecipientError` when there is nobody to write to.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use stepwell_task::{Context, TaskError};

/// What is read of an order or a receipt.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    order_id: Option<String>,
    customer: Option<Customer>,
    #[serde(default)]
    items: Vec<Item>,
    #[serde(rename = "payment_result")]
    payment_result: Option<Receipt>,
    #[serde(flatten)]
    receipt: Receipt,
}

#[derive(Debug, Deserialize)]
struct Customer {
    name: Option<String>,
    email: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    sku: String,
    name: Option<String>,
    quantity: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Receipt {
    charge_id: Option<String>,
    amount_cents: Option<u64>,
    currency: Option<String>,
    last4: Option<String>,
    receipt_email: Option<String>,
}

/// A message, ready to go.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    message_id: String,
    to: String,
    subject: String,
    body: String,
}

/// Why no message was written.
#[derive(Debug, TaskError)]
pub enum MailError {
    /// The address, as it was given.
    #[task_error(message = "cannot write to `{0}`")]
    InvalidRecipientError(String),
}

#[stepwell_task::task]
fn send_email(order: Order, ctx: &Context) -> Result<Message, MailError> {
    let receipt = order.payment_result.unwrap_or(order.receipt);
    let customer = order.customer.unwrap_or(Customer {
        name: None,
        email: None,
    });
    let to = customer
        .email
        .or(receipt.receipt_email.clone())
        .unwrap_or_default();
    if !to.contains('@') || to.contains(char::is_whitespace) {
        return Err(MailError::InvalidRecipientError(to));
    }
    let order_id = order.order_id.as_deref().map_or("", single_line);
    let name = customer.name.as_deref().map_or("customer", single_line);
    let subject = format!("Your order {order_id}").trim_end().to_owned();
    let body = body(name, &order.items, &receipt);
    ctx.info(&format!("{} bytes for {order_id}", body.len()));
    Ok(Message {
        message_id: format!("msg_{}", ctx.idempotency_key()),
        to,
        subject,
        body,
    })
}

/// Up to the first line end: what stands in a header must not begin another one.
fn single_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn body(name: &str, items: &[Item], receipt: &Receipt) -> String {
    let mut body = format!("Dear {name},\n\nthank you for your order.\n");
    for item in items {
        let article = item.name.as_deref().unwrap_or(&item.sku);
        // Writing to a String cannot fail.
        let _ = write!(body, "\n  {} x {article}", item.quantity);
    }
    if let (Some(cents), Some(currency)) = (receipt.amount_cents, &receipt.currency) {
        let card = receipt.last4.as_deref().unwrap_or("?");
        let (whole, cents) = (cents / 100, cents % 100);
        let _ = write!(
            body,
            "\n\nWe charged {whole}.{cents:02} {currency} to your card ending in {card}"
        );
        let charge = receipt.charge_id.as_deref().unwrap_or("?");
        let _ = write!(body, " (charge {charge}).");
    }
    body.push_str("\n\nYour shop\n");
    body
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stepwell_task::test;

    use super::*;

    #[test]
    fn the_customer_reads_what_was_bought_and_charged() {
        let output = test::run(
            send_email,
            json!({
                "orderId": "ORD-1\nBcc: all@example.com",
                "customer": {"name": "Ada", "email": "ada@example.com"},
                "items": [{"sku": "KETTLE-01", "name": "Kettle", "quantity": 2, "unitPriceCents": 4500}],
                "payment_result": {"chargeId": "ch_1", "amountCents": 8_105, "currency": "EUR", "last4": "4242"}
            }),
        )
        .unwrap();
        assert_eq!(output["to"], "ada@example.com");
        assert_eq!(output["subject"], "Your order ORD-1");
        assert_eq!(output["messageId"], "msg_test-idempotency-key");
        let body = output["body"].as_str().unwrap();
        assert!(body.contains("2 x Kettle"), "{body}");
        assert!(
            body.contains("81.05 EUR to your card ending in 4242 (charge ch_1)"),
            "{body}"
        );
    }

    #[test]
    fn a_receipt_alone_is_enough() {
        let receipt = json!({
            "chargeId": "ch_1", "orderId": "O", "amountCents": 100, "currency": "EUR",
            "last4": "4242", "receiptEmail": "ada@example.com"
        });
        let output = test::run(send_email, receipt).unwrap();
        assert_eq!(output["to"], "ada@example.com");
        assert!(output["body"].as_str().unwrap().contains("1.00 EUR"));
    }

    #[test]
    fn nobody_cannot_be_written_to() {
        for email in [json!(null), json!("nobody"), json!("a@b\nBcc: c@d")] {
            let error = test::run(send_email, json!({"customer": {"email": email}})).unwrap_err();
            assert_eq!(error.error, "InvalidRecipientError");
        }
    }
}
